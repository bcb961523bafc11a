"""Local days, weeks and months of a site, as intervals in UTC: 23 and 25 hours where they are."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from resources.intervals import DAY, Interval, day_bounds, instant_of

DAYS_KEPT = 2000

bounds_of_day = lru_cache(maxsize=DAYS_KEPT)(day_bounds)


@lru_cache(maxsize=DAYS_KEPT)
def monday_of(day: date) -> date:
    return day - DAY * day.weekday()


def bounds_of_week(monday: date, zone: ZoneInfo) -> Interval:
    """From Monday's first to Sunday's last moment."""
    return bounds_of_day(monday, zone)[0], bounds_of_day(monday + 7 * DAY, zone)[0]


def days_of_month(day: date) -> Iterator[date]:
    """Every day of the day's month."""
    current = day.replace(day=1)
    while current.month == day.month:
        yield current
        current += DAY


def days_of(interval: Interval, zone: ZoneInfo) -> Iterator[date]:
    """The local days that a half-open interval meets."""
    day = interval[0].astimezone(zone).date()
    while bounds_of_day(day, zone)[0] < interval[1]:
        yield day
        day += DAY


def night_of(day: date, zone: ZoneInfo, starts: time, ends: time) -> Interval:
    """The night that begins on a local day, or after it where it begins at midnight."""
    first = day if starts > ends else day + DAY
    return (
        instant_of(datetime.combine(first, starts), zone),
        instant_of(datetime.combine(day + DAY, ends), zone, last=True),
    )


def within(interval: Interval, bounds: Interval) -> timedelta:
    """How much of an interval lies within bounds."""
    return max(min(interval[1], bounds[1]) - max(interval[0], bounds[0]), timedelta(0))


def meeting(intervals: Iterable[Interval], bounds: Interval) -> list[Interval]:
    """Those that share time with bounds, whole."""
    first, last = bounds
    return [each for each in intervals if each[0] < last and each[1] > first]
