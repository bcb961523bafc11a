"""The days that a report is about, and those that it is compared with.  A leaf: dates only."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

EARLIEST = date(2000, 1, 1)
LONGEST_DAYS = 3 * 366
A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """Both days belong to it."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def before(self) -> "Period":
        """As many days, up to the day before."""
        return Period(self.first - timedelta(days=self.days), self.first - A_DAY)

    @property
    def a_year_before(self) -> "Period":
        return Period(_a_year_before(self.first), _a_year_before(self.last))

    @property
    def step(self) -> str:
        """In which pieces it is drawn, so that there are some twenty at most."""
        if self.days <= 21:
            return "day"
        return "week" if self.days <= 140 else "month"

    def pieces(self) -> Iterator[date]:
        """First days of the days, weeks (Mondays) or months that it touches."""
        at = piece_of(self.first, self.step)
        while at <= self.last:
            yield at
            at = _next(at, self.step)


def ending(last: date, days: int) -> Period:
    return Period(last - timedelta(days=days - 1), last)


def piece_of(day: date, step: str) -> date:
    if step == "week":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if step == "month" else day


def whole_months(first: date, last: date) -> tuple[date, date] | None:
    """The first days of the first and of the last month that lie within; None where none does."""
    since = first if first.day == 1 else next_month(first)
    until = (last + A_DAY).replace(day=1)  # the month that does not lie within
    return (since, (until - A_DAY).replace(day=1)) if since < until else None


@dataclass(frozen=True, slots=True)
class Cut:
    """A span as ``months`` (first days of the first and the last, or None), the days ``more`` than
    these, and the days ``less``: of a month of which most is wanted, the rest is taken away."""

    months: tuple[date, date] | None
    more: tuple[Period, ...]
    less: tuple[Period, ...]


def cut(first: date, last: date) -> Cut:
    """So that the fewest days are read beside the months."""
    months, more, less = [], [], []
    at = first.replace(day=1)
    while at <= last:
        end = next_month(at) - A_DAY
        inside = Period(max(first, at), min(last, end))
        if 2 * inside.days > end.day:
            months.append(at)
            rest = Period(at, inside.first - A_DAY), Period(inside.last + A_DAY, end)
            less += [part for part in rest if part.days > 0]
        else:
            more.append(inside)
        at = end + A_DAY
    return Cut((months[0], months[-1]) if months else None, tuple(more), tuple(less))


def next_month(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)


def _next(at: date, step: str) -> date:
    if step == "month":
        return next_month(at)
    return at + timedelta(days=7 if step == "week" else 1)


def _a_year_before(day: date) -> date:
    """Of 29 February the 28th."""
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)
