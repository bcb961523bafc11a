"""Worked hours by local day, week and month, and what of them is overtime."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from resources.intervals import DAY, merge
from resources.kinds.staff.working_time.calendar import bounds_of_day, days_of_month, monday_of
from resources.kinds.staff.working_time.facts import Duty, Limits

NOTHING = timedelta(0)
Days = dict[date, timedelta]
Weeks = dict[date, timedelta]
EARLIEST = datetime.min.replace(tzinfo=UTC)


def hours(number: float) -> timedelta:
    return timedelta(hours=number)


def worked_by_day(duties: Iterable[Duty], zone: ZoneInfo) -> Days:
    """Worked time of each local day; what two employers count twice is counted once."""
    days: Days = defaultdict(timedelta)
    day, bounds = date.min, (EARLIEST, EARLIEST)
    for first, last in merge(part for duty in duties for part in duty.worked):
        if first >= bounds[1]:  # else the day of the part before, which is the usual case
            day = first.astimezone(zone).date()
            bounds = bounds_of_day(day, zone)
        while last > bounds[1]:
            days[day] += bounds[1] - first
            day += DAY
            first, bounds = bounds[1], bounds_of_day(day, zone)
        days[day] += last - first
    return days


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
