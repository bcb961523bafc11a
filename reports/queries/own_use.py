"""How much of its own devices an institution uses, hour by hour, and what that lets it lend."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from reports.forecast import Forecast, Series, Step, forecast
from reports.forecast.idle import Idle, idle_times
from resources.enums import ResourceStatus
from resources.intervals import Interval, instant_of
from resources.models import BusyBlock, Category, Equipment, Offer, Resource, UseLogEntry

WEEKS = 26
DAYS_AHEAD = 7
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SHOWN_DEVICES = 6


@dataclass(frozen=True)
class DeviceClass:
    """The listed devices of one category at an institution: resource → units."""

    category: Category
    units_of: dict[int, int]

    @property
    def units(self) -> int:
        return sum(self.units_of.values())


@dataclass(frozen=True)
class DayAhead:
    """``expected``, ``high``: units in own use, by the hour; high is exceeded one time in ten."""

    day: date
    expected: list[float]
    high: list[float]
    idle: list[Idle]


@dataclass(frozen=True)
class Outlook:
    """``days`` is empty where the past is too short for a band; ``unoffered``: devices without an
    offer, the first few; ``known_days``: how long own use was recorded."""

    known_days: int
    forecast: Forecast | None
    days: list[DayAhead]
    unoffered: list[Resource]

    @property
    def inside(self) -> int:
        """Percent of what came that lay within the band, in the back-test."""
        return round(100 * self.forecast.backtest.coverage)

    @property
    def idle_hours(self) -> int:
        return sum(idle.hours for day in self.days for idle in day.idle)


def device_classes(institution, *, now: datetime) -> list[DeviceClass]:
    """Those of which own use is known first, then that with the most devices."""
    rows = Equipment.objects.owned_by(institution).filter(resource__status=ResourceStatus.LISTED)
    units: dict[int, dict[int, int]] = defaultdict(dict)
    for pk, category, number in rows.values_list(
        "resource_id", "resource__category_id", "resource__units"
    ):
        units[category][pk] = number
    known = _with_a_past(institution, now - timedelta(weeks=WEEKS), now)
    found = [DeviceClass(row, units[row.pk]) for row in Category.objects.filter(pk__in=units)]
    return sorted(
        found, key=lambda row: (row.category.pk not in known, -row.units, row.category.pk)
    )


def outlook(institution, of: DeviceClass, *, now: datetime, zone: ZoneInfo) -> Outlook:
    """From the next local midnight on, by the clock of the place."""
    today = now.astimezone(zone).date()
    since = instant_of(datetime.combine(today - timedelta(weeks=WEEKS), time()), zone)
    until = instant_of(datetime.combine(today, time()), zone)
    busy = _own_use(institution, of, since, until)
    starts = [first for times in busy.values() for first, _last in times]
    unoffered = _unoffered(institution, of)
    if not starts:
        return Outlook(0, None, [], unoffered)
    first_day = max(min(starts), since).astimezone(zone).date()
    hours = hourly(busy, of.units_of, first_day, today, zone)
    made = forecast(Series(hours, Step.HOUR), 24 * (DAYS_AHEAD + 1))
    return Outlook((today - first_day).days, made, _days(made, of.units, today), unoffered)


def hourly(
    busy: dict[int, list[Interval]],
    units_of: dict[int, int],
    first_day: date,
    today: date,
    zone: ZoneInfo,
) -> np.ndarray:
    """Units in use in each hour of the wall clock from one midnight to another.  The hour that
    a clock change doubles is one hour, the one it skips is idle."""
    midnight = datetime.combine(first_day, time())
    counts = np.zeros(24 * (today - first_day).days)
    for pk, times in busy.items():
        taken = np.zeros(len(counts), dtype=bool)
        for starts_at, ends_at in times:
            first, last = (at.astimezone(zone).replace(tzinfo=None) for at in (starts_at, ends_at))
            taken[max((first - midnight) // HOUR, 0) : max(-((midnight - last) // HOUR), 0)] = True
        counts += taken * units_of[pk]
    return counts


def _records(institution, since: datetime, until: datetime) -> tuple:
    """Times in which devices were not to be had, because their owner needed them."""
    blocks = BusyBlock.objects.owned_by(institution).overlapping(since, until)
    uses = UseLogEntry.objects.owned_by(institution).filter(
        starts_at__lt=until, ends_at__gt=since, use=UseLogEntry.Use.OWN
    )
    return blocks, uses


def _with_a_past(institution, since: datetime, until: datetime) -> set[int]:
    return {
        category
        for rows in _records(institution, since, until)
        for category in rows.values_list("resource__category", flat=True).distinct()
    }


def _own_use(institution, of: DeviceClass, since: datetime, until: datetime):
    """Resource → its times."""
    busy: dict[int, list[Interval]] = defaultdict(list)
    for rows in _records(institution, since, until):
        found = rows.filter(resource__in=of.units_of)
        for pk, starts_at, ends_at in found.values_list("resource_id", "starts_at", "ends_at"):
            busy[pk].append((starts_at, ends_at))
    return busy


def _unoffered(institution, of: DeviceClass) -> list[Resource]:
    offered = Offer.objects.owned_by(institution).published().values("resource")
    rows = Resource.objects.owned_by(institution).filter(pk__in=of.units_of)
    return list(rows.exclude(pk__in=offered).order_by("code", "pk")[:SHOWN_DEVICES])


def _days(made: Forecast, units: int, today: date) -> list[DayAhead]:
    """The days after today; none without a band."""
    if made.high is None:
        return []
    idle = idle_times(made.high, units)
    days = []
    for number in range(1, DAYS_AHEAD + 1):
        hours = slice(24 * number, 24 * (number + 1))
        mine = [row for row in idle if hours.start <= row.first < hours.stop]
        days.append(
            DayAhead(
                today + number * DAY,
                np.minimum(made.expected[hours], units).tolist(),
                np.minimum(made.high[hours], units).tolist(),
                mine,
            )
        )
    return days
