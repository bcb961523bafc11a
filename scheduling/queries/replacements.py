"""What a borrower can have instead when a booking lost a part of its time."""

from datetime import datetime
from enum import StrEnum

from resources.intervals import Interval
from scheduling.kinds import kinds
from scheduling.models import SharingRequest, TimeChange, TransitionLog
from scheduling.queries.alternatives import (
    SHORTEST,
    Alternative,
    other_units,
    quarter_up,
    units_in_parts,
)
from scheduling.queries.following import is_taken, longer_use
from scheduling.queries.home_zone import main_site
from scheduling.queries.rounds.of_kind import round_kind
from scheduling.queries.rounds.one_need import who_could_serve
from scheduling.queries.rounds.suitable import Found, Suitable
from scheduling.queries.rounds.wanted import Wanted
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
    REFUSED = "refused"  # declined, or not answered in time
    LOOKING = "looking"  # undecided yet, and the borrower asks who else there is


def open_time(
    sharing_request: SharingRequest, *, at_risk: bool, looking: bool = False, now: datetime
) -> tuple[Cause, Interval | None] | None:
    """For what time the borrower should look for something else (None: it claims a quantity), and
    why; None: for none.  ``looking``: whatever has become of an undecided one."""
    if sharing_request.starts_at is None:
        cause = _refused(sharing_request, looking)
        return (cause, None) if cause else None
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
    if longer_use(sharing_request):
        return Cause.CROSSED, whole
    cause = _refused(sharing_request, looking)
    return (cause, whole) if cause else None


def _refused(sharing_request: SharingRequest, looking: bool) -> Cause | None:
    if sharing_request.state in (State.DECLINED, State.LAPSED):
        return Cause.REFUSED
    return Cause.LOOKING if looking and sharing_request.state in State.PENDING else None


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


def ranked(
    sharing_request: SharingRequest, time: Interval | None, *, now: datetime
) -> tuple[Wanted | None, Found]:
    """Of others what could serve the borrower in a time, in the order of a matching round; nothing
    of a kind that the matcher leaves out."""
    if not kinds[sharing_request.kind].in_rounds:
        return None, Found()
    wanted = round_kind(sharing_request.kind).again(sharing_request, time, now)
    return wanted, who_could_serve(wanted, now=now)


def in_parts(
    sharing_request: SharingRequest, time: Interval, *, now: datetime
) -> list[Alternative]:
    """Where nothing is free for all of a time: two units in turn, or the longest parts of it.  Of a
    kind that the matcher leaves out also what is free for all of it."""
    look = units_in_parts if kinds[sharing_request.kind].in_rounds else other_units
    return look(
        resource=sharing_request.resource,
        institution=sharing_request.borrower,
        starts_at=time[0],
        ends_at=time[1],
        units=sharing_request.units,
        now=now,
        site=sharing_request.delivery_site or main_site(sharing_request.borrower),
    )


def asked_times(way: Alternative | Suitable) -> Interval:
    """A pair of units is asked for one by one: the first until the change-over."""
    return way.starts_at, getattr(way, "then_at", None) or way.ends_at
