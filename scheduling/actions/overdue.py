"""Late returns and bookings that nobody collects: what time itself brings."""

from datetime import datetime, timedelta

from django.db import transaction

from medshare_portal import policy
from scheduling import notices
from scheduling.actions._lock import REASON
from scheduling.actions._move import IllegalTransition
from scheduling.actions.clocks import RELATED, goes_up, reached
from scheduling.actions.handovers import NotBackYet, no_show
from scheduling.models import Handover, SharingRequest
from scheduling.queries.at_risk import at_risk_by
from scheduling.states import Side, Stage, State


def escalate_overdue(*, now: datetime) -> int:
    """Tell both sides, once per level of the policy pack, and whom it puts at risk (EQ-11)."""
    levels = policy.current().request.overdue_after_hours
    done = 0
    for row in _rows().overdue(now).select_related(*RELATED).order_by("pk"):
        level = reached(levels, row.ends_at, now)
        if level > row.overdue_level:
            with transaction.atomic():
                done += _escalate(row, level, now)
    return done


def _escalate(row, level: int, now: datetime) -> int:
    taken = _rows().filter(pk=row.pk, state=State.UNDERWAY, overdue_level=row.overdue_level)
    if not taken.update(overdue_level=level):
        return 0
    key = f"{row.ends_at:%Y%m%dT%H%M} level {level}"  # late again after more time is late anew
    notices.send("overdue", row, now=now, key=key, wide=goes_up(level))
    for booking in at_risk_by([row], now=now):
        notices.send("booking-at-risk", booking, now=now, key=f"{row.pk} {key}")
    return 1


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
