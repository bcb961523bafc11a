"""What a borrower can have instead when a booking lost a part of its time."""

from datetime import datetime
from enum import StrEnum

from resources.intervals import Interval
from scheduling.models import SharingRequest, TimeChange, TransitionLog
from scheduling.queries.alternatives import SHORTEST, Alternative, other_units, quarter_up
from scheduling.queries.following import is_taken, longer_use
from scheduling.queries.home_zone import main_site
from scheduling.states import ChangeKind, ChangeStatus, State

EARLIER_END = (ChangeKind.RECALL, ChangeKind.SHORTENING)


def lost_time(sharing_request: SharingRequest, *, now: datetime) -> Interval | None:
    """The time still to come that was booked and is no longer: after a recall or an earlier end,
    or all of it when the owner cancelled.  One query for an open booking."""
    if sharing_request.starts_at is None:
        return None  # it claimed a quantity
    if sharing_request.state == State.CANCELLED:
        times = _cancelled_by_owner(sharing_request)
    else:
        times = _ends_earlier(sharing_request)
    if times is None:
        return None
    first, last = max(times[0], quarter_up(now)), times[1]
    return (first, last) if last - first >= SHORTEST else None


class Cause(StrEnum):
    """Why a borrower should look for something else."""

    LOST = "lost"  # recalled, ended earlier, called off by the owner
    AT_RISK = "at_risk"  # the device is not back yet
    TAKEN = "taken"  # an undecided request whose time somebody else has by now
    CROSSED = "crossed"  # an undecided request whose time a longer use would take


def open_time(
    sharing_request: SharingRequest, *, at_risk: bool, now: datetime
) -> tuple[Cause, Interval] | None:
    """For what time the borrower should look for something else, and why; None: for none."""
    lost = lost_time(sharing_request, now=now)
    if lost is not None:
        return Cause.LOST, lost
    whole = whole_time(sharing_request, now=now)
    if whole is None:
        return None
    if at_risk:
        return Cause.AT_RISK, whole
    if is_taken(sharing_request):
        return Cause.TAKEN, whole
    return (Cause.CROSSED, whole) if longer_use(sharing_request) else None


def whole_time(sharing_request: SharingRequest, *, now: datetime) -> Interval | None:
    """All of its time that is still to come."""
    if sharing_request.starts_at is None:
        return None
    first, last = max(sharing_request.starts_at, quarter_up(now)), sharing_request.ends_at
    return (first, last) if last - first >= SHORTEST else None


def _ends_earlier(sharing_request) -> Interval | None:
    changes = TimeChange.objects.of(sharing_request).filter(
        kind__in=EARLIER_END, status=ChangeStatus.AGREED
    )
    ends = [change.old_ends_at for change in changes if change.old_ends_at]
    last = max(ends, default=sharing_request.ends_at)
    return (sharing_request.ends_at, last) if last > sharing_request.ends_at else None


def _cancelled_by_owner(sharing_request) -> Interval | None:
    steps = TransitionLog.objects.of(sharing_request).filter(transition="cancel_by_owner")
    return (sharing_request.starts_at, sharing_request.ends_at) if steps.exists() else None


def replacements(
    sharing_request: SharingRequest, lost: Interval, *, now: datetime
) -> list[Alternative]:
    """Units that the borrower may ask for in the lost time, as the search ranks them."""
    return other_units(
        resource=sharing_request.resource,
        institution=sharing_request.borrower,
        starts_at=lost[0],
        ends_at=lost[1],
        units=sharing_request.units,
        now=now,
        site=sharing_request.delivery_site or main_site(sharing_request.borrower),
    )


def asked_times(way: Alternative) -> Interval:
    """A pair of units is asked for one by one: the first until the change-over."""
    return way.starts_at, way.then_at or way.ends_at
