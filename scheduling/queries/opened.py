"""Everything about one task: findings, our week, the rivals, and the past with the other side."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import Count, F, Q
from django.utils.translation import gettext as _

from scheduling.costs import cost_at
from scheduling.models import Handover, SharingRequest
from scheduling.queries.dealings import YEAR, dealings
from scheduling.queries.outcome import Interval, free_part, outcome
from scheduling.queries.own_week import LETTERS, OwnWeek, own_week
from scheduling.queries.task import DECIDE, Task
from scheduling.queries.tried import Tried
from scheduling.states import State
from scheduling.verdicts import finding_rows, passed_sentence

RETURNED = (State.FINISHED, State.CLOSED)
ON_TIME = Q(state__in=RETURNED, actual_ends_at__lte=F("ends_at") + timedelta(hours=1))


@dataclass(frozen=True, kw_only=True)
class History:
    """A year with one other institution: numbers of loans in both directions."""

    lent: int
    returned: int
    on_time: int
    borrowed: int
    problems: int
    dealings: list[tuple[str, list[tuple[str, str]]]]  # recalls, more time, overdue: in words


@dataclass(frozen=True, kw_only=True)
class Rival:
    """One of the competing requests as a column of the comparison."""

    letter: str
    request: SharingRequest
    returned: int
    on_time: int
    income: Decimal
    served: Interval | None

    @property
    def tone(self) -> str:
        return "letter" if self.letter == "A" else "letter letter-b"


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A task with what the decision needs."""

    task: Task
    findings: list[dict]
    passed: str
    part: Interval | None
    week: OwnWeek
    history: History
    rivals: list[Rival]
    tried: Tried | None = None


def part_of(task: Task) -> Interval | None:
    """The part that could be approved where the whole cannot."""
    return free_part(task.context, task.findings) if task.step == DECIDE else None


def suggested(task: Task, part: Interval | None) -> str:
    """The decision that is chosen beforehand."""
    if not task.findings.blocks:
        return "approve"
    return "part" if part else "counter"


def opened(
    task: Task,
    institution,
    *,
    now: datetime,
    tried: Tried | None = None,
    declined: bool = False,
) -> Opened:
    """About thirteen queries, whatever there is.  The outcome follows ``tried`` or ``declined``."""
    part = part_of(task)
    result = _result(task, part, tried, declined)
    week = own_week(
        task.request,
        institution,
        rivals=task.rivals,
        context=task.context,
        outcome=result,
        tried=tried,
    )
    returns = _returns(institution, [task.request, *task.rivals], now)
    served = {letter: (starts_at, ends_at) for letter, starts_at, ends_at in result}
    return Opened(
        task=task,
        findings=finding_rows(task.findings),
        passed=passed_sentence(task),
        part=part,
        week=week,
        history=_history(institution, task.request, returns, now),
        rivals=_rivals(task, returns, served) if task.rivals else [],
        tried=tried,
    )


def _result(task: Task, part: Interval | None, tried: Tried | None, declined: bool):
    if task.step == DECIDE:
        return outcome(task, part, tried=tried, declined=declined)
    if task.change and not task.findings.blocks:
        return [("A", task.request.starts_at, task.ends_at)]
    return []


def _returns(institution, requests, now) -> dict[int, dict]:
    """Borrower → what it had from us in a year, came back, came back in time."""
    rows = (
        SharingRequest.objects.owned_by(institution)
        .filter(
            borrower__in={row.borrower_id for row in requests},
            created_at__gte=now - YEAR,
            state__in=State.BOOKED,
        )
        .values("borrower_id")
        .annotate(
            lent=Count("pk"),
            returned=Count("pk", filter=Q(state__in=RETURNED)),
            on_time=Count("pk", filter=ON_TIME),
        )
        .order_by()
    )
    return {row["borrower_id"]: row for row in rows}


def _history(institution, request, returns, now) -> History:
    other = _other_of(request, institution).pk
    borrowed = SharingRequest.objects.borrowed_by(institution).filter(
        owner=other, created_at__gte=now - YEAR, state__in=State.BOOKED
    )
    problems = Handover.objects.concerning(institution).filter(
        Q(sharing_request__owner=other) | Q(sharing_request__borrower=other),
        problem=True,
        given_at__gte=now - YEAR,
    )
    row = returns.get(other, {})
    return History(
        lent=row.get("lent", 0),
        returned=row.get("returned", 0),
        on_time=row.get("on_time", 0),
        borrowed=borrowed.count(),
        problems=problems.count(),
        dealings=dealings(institution, _other_of(request, institution), now=now),
    )


def _other_of(request: SharingRequest, institution):
    return request.borrower if request.owner_id == institution.pk else request.owner


def _rivals(task: Task, returns, served) -> list[Rival]:
    found = []
    for letter, request in zip(LETTERS, [task.request, *task.rivals], strict=False):
        row = returns.get(request.borrower_id, {})
        found.append(
            Rival(
                letter=letter,
                request=request,
                returned=row.get("returned", 0),
                on_time=row.get("on_time", 0),
                income=income(request),
                served=served.get(letter),
            )
        )
    return found


def income(request: SharingRequest) -> Decimal:
    """What the borrower pays if it is used as it was asked for."""
    return cost_at(request, hours=round(request.hours, 4), units=request.units)


def advice(found: Opened) -> str:
    """One sentence on the rivals, or nothing."""
    served = [rival for rival in found.rivals if rival.served]
    if not served or served[0].letter != "A":
        return ""
    if len(served) == len(found.rivals):
        return _("One after the other: all of them can be served.")
    lost = _(", ").join(rival.request.borrower.name for rival in found.rivals if not rival.served)
    return _("Approving A declines %(names)s and tells them why.") % {"names": lost}
