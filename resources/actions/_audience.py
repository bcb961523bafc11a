"""Which institutions a limited offer addresses: kept as rows, so that a list is one join."""

from datetime import date

from medshare_portal.models import ConsortiumMembership, Institution
from resources.enums import Visibility
from resources.models import ResourceAudience


def refresh_audience(*, resource, offer, today: date) -> int:
    """Make the audience rows of a resource those of its offer on a day; returns rows changed."""
    wanted = _addressed(offer, today) - {resource.institution_id} if offer else set()
    rows = ResourceAudience.objects.everywhere(reason="the audience is other institutions").filter(
        resource=resource
    )
    known = set(rows.values_list("institution_id", flat=True))
    if known - wanted:
        rows.filter(institution_id__in=known - wanted).delete()
    ResourceAudience.objects.bulk_create(
        [ResourceAudience(resource=resource, institution_id=pk) for pk in sorted(wanted - known)],
        ignore_conflicts=True,
    )
    return len(known ^ wanted)


def _addressed(offer, today: date) -> set[int]:
    if offer.visibility == Visibility.CONSORTIUM:
        members = ConsortiumMembership.objects.on(today).filter(
            consortium__in=offer.consortia.all(),
            institution__status=Institution.Status.ACTIVE,
        )
        return set(members.values_list("institution_id", flat=True))
    if offer.visibility == Visibility.NAMED:
        return set(offer.named_institutions.values_list("pk", flat=True))
    return set()
