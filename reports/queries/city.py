"""Bookings of the whole city for officials: counts and hours per institution, no people."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import (
    Count,
    DateTimeField,
    DurationField,
    ExpressionWrapper,
    F,
    Q,
    Sum,
    Value,
)
from django.db.models.functions import Coalesce, Greatest

from medshare_portal.models import Institution
from resources.limits import longest_blocked
from scheduling.models import SharingRequest
from scheduling.states import State

PERIOD_DAYS = 30
SHOWN_STATES = (State.REQUESTED, State.COUNTERED, State.APPROVED, State.UNDERWAY, State.FINISHED)
USED = (State.UNDERWAY, State.FINISHED, State.CLOSED)


@dataclass(kw_only=True)
class Line:
    """An institution as lender, and the hours it had from others."""

    institution: Institution
    states: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    overdue: int = 0
    unanswered: int = 0
    hours_lent: float = 0
    hours_borrowed: float = 0

    @property
    def counts(self) -> list[tuple[str, int]]:
        """(state in words, number) in the order of the spine."""
        return [(state.label, self.states[state]) for state in SHOWN_STATES]

    @property
    def open(self) -> int:
        return sum(number for _label, number in self.counts)


@dataclass(frozen=True, kw_only=True)
class CityNumbers:
    """The sums of the lines."""

    lines: list[Line]

    def total(self, name: str):
        return sum(getattr(line, name) for line in self.lines)

    @property
    def counts(self) -> list[int]:
        return [sum(line.states[state] for line in self.lines) for state in SHOWN_STATES]


def city_numbers(*, now: datetime) -> CityNumbers:
    """Four queries, whatever the size of the city."""
    directory = Institution.objects.directory().order_by("name_en", "pk")
    lines = {row.pk: Line(institution=row) for row in directory}
    for row in _open_counts(now):
        line = lines.get(row["owner"])
        if line:
            line.states[row["state"]] += row["number"]
            line.overdue += row["overdue"]
            line.unanswered += row["unanswered"]
    for side, name in (("owner", "hours_lent"), ("borrower", "hours_borrowed")):
        for row in _hours(side, now):
            if row[side] in lines and row["used"]:
                setattr(lines[row[side]], name, row["used"].total_seconds() / 3600)
    return CityNumbers(
        lines=sorted(lines.values(), key=lambda line: (-line.overdue - line.unanswered, -line.open))
    )


def _open_counts(now: datetime):
    return (
        SharingRequest.objects.in_city_view()
        .filter(state__in=SHOWN_STATES)
        .values("owner", "state")
        .annotate(
            number=Count("pk"),
            overdue=Count("pk", filter=Q(state=State.UNDERWAY, ends_at__lt=now)),
            unanswered=Count("pk", filter=Q(state__in=State.PENDING, due_at__lt=now)),
        )
        .order_by()
    )


def _hours(side: str, now: datetime):
    """Hours of actual use within the period, of what is running still until now."""
    since = now - timedelta(days=PERIOD_DAYS)
    moment = DateTimeField()
    until = Coalesce(F("actual_ends_at"), Value(now, output_field=moment))
    begin = Greatest(F("actual_starts_at"), Value(since, output_field=moment))
    used = ExpressionWrapper(until - begin, output_field=DurationField())
    return (
        SharingRequest.objects.in_city_view()
        .filter(state__in=USED, blocked_from__gt=since - longest_blocked(), blocked_from__lt=now)
        .filter(Q(actual_ends_at__isnull=True) | Q(actual_ends_at__gt=since))
        .values(side)
        .annotate(used=Sum(used))
        .order_by()
    )
