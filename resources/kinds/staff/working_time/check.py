"""Puts one duty among a person's others and says which limits they no longer keep together.

Over all employers, in UTC, with the local days of the site at which the duty is.
"""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from resources.intervals import DAY, Interval, merge
from resources.kinds.staff.working_time.calendar import (
    bounds_of_day,
    bounds_of_week,
    days_of,
    days_of_month,
    meeting,
    monday_of,
    within,
)
from resources.kinds.staff.working_time.facts import (
    Assessment,
    Breach,
    Duty,
    Level,
    Limits,
    Measure,
)
from resources.kinds.staff.working_time.hours import (
    NOTHING,
    Days,
    Weeks,
    average_of,
    by_week,
    hours,
    of_month,
    overtime_by_day,
    worked_by_day,
)
from resources.kinds.staff.working_time.rest import (
    is_night,
    lacks_break,
    mean_night,
    rest_around,
    short_days,
    weekly_rest,
)

LOOK_AROUND = timedelta(days=8)  # a week's rest, and the duties that bound the rests beside


def needed(duty: Duty, limits: Limits, zone: ZoneInfo) -> Interval:
    """The time of which all other duties must be known to assess this one."""
    first, last = (each.astimezone(zone).date() for each in (duty.starts_at, duty.ends_at))
    opening = monday_of(first) - 7 * DAY * (limits.reference_weeks - 1)
    month = next(days_of_month(first))
    *_days, ending = days_of_month(last)
    return (
        bounds_of_day(min(opening, monday_of(month)), zone)[0] - LOOK_AROUND,
        bounds_of_day(ending, zone)[1] + LOOK_AROUND,
    )


def reference_period(duty: Duty, limits: Limits, zone: ZoneInfo) -> Interval:
    """The weeks over which averages are taken; the last is that of the duty."""
    first, last = (each.astimezone(zone).date() for each in (duty.starts_at, duty.ends_at))
    opening = monday_of(first) - 7 * DAY * (limits.reference_weeks - 1)
    return bounds_of_day(opening, zone)[0], bounds_of_week(monday_of(last), zone)[1]


def assess(duty: Duty, others: Iterable[Duty], limits: Limits, zone: ZoneInfo) -> Assessment:
    """``others`` are all that meet ``needed``; the duty itself is not among them."""
    known = _Known(duty, list(others), limits, zone)
    before, after = rest_around(duty, known.bounds)
    first = known.touched[0]
    monday = monday_of(first)
    at_home, elsewhere = known.week_beside(monday)
    return Assessment(
        breaches=tuple(_breaches(known, limits, zone)),
        rest_before=before,
        rest_after=after,
        week=monday,
        week_at_home=at_home,
        week_elsewhere=elsewhere,
        week_with_duty=known.weeks.get(monday, NOTHING),
        average=average_of(known.weeks, monday, limits.reference_weeks),
    )


class _Known:
    """What several of the limits look at, summed once: a search assesses two hundred people."""

    def __init__(self, duty: Duty, others: list[Duty], limits: Limits, zone: ZoneInfo):
        self.duty, self.others, self.zone = duty, others, zone
        self.bounds = [other.bound for other in others]
        self.busy = merge([*self.bounds, duty.bound])
        self.touched = list(days_of((duty.starts_at, duty.ends_at), zone))
        self.mondays = sorted({monday_of(day) for day in self.touched})
        self.days = worked_by_day([*others, duty], zone)
        self.weeks = by_week(self.days)
        overtime = overtime_by_day(self.days, limits)  # 劳动法 §41
        months = sorted({day.replace(day=1) for day in self.touched})
        self.overtime = {month: of_month(overtime, month) for month in months}

    def week_beside(self, monday: date) -> tuple[timedelta, timedelta]:
        """Worked in a local week without the duty: at home, and elsewhere."""
        first, last = bounds_of_week(monday, self.zone)
        near = [
            other
            for other, bound in zip(self.others, self.bounds, strict=True)
            if bound[0] < last and bound[1] > first
        ]
        sums = (
            by_week(worked_by_day((each for each in near if each.at_home == home), self.zone))
            for home in (True, False)
        )
        at_home, elsewhere = (weeks.get(monday, NOTHING) for weeks in sums)
        return at_home, elsewhere


