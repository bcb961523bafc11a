"""Whether a person has asked for the same unit and time before, and no person has answered."""

from django.db.models import BigIntegerField, DateTimeField, Q

from medshare_portal.db.prepared import Bind, Prepared
from resources.limits import longest_buffers
from scheduling.models import SharingRequest
from scheduling.states import State

KEY, MOMENT = BigIntegerField(), DateTimeField()
_SAME = Prepared(
    lambda: (
        SharingRequest.objects.borrowed_by(Bind("borrower", KEY))
        .filter(
            Q(state=State.REQUESTED) | Q(state=State.APPROVED, decided_automatically=True),
            resource=Bind("resource", KEY),
            created_by=Bind("by", KEY),
            starts_at=Bind("starts_at", MOMENT),
            ends_at=Bind("ends_at", MOMENT),
            units=Bind("units", KEY),
            # What is true anyway: so it is found by its time, and not among all that waits.
            blocked_from__range=(Bind("earliest", MOMENT), Bind("starts_at", MOMENT)),
        )
        .order_by("pk")
        .values_list("pk", "purpose")
    )
)


def same_wishes(resource, borrower, terms, by) -> list[tuple[int, str]]:
    """(key, purpose) of what ``by`` asked for these units and this time and no person decided."""
    return _SAME.rows(
        borrower=borrower.pk,
        resource=resource.pk,
        by=by.pk,
        starts_at=terms.starts_at,
        ends_at=terms.ends_at,
        units=terms.units,
        earliest=terms.starts_at - longest_buffers(),
    )
