"""How two institutions kept to what was agreed: recalls, extensions, late returns, counted.

Everything is read from the changes of time, the log and the returns, so that it holds whatever
has been renamed since; reports ask the same function for their facts.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, Q

from scheduling.models import SharingRequest, TimeChange, TransitionLog
from scheduling.states import ChangeKind, ChangeStatus, Side, State, Suspension

HOUR = timedelta(hours=1)
OWNER = "sharing_request__owner"
PROMISED = "sharing_request__recall_notice_hours"
# A quantity has no start; of access that was opened the owner's end is a return.
OFF = (
    Q(transition="cancel_by_owner")
    | Q(transition="return", side=Side.OWNER, old_starts_at__isnull=True)
    | Q(transition="suspend", data__why=Suspension.RECALLED_LOT.value)
)


@dataclass(frozen=True, kw_only=True)
class ChangeCounts:
    """Of one owner's loans to one borrower, or to all.

    ``recalls_kept`` had the notice that the offer promised, ``recalls_short`` less (crisis rules);
    ``called_off_short``: bookings that the owner cancelled later than that before they began.
    ``taken_back``: packs or access that the owner took back after its yes; ``stopped``: requests
    on hold because the lot was recalled, which is nobody's choice.
    ``extensions`` were asked; the others of them agreed, refused, ran out unanswered, or
    ``overtaken`` by somebody who set an earlier end: by the owner's recall or the borrower itself.
    """

    recalls_kept: int = 0
    recalls_short: int = 0
    called_off_short: int = 0
    taken_back: int = 0
    stopped: int = 0
    extensions: int = 0
    agreed: int = 0
    refused: int = 0
    lapsed: int = 0
    overtaken: int = 0
    late_returns: int = 0
    overdue_hours: float = 0.0

    @property
    def nothing(self) -> bool:
        return self == ChangeCounts()


def change_counts(
    owner, *, borrower=None, since: datetime, now: datetime, until: datetime | None = None
) -> ChangeCounts:
    """Of what was asked or ended from ``since`` to before ``until``.  Three queries."""
    loans = SharingRequest.objects.owned_by(owner)
    if borrower is not None:
        loans = loans.filter(borrower=borrower)
    return _by_owner(loans, since, until or now, now).get(owner.pk, ChangeCounts())


def with_each_other(here, other, *, since: datetime, now: datetime) -> tuple:
    """(what we lent them, what they lent us).  Three queries."""
    loans = SharingRequest.objects.concerning(here).filter(Q(owner=other) | Q(borrower=other))
    found = _by_owner(loans, since, now, now)
    return found.get(here.pk, ChangeCounts()), found.get(other.pk, ChangeCounts())


def _by_owner(loans, since: datetime, until: datetime, now: datetime) -> dict[int, ChangeCounts]:
    counts: dict[int, Counter] = defaultdict(Counter)
    _count_changes(counts, loans, since, until)
    _count_steps(counts, loans, since, until)
    _count_late(counts, loans, since, until, now)
    return {
        owner: ChangeCounts(**found | {"overdue_hours": round(found["overdue_hours"], 1)})
        for owner, found in counts.items()
    }


def _count_changes(counts, loans, since: datetime, until: datetime) -> None:
    rows = TimeChange.objects.of_scoped(loans).filter(
        asked_at__gte=since,
        asked_at__lt=until,
        kind__in=(ChangeKind.EXTENSION, ChangeKind.RECALL),
    )
    said = rows.values_list(
        OWNER, "kind", "status", "decided_by", "asked_at", "new_ends_at", PROMISED
    )
    for owner, kind, status, decided_by, asked_at, new_ends_at, hours in said:
        if kind == ChangeKind.EXTENSION:
            counts[owner]["extensions"] += 1
            if status != ChangeStatus.PENDING:
                overtaken = status == ChangeStatus.LAPSED and decided_by is not None
                counts[owner]["overtaken" if overtaken else status] += 1
        else:
            kept = _in_time(asked_at, new_ends_at, hours)
            counts[owner]["recalls_kept" if kept else "recalls_short"] += 1


def _count_steps(counts, loans, since: datetime, until: datetime) -> None:
    """What the owner called off or took back, and what was stopped for everybody's safety."""
    steps = TransitionLog.objects.of_scoped(loans).filter(OFF, at__gte=since, at__lt=until)
    said = steps.values_list(OWNER, "transition", "at", "old_starts_at", PROMISED)
    for owner, transition, at, starts_at, hours in said:
        if transition == "suspend":
            counts[owner]["stopped"] += 1
        elif starts_at is None:
            counts[owner]["taken_back"] += 1
        else:
            counts[owner]["called_off_short"] += not _in_time(at, starts_at, hours)


def _in_time(said_at: datetime, holds_from: datetime, hours: int) -> bool:
    """Whether there was the notice that the offer promised, of ``hours``."""
    return holds_from - said_at >= hours * HOUR


def _count_late(counts, loans, since: datetime, until: datetime, now: datetime) -> None:
    """What came back late in the time, and what is still out past its end."""
    returned = Q(
        actual_ends_at__gt=F("ends_at"), actual_ends_at__gte=since, actual_ends_at__lt=until
    )
    late = loans.filter(returned | Q(state=State.UNDERWAY, ends_at__lt=now))
    for owner, ends_at, back_at in late.values_list("owner", "ends_at", "actual_ends_at"):
        counts[owner]["late_returns"] += 1
        counts[owner]["overdue_hours"] += ((back_at or now) - ends_at) / HOUR
