"""Seconds of days out of intervals: clipped, overlaps counted once (or up to the units there are).

Moments are whole seconds since 1970.  A span is ``(first, last, units)``, half-open.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from resources.intervals import day_bounds

Span = tuple[int, int, int]
DAY = timedelta(days=1)


class Days:
    """The local days from ``first`` to ``last`` of one zone: 23, 24 or 25 hours each."""

    def __init__(self, first: date, last: date, zone: ZoneInfo):
        number = (last - first).days + 1
        self.days = [first + DAY * place for place in range(number)]
        self.cuts = [int(day_bounds(day, zone)[0].timestamp()) for day in self.days]
        self.cuts.append(int(day_bounds(last, zone)[1].timestamp()))

    def of(self, moment: int) -> date | None:
        """The day in which a moment lies, if it is one of these."""
        place = bisect_right(self.cuts, moment) - 1
        return self.days[place] if 0 <= place < len(self.days) else None

    def split(self, first: int, last: int) -> Iterator[tuple[date, int]]:
        """(day, seconds) of an interval."""
        place = max(bisect_right(self.cuts, first) - 1, 0)
        while place < len(self.days) and self.cuts[place] < last:
            length = min(last, self.cuts[place + 1]) - max(first, self.cuts[place])
            if length > 0:
                yield self.days[place], length
            place += 1


def levels(spans: Iterable[Span], cap: int) -> list[Span]:
    """How many units at once, at most ``cap``: in order, without overlaps, without zeros."""
    steps: dict[int, int] = defaultdict(int)
    for first, last, units in spans:
        if first < last:
            steps[first] += units
            steps[last] -= units
    found: list[Span] = []
    level, since = 0, 0
    for at in sorted(steps):
        if level > 0:
            found.append((since, at, min(level, cap)))
        level += steps[at]
        since = at
    return found


def without(spans: list[Span], taken: list[Span]) -> list[Span]:
    """The units of ``spans`` that ``taken`` leaves; both as ``levels`` makes them."""
    cuts = sorted({moment for span in (*spans, *taken) for moment in span[:2]})
    return _met(spans, taken, cuts, lambda here, there: max(here - there, 0))


def within(spans: list[Span], other: list[Span]) -> list[Span]:
    """The units of ``spans`` at times at which ``other`` has some too: the smaller number."""
    cuts = sorted({moment for span in (*spans, *other) for moment in span[:2]})
    return _met(spans, other, cuts, min)


def _met(spans: list[Span], other: list[Span], cuts: list[int], level) -> list[Span]:
    found, places = [], [0, 0]
    for first, last in pairwise(cuts):
        units = level(_units_at(spans, places, 0, first), _units_at(other, places, 1, first))
        if units > 0:
            found.append((first, last, units))
    return found


def _units_at(spans: list[Span], places: list[int], which: int, moment: int) -> int:
    """Walks along: ``moment`` never goes back."""
    while places[which] < len(spans) and spans[places[which]][1] <= moment:
        places[which] += 1
    if places[which] == len(spans) or spans[places[which]][0] > moment:
        return 0
    return spans[places[which]][2]


def seconds_by_day(spans: Iterable[Span], days: Days) -> dict[date, int]:
    """Seconds × units of each day."""
    found: dict[date, int] = defaultdict(int)
    for first, last, units in spans:
        for day, length in days.split(first, last):
            found[day] += length * units
    return found
