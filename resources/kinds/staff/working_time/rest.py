"""Rest between duties, in the day and in the week; breaks; nights."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from resources.intervals import DAY, Interval, merge, subtract
from resources.kinds.staff.working_time.calendar import bounds_of_week, night_of, within
from resources.kinds.staff.working_time.facts import MINUTE, Duty, Limits
from resources.kinds.staff.working_time.hours import NOTHING, hours

FULL_DAY = timedelta(hours=24)
NIGHT_WORK = timedelta(hours=3)  # so much of a duty in the night makes it one (Dir. 2003/88 art. 2)


def busy_times(duties: Iterable[Duty]) -> list[Interval]:
    """Duties with their ways, touching ones joined."""
    return merge(duty.bound for duty in duties)


def rest_around(duty: Duty, others: Iterable[Duty]) -> tuple[timedelta | None, timedelta | None]:
    """Time between the ways of this duty and of the one before and after; None without one.

    Negative where they overlap.
    """
    starts_at, ends_at = duty.bound
    bounds = [other.bound for other in others]
    before = [last for first, last in bounds if first < starts_at]
    after = [first for first, _last in bounds if first >= starts_at]
    return (
        starts_at - max(before) if before else None,
        min(after) - ends_at if after else None,
    )


def short_days(
    duty: Duty, others: Iterable[Duty], least: timedelta
) -> Iterator[tuple[Interval, timedelta]]:
    """(24 hours, longest rest in them) where no rest of ``least`` lies in the 24 hours from the
    beginning of work, among those that the duty touches (Dir. 2003/88 art. 3).

    The way there comes before those 24 hours; the way back, and to the next duty, is no rest.
    """
    duties = [*others, duty]
    busy = busy_times(duties)
    for starts_at in _beginnings(duties, busy):
        day = (starts_at, starts_at + FULL_DAY)
        if within(duty.bound, day):
            longest = longest_rest(busy, day)
            if longest < least:
                yield day, longest


def _beginnings(duties: Iterable[Duty], busy: list[Interval]) -> Iterator[datetime]:
    """When work begins in each busy time."""
    starts = sorted(duty.starts_at for duty in duties)
    for first, last in busy:
        yield next(start for start in starts if first <= start < last)


def longest_rest(busy: list[Interval], bounds: Interval) -> timedelta:
    free = subtract([bounds], busy)
    return max((last - first for first, last in free), default=NOTHING)


def weekly_rest(busy: list[Interval], monday: date, zone: ZoneInfo, least: timedelta) -> timedelta:
    """The longest rest of a local week, at any place of it (CJEU C-306/16).

    A rest that begins in the week and lies in it by at least half of ``least`` counts whole, also
    where it ends in the next; any other as far as it lies in the week.
    """
    first, last = bounds_of_week(monday, zone)
    free = subtract([(first, last + least)], busy)
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
