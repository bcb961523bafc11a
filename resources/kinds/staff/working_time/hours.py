"""Worked hours by local day, week and month, and what of them is overtime."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from resources.intervals import DAY, merge
from resources.kinds.staff.working_time.calendar import (
    bounds_of_day,
    days_of,
    days_of_month,
    monday_of,
    within,
)
from resources.kinds.staff.working_time.facts import Duty, Limits

NOTHING = timedelta(0)
Days = dict[date, timedelta]


def hours(number: float) -> timedelta:
    return timedelta(hours=number)


def worked_by_day(duties: Iterable[Duty], zone: ZoneInfo) -> Days:
    """Worked time of each local day; what two employers count twice is counted once."""
    days: Days = defaultdict(timedelta)
    for interval in merge(part for duty in duties for part in duty.worked):
        for day in days_of(interval, zone):
            days[day] += within(interval, bounds_of_day(day, zone))
    return days


def in_week(days: Days, monday: date) -> timedelta:
    return sum((days.get(monday + DAY * number, NOTHING) for number in range(7)), NOTHING)


def average_of_weeks(days: Days, monday: date, weeks: int) -> timedelta:
    """Per week, over the reference period that ends with this week."""
    mondays = (monday - 7 * DAY * number for number in range(weeks))
    return sum((in_week(days, each) for each in mondays), NOTHING) / weeks


def overtime_by_day(days: Days, monday: date, limits: Limits) -> Days:
    """What of each day of a week is overtime: beyond the standard day, and beyond the standard
    week counted from Monday on, never both for the same hour."""
    standard_day, left = hours(limits.daily_standard_hours), hours(limits.weekly_standard_hours)
    found: Days = {}
    for number in range(7):
        day = monday + DAY * number
        worked = days.get(day, NOTHING)
        ordinary = min(worked, standard_day, left)
        left -= ordinary
        found[day] = worked - ordinary
    return found


def overtime_of_month(days: Days, day: date, limits: Limits) -> timedelta:
    """Overtime of the local month that holds a day (劳动法 §41)."""
    month = list(days_of_month(day))
    total = NOTHING
    for monday in sorted({monday_of(each) for each in month}):
        of_week = overtime_by_day(days, monday, limits)
        total += sum((of_week[each] for each in of_week if each.month == day.month), NOTHING)
    return total
