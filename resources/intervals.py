"""Half-open intervals in UTC, and how weekly local windows become such intervals.

A leaf: no models, no clock.  An interval is a tuple ``(starts_at, ends_at)`` of aware datetimes.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from medshare_portal.local_times import instants_of

Interval = tuple[datetime, datetime]
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Window:
    """A weekly time in local clock; ``ends`` at or before ``starts`` means the next day."""

    weekday: int
    starts: time
    ends: time


@dataclass(frozen=True, slots=True)
class DayException:
    """A local date that has its own hours, or none at all (closed)."""

    day: date
    starts: time | None = None
    ends: time | None = None


def instant_of(naive: datetime, zone: ZoneInfo, *, last: bool = False) -> datetime:
    """The moment of a wall time: in a gap the gap's end, in a fold the first or the last one."""
    found = instants_of(naive, zone)
    if found:
        return found[-1] if last else found[0]
    return _end_of_gap(naive, zone)


def _end_of_gap(naive: datetime, zone: ZoneInfo) -> datetime:
    """The moment at which the clock jumps over ``naive`` (bisected to the second)."""
    late, early = (naive.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    before = early.astimezone(zone).utcoffset()
    while late - early > SECOND:
        middle = early + timedelta(seconds=(late - early) // SECOND // 2)
        if middle.astimezone(zone).utcoffset() == before:
            early = middle
        else:
            late = middle
    return late


def day_bounds(day: date, zone: ZoneInfo) -> Interval:
    """A local calendar day: 23, 24 or 25 hours."""
    midnight = time()
    return (
        instant_of(datetime.combine(day, midnight), zone),
        instant_of(datetime.combine(day + DAY, midnight), zone),
    )


def _on_day(day: date, starts: time, ends: time, zone: ZoneInfo) -> Interval:
    """A window's interval on the day on which it begins."""
    last_day = day if ends > starts else day + DAY
    return (
        instant_of(datetime.combine(day, starts), zone),
        instant_of(datetime.combine(last_day, ends), zone, last=True),
    )


def expand(
    windows: Iterable,
    exceptions: Iterable,
    zone: ZoneInfo,
    starts_on: date,
    until: date,
) -> list[Interval]:
    """The concrete intervals of a weekly pattern that begin on a day from ``starts_on`` to
    ``until`` (both included).

    An exception takes its local date and the windows that begin on it out of the pattern and
    puts its own hours there.  Touching neighbours become one interval; what a clock change
    swallows whole is left out.
    """
    by_weekday: dict[int, list] = {}
    for window in windows:
        by_weekday.setdefault(window.weekday, []).append(window)
    exceptions = [entry for entry in exceptions if starts_on <= entry.day <= until]
    special = {entry.day for entry in exceptions}
    pattern = [
        _on_day(day, window.starts, window.ends, zone)
        for day in _days(starts_on, until)
        if day not in special
        for window in by_weekday.get(day.weekday(), ())
    ]
    closed = merge(day_bounds(entry.day, zone) for entry in exceptions)
    own = [_own_hours(entry, exceptions, zone) for entry in exceptions if entry.starts is not None]
    return merge([*subtract(pattern, closed), *(part for parts in own for part in parts)])


def _days(first: date, last: date) -> Iterable[date]:
    return (first + DAY * number for number in range(max((last - first).days + 1, 0)))


def _own_hours(entry, exceptions: list, zone: ZoneInfo) -> list[Interval]:
    """An exception's hours, without what runs into another exception's date."""
    hours = [_on_day(entry.day, entry.starts, entry.ends, zone)]
    return subtract(
        hours, [day_bounds(other.day, zone) for other in exceptions if other.day != entry.day]
    )


def merge(intervals: Iterable[Interval]) -> list[Interval]:
    """Sorted, without overlaps, touching ones joined, empty ones dropped."""
    merged: list[Interval] = []
    for starts_at, ends_at in sorted(pair for pair in intervals if pair[0] < pair[1]):
        if merged and starts_at <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], ends_at))
        else:
            merged.append((starts_at, ends_at))
    return merged


def subtract(intervals: Iterable[Interval], holes: Iterable[Interval]) -> list[Interval]:
    """What of ``intervals`` lies in none of ``holes``."""
    left: list[Interval] = []
    holes = merge(holes)
    first = 0
    for starts_at, ends_at in merge(intervals):
        while first < len(holes) and holes[first][1] <= starts_at:
            first += 1
        position = starts_at
        for hole_starts, hole_ends in holes[first:]:
            if hole_starts >= ends_at:
                break
            if hole_starts > position:
                left.append((position, hole_starts))
            position = max(position, hole_ends)
        if position < ends_at:
            left.append((position, ends_at))
    return left


def clip(intervals: Iterable[Interval], starts_at: datetime, ends_at: datetime) -> list[Interval]:
    """The parts within ``[starts_at, ends_at)``."""
    cut = ((max(first, starts_at), min(last, ends_at)) for first, last in intervals)
    return [pair for pair in cut if pair[0] < pair[1]]


def total(intervals: Iterable[Interval]) -> timedelta:
    """The summed length; overlaps count once."""
    return sum((last - first for first, last in merge(intervals)), timedelta(0))


def covers(intervals: Iterable[Interval], starts_at: datetime, ends_at: datetime) -> bool:
    """Whether one of the (merged) intervals holds the whole time."""
    return any(first <= starts_at and last >= ends_at for first, last in intervals)


def overlapping_windows(windows: Iterable) -> list[tuple]:
    """Pairs of weekly windows that overlap in an ordinary week (minutes of the week, cyclic)."""
    week = 7 * 24 * 60
    spans = sorted(
        ((_minute_of_week(window), _minutes(window), window) for window in windows),
        key=lambda span: span[:2],
    )
    if len(spans) < 2:
        return []
    around = [*spans, (spans[0][0] + week, spans[0][1], spans[0][2])]
    return [
        (window, other)
        for (begin, length, window), (next_begin, _length, other) in pairwise(around)
        if begin + length > next_begin
    ]


def weekly_hours(windows: Iterable) -> float:
    """Offered hours of an ordinary week; overlaps count twice (the form refuses them)."""
    return sum(_minutes(window) for window in windows) / 60


def _minute_of_week(window) -> int:
    return window.weekday * 1440 + window.starts.hour * 60 + window.starts.minute


def _minutes(window) -> int:
    begin = window.starts.hour * 60 + window.starts.minute
    end = window.ends.hour * 60 + window.ends.minute
    return end - begin if end > begin else end - begin + 1440
