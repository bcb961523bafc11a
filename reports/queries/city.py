"""Bookings of the whole city for officials: counts and hours per institution, no people."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Count, Q

from medshare_portal.models import Institution
from reports.periods import Period
from reports.queries import numbers
from reports.queries.figures import counted_until, grouped
from reports.queries.secret_people import secret_people
from scheduling.models import SharingRequest
from scheduling.states import State

PERIOD_DAYS = 30
SHOWN_STATES = (State.REQUESTED, State.COUNTERED, State.APPROVED, State.UNDERWAY, State.FINISHED)
HOURS_OF = {"owner": "hours_lent", "borrower": "hours_borrowed"}


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
    """The sums of the lines; hours are those of the days up to ``counted_until``."""

    lines: list[Line]
    counted_until: date | None

    def total(self, name: str):
        return sum(getattr(line, name) for line in self.lines)

    @property
    def counts(self) -> list[int]:
        return [sum(line.states[state] for line in self.lines) for state in SHOWN_STATES]


def city_numbers(*, now: datetime) -> CityNumbers:
    """Four queries, whatever the size of the city and of its past."""
    directory = Institution.objects.directory().order_by("name_en", "pk")
    lines = {row.pk: Line(institution=row) for row in directory}
    for row in _open_counts(now):
        line = lines.get(row["owner"])
        if line:
            line.states[row["state"]] += row["number"]
            line.overdue += row["overdue"]
            line.unanswered += row["unanswered"]
    hours, until = _hours()
    for (side, institution), used in hours.items():
        if institution in lines:
            setattr(lines[institution], HOURS_OF[side], used)
    return CityNumbers(
        lines=sorted(
            lines.values(), key=lambda line: (-line.overdue - line.unanswered, -line.open)
        ),
        counted_until=until,
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


def _hours() -> tuple[dict[tuple[str, int], float], date | None]:
    """(side, institution) → hours of actual use in the last days that were counted."""
    last = counted_until()
    if last is None:
        return {}, None
    rows = numbers.of_city()
    first = last - timedelta(days=PERIOD_DAYS - 1)
    found = grouped(rows, first, last, by=("side", "institution_key"), only=("used",))
    secret = secret_people(Period(first, last))
    hours = {(side, key): sums.hours.used - secret.used(key, side) for (side, key), sums in found}
    return hours, last
