"""Late returns and bookings that nobody collects: what time itself brings."""

from datetime import datetime, timedelta

from django.db import transaction

from medshare_portal import policy
from scheduling import notices
from scheduling.actions._lock import REASON, lock_request
from scheduling.actions._move import IllegalTransition
from scheduling.actions.handovers import NotBackYet, no_show
from scheduling.kinds import kinds
from scheduling.models import Handover, SharingRequest
from scheduling.queries.at_risk import at_risk_by, whereabouts
from scheduling.states import Side, Stage, State


def escalate_overdue(*, now: datetime) -> int:
    """Tell both sides of a late return, once per level of the policy pack (EQ-11)."""
    return sum(
        _escalate(row, now) for row in _rows().overdue(now).order_by("pk") if _higher(row, now)
    )


def _higher(row, now: datetime) -> int:
    """The level of lateness that has come and was not told of yet, or 0."""
    if row.state != State.UNDERWAY or row.ends_at >= now:
        return 0
    level = reached(policy.current().request.overdue_after_hours, row.ends_at, now)
    return level if level > row.overdue_level else 0


def reached(hours: list[int], since: datetime, now: datetime) -> int:
    """How many of these numbers of hours have gone by."""
    passed = (now - since).total_seconds() / 3600
    return sum(passed >= limit for limit in hours)


def _escalate(row, now: datetime) -> bool:
    """Under the lock: what was returned, or got more time, at the same moment is not late."""
    with transaction.atomic():
        fresh = lock_request(row)
        level = _higher(fresh, now)
        if not level:
            return False
        _rows().filter(pk=fresh.pk).update(overdue_level=level)
        key = f"{_end(fresh)} level {level}"
        wide = level > policy.current().request.overdue_before_wide
        code = kinds[fresh.kind].notices.get("overdue", "overdue")
        notices.send(code, fresh, now=now, key=key, wide=wide)
    return True


def warn_of_risk(*, now: datetime) -> int:
    """Tell the borrowers of bookings that are at risk, as soon as they are; how many there are."""
    late = {row.resource_id: row for row in _rows().overdue(now).order_by("-ends_at", "pk")}
    return sum(_warn(row, late[row.resource_id], now) for row in at_risk_by(late.values(), now=now))


def _warn(booking, late, now: datetime) -> bool:
    with transaction.atomic():
        fresh = lock_request(booking)
        if not whereabouts([fresh], now=now).at_risk(fresh):
            return False
        notices.send("booking-at-risk", fresh, now=now, key=f"{late.pk} {_end(late)}")
    return True


def _end(row) -> str:
    """In a notice's key: late again after more time is late anew."""
    return f"{row.ends_at:%Y%m%dT%H%M}"


def mark_not_collected(*, now: datetime) -> int:
    """A booking that has not started some hours after its time is a no-show, unless the owner
    has recorded a handover that waits for its receipt, or the borrower before still has it."""
    grace = timedelta(hours=policy.current().request.no_show_grace_hours)
    given = Handover.objects.everywhere(reason=REASON).filter(stage=Stage.HANDOVER)
    rows = (
        _rows()
        .filter(state=State.APPROVED, starts_at__lte=now - grace)
        .exclude(pk__in=given.values("sharing_request"))
    )
    done = 0
    for row in rows.order_by("pk"):
        try:
            with transaction.atomic():
                no_show(sharing_request=row, side=Side.SYSTEM, by=None, now=now)
        except (IllegalTransition, NotBackYet):
            continue
        done += 1
    return done


def _rows():
    return SharingRequest.objects.everywhere(reason=REASON)