def _breaches(known: _Known, limits: Limits, zone: ZoneInfo) -> Iterator[Breach]:
    yield from _overlaps(known.duty, known.bounds, known.touched[0])
    yield from _long_days(known.days, known.touched, limits)
    yield from _long_weeks(known.weeks, known.mondays, limits)
    yield from _overtime(known.overtime, limits)
    yield from _short_weeks(known.busy, known.mondays, limits, zone)
    yield from _short_days(known, limits, zone)
    yield from _breaks_and_nights(known.duty, known.others, known.mondays, limits, zone)


def _overlaps(duty: Duty, bounds: list[Interval], day: date) -> Iterator[Breach]:
    """STF-06: no two duties at one time, the ways included."""
    mine = duty.bound
    common = sum((within(mine, bound) for bound in meeting(bounds, mine)), NOTHING)
    if common:
        yield _block(Measure.OVERLAP, common, NOTHING, day)


def _long_days(days: Days, touched: list[date], limits: Limits) -> Iterator[Breach]:
    """STF-07"""
    warn, block = hours(limits.daily_warn_hours), hours(limits.daily_block_hours)
    for day in touched:
        worked = days.get(day, NOTHING)
        if block and worked > block:
            yield _block(Measure.DAY, worked, block, day)
        elif warn and worked > warn:
            yield Breach(measure=Measure.DAY, level=Level.WARN, value=worked, limit=warn, on=day)


def _long_weeks(weeks: Weeks, mondays: list[date], limits: Limits) -> Iterator[Breach]:
    """STF-08"""
    limit = hours(limits.weekly_average_hours)
    for monday in mondays if limit else ():
        average = average_of(weeks, monday, limits.reference_weeks)
        if average > limit:
            yield Breach(
                measure=Measure.WEEK,
                level=limits.weekly_level,
                value=average,
                limit=limit,
                on=monday,
            )


def _overtime(months: dict[date, timedelta], limits: Limits) -> Iterator[Breach]:
    """STF-09"""
    limit = hours(limits.monthly_overtime_hours)
    for month, overtime in months.items() if limit else ():
        if overtime > limit:
            yield _block(Measure.MONTH, overtime, limit, month)


def _short_weeks(busy, mondays: list[date], limits: Limits, zone: ZoneInfo) -> Iterator[Breach]:
    """STF-10"""
    least = hours(limits.weekly_rest_hours)
    for monday in mondays if least else ():
        longest = weekly_rest(busy, monday, zone, least)
        if longest < least:
            yield _block(Measure.WEEKLY_REST, longest, least, monday)


def _short_days(known: _Known, limits: Limits, zone: ZoneInfo) -> Iterator[Breach]:
    """STF-11; the worst of the days is enough."""
    least = hours(limits.daily_rest_hours)
    short = list(short_days(known.duty, known.others, known.busy, least)) if least else []
    if short:
        day, longest = min(short, key=lambda entry: entry[1])
        yield Breach(
            measure=Measure.DAILY_REST,
            level=limits.daily_rest_level,
            value=longest,
            limit=least,
            on=day[0].astimezone(zone).date(),
        )


def _breaks_and_nights(duty, others, mondays, limits: Limits, zone: ZoneInfo) -> Iterator[Breach]:
    """STF-12"""
    day = duty.starts_at.astimezone(zone).date()
    if lacks_break(duty, limits):
        yield Breach(
            measure=Measure.BREAK,
            level=Level.WARN,
            value=timedelta(minutes=duty.break_minutes),
            limit=timedelta(minutes=limits.break_minutes),
            on=day,
        )
    limit = hours(limits.night_average_hours)
    if not limit or not is_night(duty, limits, zone):
        return
    opening = mondays[0] - 7 * DAY * (limits.reference_weeks - 1)
    period = (bounds_of_day(opening, zone)[0], bounds_of_week(mondays[-1], zone)[1])
    mean = mean_night([*others, duty], limits, zone, period)
    if mean > limit:
        yield Breach(measure=Measure.NIGHT, level=Level.WARN, value=mean, limit=limit, on=day)


def _block(measure: Measure, value: timedelta, limit: timedelta, on: date) -> Breach:
    return Breach(measure=measure, level=Level.BLOCK, value=value, limit=limit, on=on)
