"""When a device is usually idle, from its own last weeks: the windows that a new offer proposes."""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from resources.intervals import Interval, Window, merge
from resources.models import UseLogEntry
from resources.occupancy import taken_times

WEEKS = 12
RARELY = WEEKS // 6  # busy in at most this many of the weeks
SHORTEST_HOURS = 4
WINDOWS_A_DAY = 2
HOUR = timedelta(hours=1)
WORKDAY = range(8, 18)


def propose_windows(resource, *, now: datetime) -> tuple[list[Window], bool]:
    """Weekly windows in the site's local time, and whether they come from history.

    Reads the last twelve weeks of bookings, blocks and recorded use.  Without any history:
    nights of working days, and weekends.
    """
    busy = _history(resource, now - timedelta(weeks=WEEKS), now)
    if not busy:
        return default_windows(), False
    zone = ZoneInfo(resource.site.time_zone)
    return low_use_windows(busy, zone) or default_windows(), True


def low_use_windows(busy: Iterable[Interval], zone: ZoneInfo) -> list[Window]:
    """The hours of the week that were busy in few weeks, as at most two windows a day."""
    counts = busy_hours(busy, zone)
    windows = []
    for weekday in range(7):
        idle = [counts[weekday, hour] <= RARELY for hour in range(24)]
        windows += [Window(weekday, time(first), time(last % 24)) for first, last in _runs(idle)]
    return windows


def busy_hours(busy: Iterable[Interval], zone: ZoneInfo) -> Counter:
    """(weekday, local hour) → on how many days something was busy in it."""
    cells = set()
    for starts_at, ends_at in merge(busy):
        moment = starts_at.astimezone(UTC)
        while moment < ends_at:
            local = moment.astimezone(zone)
            cells.add((local.date(), local.hour))
            moment += HOUR
        last = (ends_at - timedelta(microseconds=1)).astimezone(zone)
        cells.add((last.date(), last.hour))
    return Counter((day.weekday(), hour) for day, hour in cells)


def default_windows() -> list[Window]:
    """Before 8 and after 18 on working days, all day at the weekend."""
    first, last = time(WORKDAY.start), time(WORKDAY.stop)
    nights = [
        window
        for weekday in range(5)
        for window in (Window(weekday, time(0), first), Window(weekday, last, time(0)))
    ]
    return [*nights, Window(5, time(0), time(0)), Window(6, time(0), time(0))]


def _history(resource, since: datetime, now: datetime) -> list[Interval]:
    taken = taken_times([resource.pk], since, now, now=now).get(resource.pk, [])
    used = UseLogEntry.objects.owned_by(resource.institution).filter(
        resource=resource, starts_at__lt=now, ends_at__gt=since
    )
    rows = [*taken, *used.values_list("starts_at", "ends_at")]
    return [(max(first, since), min(last, now)) for first, last in rows]


def _runs(idle: list[bool]) -> list[tuple[int, int]]:
    """The longest runs of idle hours of a day, at most two, in order."""
    runs, begin = [], None
    for hour, free in enumerate([*idle, False]):
        if free and begin is None:
            begin = hour
        elif not free and begin is not None:
            runs.append((begin, hour))
            begin = None
    long = [run for run in runs if run[1] - run[0] >= SHORTEST_HOURS]
    return sorted(sorted(long, key=lambda run: run[0] - run[1])[:WINDOWS_A_DAY])
