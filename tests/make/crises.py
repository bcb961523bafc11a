"""A crisis as its declaration would have left it."""

from datetime import datetime, timedelta

from django.utils import timezone

from medshare_portal.models import Crisis, CrisisAct, CrisisCategory, CrisisReach, CrisisRelaxation
from medshare_portal.models.crisis import new_token
from scheduling.models import CityApproval, SharingRequest
from scheduling.states import Priority
from tests.make.people import city_user

ALL = ("wider-visibility", "city-approval", "shorter-notice")


def crisis(
    *institutions,
    relaxed=ALL,
    kinds=("equipment",),
    categories=(),
    starts_at: datetime | None = None,
    hours: float = 24,
    ended_at: datetime | None = None,
    by=None,
    **fields,
) -> Crisis:
    """Running since a minute ago for a day, between these institutions, relaxing everything."""
    starts_at = starts_at or timezone.now() - timedelta(minutes=1)
    by = by or city_user("")
    values = {"name_en": "Flood in the south", "reason": "The southern pumps failed"}
    values |= {"notice_hours": 1, "wait_minutes": 0, "declared_by": by}
    made = Crisis.objects.create(
        token=new_token(),
        **values | fields,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=hours),
        is_open=ended_at is None,
        ended_at=ended_at,
    )
    CrisisReach.objects.bulk_create(
        CrisisReach(crisis=made, institution=one, kind=kind)
        for one in institutions
        for kind in kinds
    )
    CrisisCategory.objects.bulk_create(
        CrisisCategory(crisis=made, kind=one.kind, category=one.pk) for one in categories
    )
    CrisisRelaxation.objects.bulk_create(
        CrisisRelaxation(crisis=made, code=code) for code in relaxed
    )
    CrisisAct.objects.create(
        crisis=made, act="declared", at=starts_at, by=by, ends_at=made.ends_at, reason=made.reason
    )
    return made


def city_approval(request, crisis, **fields) -> CityApproval:
    """The city's yes to a request that is approved already: an emergency, within the crisis."""
    SharingRequest.unscoped.filter(pk=request.pk).update(priority=Priority.STAT)
    at = max(request.decided_at, crisis.starts_at)
    values = {"by": crisis.declared_by, "at": at, "reason": "Nobody answered"}
    return CityApproval.unscoped.create(
        sharing_request=request, crisis=crisis, waited_minutes=30, **values | fields
    )
