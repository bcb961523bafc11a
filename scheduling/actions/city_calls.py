"""Officials are called when an owner's time to answer an emergency is over and a crisis lets the
city approve it."""

from datetime import datetime, timedelta

from medshare_portal import crises
from scheduling import city_notices
from scheduling.actions._under_crisis import share_of
from scheduling.kinds import kinds
from scheduling.models import SharingRequest
from scheduling.relaxations.city_approval import CITY_APPROVES
from scheduling.states import Priority, State

REASON = "emergencies that the city may decide, whoever asked"


def call(*, now: datetime) -> int:
    """Tell each official once of each; returns how many emergencies wait for the city now."""
    crisis = crises.current(now)
    if crisis is None or CITY_APPROVES not in crisis.relaxed:
        return 0
    waiting = [row for row in _unanswered(crisis, now) if crisis.covers(**share_of(row))]
    for row in waiting:
        city_notices.tell_of_emergency(row, crisis, now=now)
    return len(waiting)


def _unanswered(crisis: crises.RunningCrisis, now: datetime):
    since = now - timedelta(minutes=crisis.wait_minutes)
    rows = SharingRequest.objects.everywhere(reason=REASON).filter(
        state=State.REQUESTED,
        priority=Priority.STAT,
        submitted_at__lte=since,
        kind__in=[kind.code for kind in kinds if kind.city_decides],
    )
    return rows.select_related("owner", "borrower", "resource").order_by("submitted_at", "pk")
