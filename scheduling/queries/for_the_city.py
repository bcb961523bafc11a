"""Emergencies that the city may decide now: their owners' time is over and a crisis lets it."""

from datetime import datetime, timedelta

from medshare_portal.crises import RunningCrisis
from scheduling.kinds import kinds
from scheduling.models import SharingRequest
from scheduling.relaxations.city_approval import CITY_APPROVES
from scheduling.states import Priority, State

REASON = "emergencies that the city may decide, whoever asked"


def emergencies_for_city(crisis: RunningCrisis | None, *, now: datetime) -> list[SharingRequest]:
    """The longest waiting first; one statement, none where no crisis lets the city decide."""
    if crisis is None or CITY_APPROVES not in crisis.relaxed:
        return []
    since = now - timedelta(minutes=crisis.wait_minutes)
    rows = SharingRequest.objects.everywhere(reason=REASON).filter(
        state=State.REQUESTED,
        priority=Priority.STAT,
        submitted_at__lte=since,
        kind__in=[kind.code for kind in kinds if kind.city_decides],
    )
    rows = rows.select_related("owner", "borrower", "resource").order_by("submitted_at", "pk")
    return [
        row
        for row in rows
        if crisis.covers(
            kind=row.kind,
            owner_id=row.owner_id,
            borrower_id=row.borrower_id,
            category_id=row.resource.category_id,
        )
    ]
