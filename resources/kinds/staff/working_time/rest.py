"""Rest between duties, in the day and in the week; breaks; nights."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from resources.intervals import DAY, Interval, subtract
from resources.kinds.staff.working_time.calendar import (
    bounds_of_week,
    meeting,
    night_of,
    within,
)
from resources.kinds.staff.working_time.facts import MINUTE, Duty, Limits
from resources.kinds.staff.working_time.hours import NOTHING, hours

FULL_DAY = timedelta(hours=24)
NIGHT_WORK = timedelta(hours=3)  # so much of a duty in the night makes it one (Dir. 2003/88 art. 2)


def rest_around(
    duty: Duty, bounds: Iterable[Interval]
) -> tuple[timedelta | None, timedelta | None]:
    """Time between the ways of this duty and of the one before and after; None without one.

    ``bounds`` are those of the others.  Negative where they overlap.
    """
    starts_at, ends_at = duty.bound
    before = [last for first, last in bounds if first < starts_at]
    after = [first for first, _last in bounds if first >= starts_at]
    return (
        starts_at - max(before) if before else None,
        min(after) - ends_at if after else None,
    )


def short_days(
    duty: Duty, others: list[Duty], busy: list[Interval], least: timedelta
) -> Iterator[tuple[Interval, timedelta]]:
    """(24 hours, longest rest in them) where no rest of ``least`` lies in the 24 hours from the
    beginning of work, among those that the duty touches (Dir. 2003/88 art. 3).

    ``busy`` are all duties with their ways, touching ones joined.  The way there comes before
    those 24 hours; the way back, and to the next duty, is no rest.
    """
    starts_at, ends_at = duty.bound
    for chain in meeting(busy, (starts_at - FULL_DAY, ends_at)):  # no other reaches the duty
        begins_at = _beginning([*others, duty], chain)
        day = (begins_at, begins_at + FULL_DAY)
        if within(duty.bound, day):
            longest = longest_rest(busy, day)
            if longest < least:
                yield day, longest


def _beginning(duties: Iterable[Duty], chain: Interval) -> datetime:
    """When work begins in a busy time."""
    first, last = chain
    return min(duty.starts_at for duty in duties if first <= duty.starts_at < last)


def longest_rest(busy: list[Interval], bounds: Interval) -> timedelta:
    free = subtract([bounds], meeting(busy, bounds))
    return max((last - first for first, last in free), default=NOTHING)


def weekly_rest(busy: list[Interval], monday: date, zone: ZoneInfo, least: timedelta) -> timedelta:
    """The longest rest of a local week, at any place of it (CJEU C-306/16).

    A rest that begins in the week and lies in it by at least half of ``least`` counts whole, also
    where it ends in the next; any other as far as it lies in the week.
    """
    first, last = bounds_of_week(monday, zone)
    reach = (first, last + least)
    free = subtract([reach], meeting(busy, reach))
    return max((_counted(rest, last, least) for rest in free if rest[0] < last), default=NOTHING)


def _counted(rest: Interval, week_ends_at: datetime, least: timedelta) -> timedelta:
    inside = min(rest[1], week_ends_at) - rest[0]
    return rest[1] - rest[0] if 2 * inside >= least else inside


def lacks_break(duty: Duty, limits: Limits) -> bool:
    """STF-12: a long duty without its break."""
    if not limits.break_after_hours or duty.break_minutes >= limits.break_minutes:
        return False
    return duty.ends_at - duty.starts_at > hours(limits.break_after_hours)


def is_night(duty: Duty, limits: Limits, zone: ZoneInfo) -> bool:
    """Whether at least three hours of the duty lie in a local night."""
    day = duty.starts_at.astimezone(zone).date() - DAY
    end = duty.ends_at.astimezone(zone).date()
    while day <= end:
        night = night_of(day, zone, limits.night_from, limits.night_until)
        if sum((within(part, night) for part in duty.worked), NOTHING) >= NIGHT_WORK:
            return True
        day += DAY
    return False


def mean_night(
    duties: Iterable[Duty], limits: Limits, zone: ZoneInfo, period: Interval
) -> timedelta:
    """Mean worked time of the night duties that begin in a period, to the minute."""
    lengths = [
        sum((last - first for first, last in duty.worked), NOTHING)
        for duty in duties
        if period[0] <= duty.starts_at < period[1] and is_night(duty, limits, zone)
    ]
    return sum(lengths, NOTHING) / len(lengths) // MINUTE * MINUTE if lengths else NOTHING
