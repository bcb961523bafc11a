"""Hours in which a site works, and counting in them.  A leaf without Django.

A week of hours on the site's own clock, and days that are otherwise: public holidays, make-up
working days (调休).  All moments are aware; a night on which the clock changes counts the minutes
that its clock really shows.  ``tests/medshare_portal/slow_minutes.py`` says the same minute by
minute.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY_MINUTES = 24 * 60
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
Hours = tuple[tuple[int, int], ...]  # half-open, in minutes of the local day
Piece = tuple[datetime, datetime]  # half-open, UTC


class NeverOpen(ValueError):
    """A week without an hour: nothing would ever fall due."""


def minutes_of(starts: time, ends: time) -> tuple[int, int]:
    """Two wall times as minutes of the day; midnight at the end is the day's end."""
    first, last = starts.hour * 60 + starts.minute, ends.hour * 60 + ends.minute
    return first, last or DAY_MINUTES


class WorkingHours:
    """The hours of one site.  ``week`` begins on Monday; ``days`` are the days that are otherwise,
    an empty one is a day off.  Raises NeverOpen."""

    def __init__(self, zone: ZoneInfo, week: Sequence[Hours], days: Mapping[date, Hours]):
        if not any(week):
            raise NeverOpen
        self.zone, self.week, self.days = zone, [merged(hours) for hours in week], dict(days)
        self._pieces: dict[date, list[Piece]] = {}

    def hours_on(self, day: date) -> Hours:
        """What is worked on a day, in minutes of its clock."""
        own = self.days.get(day)
        return self.week[day.weekday()] if own is None else merged(own)

    def pieces(self, day: date) -> list[Piece]:
        """The same as moments."""
        if day not in self._pieces:
            hours = self.hours_on(day)
            found = [
                piece
                for first, last, offset in self._clocks(day)
                for piece in _within(_moments(day, hours, offset), first, last)
            ]
            self._pieces[day] = sorted(found)
        return self._pieces[day]

    def is_open(self, moment: datetime) -> bool:
        return any(first <= moment < last for first, last in self._from(moment, days=1))

    def add(self, moment: datetime, span: timedelta) -> datetime:
        """The first moment by which ``span`` has been worked since ``moment``."""
        if span <= timedelta(0):
            return moment
        left = span
        for first, last in self._from(moment):
            worked = last - max(first, moment)
            if worked >= left:
                return max(first, moment) + left
            left -= worked
        raise NeverOpen  # not reached: the week has an hour and ``days`` are finite

    def between(self, earlier: datetime, later: datetime) -> timedelta:
        """What is worked from one moment to the other; negative when they come the other way."""
        if later < earlier:
            return -self.between(later, earlier)
        worked = timedelta(0)
        for first, last in self._from(earlier):
            if first >= later:
                break
            worked += min(last, later) - max(first, earlier)
        return worked

    def _from(self, moment: datetime, days: int | None = None) -> Iterator[Piece]:
        """The worked pieces that end after a moment, from then on (or within some days)."""
        day = moment.astimezone(self.zone).date() - DAY
        last_day = None if days is None else day + DAY * (days + 1)
        while last_day is None or day <= last_day:
            yield from (piece for piece in self.pieces(day) if piece[1] > moment)
            day += DAY

    def _clocks(self, day: date) -> list[tuple[datetime, datetime, timedelta]]:
        """(from, until, offset) around a day: one clock, or two on both sides of its change."""
        noon = datetime.combine(day, time(12), UTC)
        first, last = noon - 2 * DAY, noon + 2 * DAY
        before, after = self._offset(first), self._offset(last)
        if before == after:
            return [(first, last, before)]
        change = self._change(first, last)
        return [(first, change, before), (change, last, after)]

    def _change(self, first: datetime, last: datetime) -> datetime:
        """The minute from which the clock is another; between the two it changes once."""
        before = self._offset(first)
        while last - first > MINUTE:
            middle = first + (last - first) // (2 * MINUTE) * MINUTE
            first, last = (middle, last) if self._offset(middle) == before else (first, middle)
        return last

    def _offset(self, moment: datetime) -> timedelta:
        return moment.astimezone(self.zone).utcoffset()


def merged(hours: Hours) -> Hours:
    """In order, without overlaps."""
    found: list[list[int]] = []
    for first, last in sorted(hours):
        if found and first <= found[-1][1]:
            found[-1][1] = max(found[-1][1], last)
        elif last > first:
            found.append([first, last])
    return tuple((first, last) for first, last in found)


def _moments(day: date, hours: Hours, offset: timedelta) -> Iterator[Piece]:
    midnight = datetime.combine(day, time(0), UTC) - offset
    for first, last in hours:
        yield midnight + first * MINUTE, midnight + last * MINUTE


def _within(pieces: Iterator[Piece], first: datetime, last: datetime) -> Iterator[Piece]:
    for starts_at, ends_at in pieces:
        if max(starts_at, first) < min(ends_at, last):
            yield max(starts_at, first), min(ends_at, last)
