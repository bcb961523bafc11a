"""The slow references of repeating uses: every day is asked, every minute is read."""

import calendar
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from scheduling.recurrence import Limits, Rule

LIMITS = Limits(most_dates=60, horizon_days=365)


def meets(rule: Rule, day: date, first: date) -> bool:
    """Whether a rule meets a day, said of that day alone."""
    if rule.frequency == "DAILY":
        return (day - first).days % rule.interval == 0
    if rule.frequency == "WEEKLY":
        weeks = (_week_of(day, rule.week_start) - _week_of(first, rule.week_start)).days // 7
        wanted = {weekday for weekday, _nth in rule.by_day} or {first.weekday()}
        return weeks % rule.interval == 0 and day.weekday() in wanted
    months = (day.year - first.year) * 12 + day.month - first.month
    return months % rule.interval == 0 and day in _of_month(rule, day, first)


def _week_of(day: date, start: int) -> date:
    return day - timedelta(days=(day.weekday() - start) % 7)


def _of_month(rule: Rule, day: date, first: date) -> list[date]:
    """The days of this day's month that the rule chooses."""
    last = calendar.monthrange(day.year, day.month)[1]
    days = [day.replace(day=number) for number in range(1, last + 1)]
    if rule.by_month_day:
        days = [
            d for d in days if d.day in rule.by_month_day or d.day - last - 1 in rule.by_month_day
        ]
    if rule.by_day:
        days = [d for d in days if any(_is_weekday(d, last, *pair) for pair in rule.by_day)]
    if not rule.by_month_day and not rule.by_day:
        days = [d for d in days if d.day == first.day]
    if rule.by_position:
        days = [
            d
            for i, d in enumerate(days)
            if i + 1 in rule.by_position or i - len(days) in rule.by_position
        ]
    return days


def _is_weekday(day: date, last: int, weekday: int, nth: int) -> bool:
    if day.weekday() != weekday:
        return False
    if nth > 0:
        return (day.day - 1) // 7 + 1 == nth
    return nth == 0 or (last - day.day) // 7 + 1 == -nth


def slowly(rule: Rule, first: date) -> list[date] | None:
    """Every day of the horizon is asked; None beyond a limit."""
    found: list[date] = []
    for offset in range(LIMITS.horizon_days + 1):
        day = first + timedelta(days=offset)
        if rule.until is not None and day > rule.until:
            return found if len(found) <= LIMITS.most_dates else None
        if meets(rule, day, first):
            found.append(day)
        if len(found) == rule.count:
            return found
    return None


def wall_minutes(zone: ZoneInfo, first: datetime, hours: int):
    """(moment, wall) of every minute, read from the zone and never computed backwards."""
    for minute in range(hours * 60):
        moment = first + timedelta(minutes=minute)
        yield moment, moment.astimezone(zone).replace(tzinfo=None)


def moment_of(wall: datetime, zone: ZoneInfo) -> datetime:
    """The first minute that shows the wall time; of a skipped one, as much after the gap as it
    lay after the gap's begin."""
    around = wall.replace(tzinfo=UTC) - timedelta(hours=16)
    before = None
    for moment, shown in wall_minutes(zone, around, 32):
        if shown == wall:
            return moment
        if shown > wall and before is not None:  # the clocks jumped over it
            last_moment, last_shown = before
            return last_moment + (wall - last_shown)
        if shown < wall:
            before = (moment, shown)
    raise AssertionError(wall)
