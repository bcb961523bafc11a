"""The slow and obvious reference of working_time: it looks at every minute, one by one."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import groupby

MINUTE = timedelta(minutes=1)
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)


def number_of(moment):
    return int((moment - EPOCH) / MINUTE)


class Minutes:
    """Every minute of a time: who works in it, who is bound, and what the wall clock says."""

    def __init__(self, duty, others, limits, zone, first, last):
        self.duty, self.others, self.limits = duty, others, limits
        self.span = range(number_of(first), number_of(last))
        self.clock = {m: (EPOCH + m * MINUTE).astimezone(zone) for m in self.span}
        self.worked = {m for each in [duty, *others] for m in worked(each)}
        self.bound = {m for each in [duty, *others] for m in bound(each)}
        self.by_day = Counter(self.day(m) for m in self.worked)

    def day(self, minute):
        return self.clock[minute].date()

    def monday(self, minute):
        day = self.day(minute)
        return day - timedelta(days=day.weekday())

    def breaches(self):
        """{(measure, level, minutes, limit in minutes, day)}"""
        found = [self.overlap(), self.short_day(), self.no_break(), self.night()]
        touched = {self.day(m) for m in whole(self.duty)}
        found += [self.long_day(day) for day in touched]
        mondays = {self.monday(m) for m in whole(self.duty)}
        found += [self.long_week(monday) for monday in mondays]
        found += [self.short_week(monday) for monday in mondays]
        found += [self.long_month(day) for day in {day.replace(day=1) for day in touched}]
        return {breach for breach in found if breach}

    def first_day(self):
        return self.day(whole(self.duty)[0])

    def overlap(self):
        common = sum(m in bound(other) for other in self.others for m in bound(self.duty))
        return ("overlap", "block", common, 0, self.first_day()) if common else None

    def long_day(self, day):
        minutes = self.by_day[day]
        for level in ("block", "warn"):
            limit = getattr(self.limits, f"daily_{level}_hours") * 60
            if limit and minutes > limit:
                return ("day", level, minutes, limit, day)
        return None

    def weeks_until(self, monday):
        earliest = monday - timedelta(weeks=self.limits.reference_weeks - 1)
        return earliest, monday + timedelta(weeks=1)

    def long_week(self, monday):
        earliest, end = self.weeks_until(monday)
        minutes = sum(number for day, number in self.by_day.items() if earliest <= day < end)
        average, limit = minutes / self.limits.reference_weeks, self.limits.weekly_average_hours
        if limit and average > limit * 60:
            return ("week", self.limits.weekly_level.value, average, limit * 60, monday)
        return None

    def long_month(self, month):
        """Every minute after the standard of its day or of its week is overtime."""
        of_day, of_week, overtime = Counter(), Counter(), 0
        for minute in sorted(self.worked):
            day, monday = self.day(minute), self.monday(minute)
            if (
                of_day[day] < self.limits.daily_standard_hours * 60
                and of_week[monday] < self.limits.weekly_standard_hours * 60
            ):
                of_day[day] += 1
                of_week[monday] += 1
            elif (day.year, day.month) == (month.year, month.month):
                overtime += 1
        limit = self.limits.monthly_overtime_hours * 60
        return ("month", "block", overtime, limit, month) if limit and overtime > limit else None

    def free_runs(self, minutes):
        runs = groupby(minutes, key=lambda m: m not in self.bound)
        return [list(run) for free, run in runs if free]

    def short_week(self, monday):
        least = int(self.limits.weekly_rest_hours * 60)
        week, longest = {m for m in self.span if self.monday(m) == monday}, 0
        for run in self.free_runs(range(min(week), max(week) + 1 + least)):
            inside = [m for m in run if m in week]
            if run[0] in week:
                longest = max(longest, len(run if 2 * len(inside) >= least else inside))
        if least and longest < least:
            return ("weekly_rest", "block", longest, least, monday)
        return None

    def short_day(self):
        least, worst = self.limits.daily_rest_hours * 60, None
        for minute in self.beginnings():
            day = range(minute, minute + 24 * 60)
            rest = max(map(len, self.free_runs(day)), default=0)
            touched = any(m in day for m in bound(self.duty))
            if touched and rest < least and (worst is None or rest < worst[0]):
                worst = (rest, self.day(minute))
        if worst is None:
            return None
        return ("daily_rest", self.limits.daily_rest_level.value, worst[0], least, worst[1])

    def beginnings(self):
        """The first minute of a shift after each rest."""
        shifts = {m for each in [self.duty, *self.others] for m in whole(each)}
        waiting = False
        for minute in self.span:
            waiting = waiting or (minute in self.bound and minute - 1 not in self.bound)
            if waiting and minute in shifts:
                waiting = False
                yield minute

    def no_break(self):
        limit = self.limits.break_after_hours
        taken, needed = self.duty.break_minutes, self.limits.break_minutes
        if limit and len(whole(self.duty)) > limit * 60 and taken < needed:
            return ("break", "warn", taken, needed, self.first_day())
        return None

    def at_night(self, each):
        nights = Counter()
        for minute in worked(each):
            clock, (start, end) = self.clock[minute], self.night_hours()
            late, early = clock.time() >= start > end, clock.time() < end
            if late or (early and (start > end or clock.time() >= start)):
                nights[clock.date() - timedelta(days=early)] += 1
        return max(nights.values(), default=0) >= 180

    def night_hours(self):
        return self.limits.night_from, self.limits.night_until

    def night(self):
        limit = self.limits.night_average_hours * 60
        if not limit or not self.at_night(self.duty):
            return None
        mondays = {self.monday(m) for m in whole(self.duty)}
        period = self.weeks_until(min(mondays))[0], self.weeks_until(max(mondays))[1]
        lengths = [
            len(worked(each))
            for each in [self.duty, *self.others]
            if period[0] <= self.day(whole(each)[0]) < period[1] and self.at_night(each)
        ]
        mean = sum(lengths) // len(lengths)
        return ("night", "warn", mean, limit, self.first_day()) if mean > limit else None


def whole(duty):
    return range(number_of(duty.starts_at), number_of(duty.ends_at))


def worked(duty):
    minutes = list(whole(duty))
    before = (len(minutes) - duty.break_minutes) // 2
    return set(minutes[:before] + minutes[before + duty.break_minutes :])


def bound(duty):
    first, last = number_of(duty.starts_at), number_of(duty.ends_at)
    return range(first - duty.travel_minutes, last + duty.travel_minutes)
