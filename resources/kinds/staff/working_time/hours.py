"""Worked hours by local day, week and month, and what of them is overtime."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import chain, pairwise
from zoneinfo import ZoneInfo

from resources.intervals import DAY, Interval, merge
from resources.kinds.staff.working_time.calendar import (
    bounds_of_day,
    days_of,
    monday_of,
    within,
)
from resources.kinds.staff.working_time.facts import Duty, Limits

NOTHING = timedelta(0)
Days = dict[date, timedelta]
Weeks = dict[date, timedelta]
SHIFTS_KEPT = 20_000


def hours(number: float) -> timedelta:
    return timedelta(hours=number)


def worked_by_day(duties: Iterable[Duty], zone: ZoneInfo) -> Days:
    """Worked time of each local day; what two employers count twice is counted once."""
    days: Days = defaultdict(timedelta)
    in_order = sorted(duties)
    if any(duty.ends_at > following.starts_at for duty, following in pairwise(in_order)):
        parts = parts_by_day(merge(part for duty in in_order for part in duty.worked), zone)
    else:
        parts = chain.from_iterable(_alone_by_day(*duty[:3], zone) for duty in in_order)
    for day, worked in parts:
        days[day] += worked
    return days


@lru_cache(maxsize=SHIFTS_KEPT)
def _alone_by_day(
    starts_at: datetime, ends_at: datetime, break_minutes: int, zone: ZoneInfo
) -> tuple[tuple[date, timedelta], ...]:
    """A duty beside which there is no other: most of a ward have the same few shifts."""
    duty = Duty(starts_at=starts_at, ends_at=ends_at, break_minutes=break_minutes)
    return tuple(parts_by_day(duty.worked, zone))


def parts_by_day(intervals: Iterable[Interval], zone: ZoneInfo) -> Iterator[tuple[date, timedelta]]:
    """The local days that intervals meet, and how long; a day may come twice."""
    for interval in intervals:
        for day in days_of(interval, zone):
            yield day, within(interval, bounds_of_day(day, zone))


def by_week(days: Days) -> Weeks:
    """Worked time of each local week, by its Monday."""
    weeks: Weeks = defaultdict(timedelta)
    for day, worked in days.items():
        weeks[monday_of(day)] += worked
    return weeks


def average_of(weeks: Weeks, monday: date, number: int) -> timedelta:
    """Per week, over the reference period of so many weeks that ends with this one."""
    mondays = (monday - 7 * DAY * before for before in range(number))
    return sum((weeks.get(each, NOTHING) for each in mondays), NOTHING) / number


def overtime_by_day(days: Days, limits: Limits) -> Days:
    """What of each day is overtime: beyond the standard day, and beyond the standard week
    counted from Monday on, never both for the same hour."""
    standard_day, standard_week = (
        hours(limits.daily_standard_hours),
        hours(limits.weekly_standard_hours),
    )
    found: Days = {}
    monday, left = date.min, standard_week
    for day in sorted(days):
        if monday_of(day) != monday:
            monday, left = monday_of(day), standard_week
        ordinary = min(days[day], standard_day, left)
        left -= ordinary
        found[day] = days[day] - ordinary
    return found


def of_month(days: Days, month: date) -> timedelta:
    """The sum of the local month that begins on a day."""
    year, number = month.year, month.month
    same = (each for day, each in days.items() if day.month == number and day.year == year)
    return sum(same, NOTHING)
