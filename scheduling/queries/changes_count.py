"""How two institutions kept to what was agreed: recalls, extensions, late returns, counted.

Everything is read from the changes of time, the log and the returns, so that it holds whatever
has been renamed since; reports ask the same function for their facts.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, DurationField, ExpressionWrapper, F, Q, Sum

from scheduling.models import SharingRequest, TimeChange, TransitionLog
from scheduling.states import ChangeKind, ChangeStatus, State

HOUR = timedelta(hours=1)
PROMISED = "sharing_request__recall_notice_hours"
LATE = ExpressionWrapper(F("actual_ends_at") - F("ends_at"), output_field=DurationField())


@dataclass(frozen=True, kw_only=True)
class ChangeCounts:
    """Of one owner's loans to one borrower, or to all.

    ``recalls_kept`` had the notice that the offer promised, ``recalls_short`` less (crisis rules);
    ``called_off_short``: bookings that the owner cancelled later than that before they began.
    ``extensions`` were asked; the others of them agreed, refused, or ran out unanswered.
    """

    recalls_kept: int = 0
    recalls_short: int = 0
    called_off_short: int = 0
    extensions: int = 0
    agreed: int = 0
    refused: int = 0
    lapsed: int = 0
    late_returns: int = 0
    overdue_hours: float = 0.0

    @property
    def nothing(self) -> bool:
        return self == ChangeCounts()


def change_counts(
    owner, *, borrower=None, since: datetime, now: datetime, until: datetime | None = None
) -> ChangeCounts:
    """Of what was asked or ended from ``since`` to before ``until``.  Five queries."""
    until = until or now
    loans = SharingRequest.objects.owned_by(owner)
    if borrower is not None:
        loans = loans.filter(borrower=borrower)
    late, hours = _overdue(loans, since, until, now)
    return ChangeCounts(
        **_changes(loans, since, until),
        called_off_short=_called_off_short(loans, since, until),
        late_returns=late,
        overdue_hours=hours,
    )


def _changes(loans, since: datetime, until: datetime) -> dict[str, int]:
    rows = TimeChange.objects.of_scoped(loans).filter(asked_at__gte=since, asked_at__lt=until)
    recalls = rows.filter(kind=ChangeKind.RECALL).values_list("asked_at", "new_ends_at", PROMISED)
    kept = [_in_time(*recall) for recall in recalls]
    counts = rows.filter(kind=ChangeKind.EXTENSION).aggregate(
        extensions=Count("pk"),
        agreed=Count("pk", filter=Q(status=ChangeStatus.AGREED)),
        refused=Count("pk", filter=Q(status=ChangeStatus.REFUSED)),
        lapsed=Count("pk", filter=Q(status=ChangeStatus.LAPSED)),
    )
    return counts | {"recalls_kept": kept.count(True), "recalls_short": kept.count(False)}


def _in_time(said_at: datetime, holds_from: datetime, hours: int) -> bool:
    """Whether there was the notice that the offer promised, of ``hours``."""
    return holds_from - said_at >= hours * HOUR


def _called_off_short(loans, since: datetime, until: datetime) -> int:
    steps = TransitionLog.objects.of_scoped(loans).filter(
        transition="cancel_by_owner", at__gte=since, at__lt=until
    )
    said = steps.filter(old_starts_at__isnull=False).values_list("at", "old_starts_at", PROMISED)
    return [_in_time(*step) for step in said].count(False)


def _overdue(loans, since: datetime, until: datetime, now: datetime) -> tuple[int, float]:
    """What came back late in the time, and what is still out past its end."""
    returned = loans.filter(
        actual_ends_at__gt=F("ends_at"), actual_ends_at__gte=since, actual_ends_at__lt=until
    ).aggregate(late=Count("pk"), time=Sum(LATE))
    out = list(loans.filter(state=State.UNDERWAY, ends_at__lt=now).values_list("ends_at"))
    time = returned["time"] or timedelta()
    time += sum((now - ends_at for (ends_at,) in out), timedelta())
    return returned["late"] + len(out), round(time / HOUR, 1)
