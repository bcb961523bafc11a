"""How much of its own devices an institution uses, hour by hour, and what that lets it lend."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from reports.forecast import Series, Step, forecast
from reports.forecast.idle import Idle, idle_times, short_times
from reports.models import Forecast
from reports.queries import devices_away as away
from reports.queries.offered_week import OfferedWeek, offered_units, offered_weeks
from resources.enums import ResourceStatus
from resources.intervals import Interval, instant_of
from resources.models import BusyBlock, Category, Equipment, Offer, Resource, UseLogEntry

WEEKS = 26
DAYS_AHEAD = 7
DAYS_KEPT = DAYS_AHEAD + 3  # a night or two without the job leave the page whole
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
    """``expected``, ``high``: units in own use, by the hour; high is exceeded one time in ten.
    ``fresh``: what of the idle times is not on offer yet; ``short``: when units will lack."""

    day: date
    expected: list[float]
    high: list[float]
    idle: list[Idle]
    fresh: list[Idle]
    short: list[Idle]


@dataclass(frozen=True)
class Outlook:
    """``days`` is empty where the past is too short for a band; ``unoffered``: devices without an
    offer, the first few; ``weeks``: what the offers of the others cover."""

    forecast: Forecast | None
    days: list[DayAhead]
    unoffered: list[Resource]
    weeks: dict[int, OfferedWeek]

    @property
    def fresh_hours(self) -> int:
        """Unit hours that could be offered and are not yet."""
        return sum(idle.hours for day in self.days for idle in day.fresh)

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
    """What the last night worked out, from the next local midnight on."""
    rows = Forecast.objects.owned_by(institution).filter(category=of.category, subject="")
    row = rows.first()
    today = now.astimezone(zone).date()
    weeks = offered_weeks(institution)
    mine = {device: weeks[device] for device in of.units_of if device in weeks}
    days = []
    if row:
        there = Capacity(institution, today, zone).of(of)
        days = days_of(row, of, offered_units(mine, of.units_of), there, today)
    return Outlook(row, days, unoffered(institution, of), mine)


def foretold(institution) -> set[int]:
    """Categories whose forecast could be tried on the past."""
    rows = Forecast.objects.owned_by(institution).filter(subject="", tried_steps__gt=0)
    return set(rows.values_list("category", flat=True))


def foreseen(institution, *, now: datetime, zone: ZoneInfo) -> Iterator[tuple]:
    """(class, known days, what its hours from today's midnight on will be) of every class of
    which own use is known.  What was borrowed was needed, too."""
    today = now.astimezone(zone).date()
    since = instant_of(datetime.combine(today - timedelta(weeks=WEEKS), time()), zone)
    until = instant_of(datetime.combine(today, time()), zone)
    classes = device_classes(institution, now=now)
    busy, had = own_use(institution, since, until), away.borrowed(institution, since, until)
    for of in classes:
        mine, units_of = {pk: busy[pk] for pk in of.units_of if pk in busy}, dict(of.units_of)
        for one in had[of.category.pk]:
            mine[-one.key], units_of[-one.key] = [one.time], one.units
        if not mine:
            continue
        first = min(starts_at for times in mine.values() for starts_at, _ends_at in times)
        first_day = max(first, since).astimezone(zone).date()
        hours = hourly(mine, units_of, first_day, today, zone)
        yield of, (today - first_day).days, forecast(Series(hours, Step.HOUR), 24 * DAYS_KEPT)


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


def own_use(institution, since: datetime, until: datetime) -> dict[int, list[Interval]]:
    """Resource → its times."""
    busy: dict[int, list[Interval]] = defaultdict(list)
    for rows in _records(institution, since, until):
        for pk, starts_at, ends_at in rows.values_list("resource_id", "starts_at", "ends_at"):
            busy[pk].append((starts_at, ends_at))
    return busy


def unoffered(institution, of: DeviceClass) -> list[Resource]:
    offered = Offer.objects.owned_by(institution).published().values("resource")
    rows = Resource.objects.owned_by(institution).filter(pk__in=of.units_of)
    return list(rows.exclude(pk__in=offered).order_by("code", "pk")[:SHOWN_DEVICES])


class Capacity:
    """Units of a class that an institution will have at hand, by the hour of the days ahead: its
    own without those that are lent or out of order.  Two statements for all classes."""

    def __init__(self, institution, today: date, zone: ZoneInfo):
        self.first, self.zone = today + DAY, zone
        self.last = self.first + DAYS_AHEAD * DAY
        since, until = (
            instant_of(datetime.combine(day, time()), zone) for day in (self.first, self.last)
        )
        self.lent, self.broken = away.lent(institution, since, until), away.broken(institution)

    def of(self, of: DeviceClass) -> np.ndarray:
        units = sum(number for pk, number in of.units_of.items() if pk not in self.broken)
        gone = {
            one.key: one for pk in of.units_of.keys() - self.broken for one in self.lent.get(pk, ())
        }
        times = {key: [one.time] for key, one in gone.items()}
        units_of = {key: one.units for key, one in gone.items()}
        return units - hourly(times, units_of, self.first, self.last, self.zone)


def days_of(
    row: Forecast, of: DeviceClass, offered: np.ndarray, there: np.ndarray, today: date
) -> list[DayAhead]:
    """The days after today that were worked out; none without a band.  ``offered``: units on offer
    by the hour of the week; ``there``: units at hand by the hour from tomorrow on.  Times count
    their hours from the midnight of their day."""
    days = []
    for number in range(1, DAYS_AHEAD + 1):
        day = today + number * DAY
        first = 24 * (day - row.first_day).days
        high = np.array(row.high[first : first + 24])
        if first < 0 or len(high) < 24:
            continue
        given = offered[24 * day.weekday() : 24 * (day.weekday() + 1)]
        expected, highest = (
            np.minimum(values, of.units).tolist()
            for values in (row.expected[first : first + 24], high)
        )
        low = np.array(row.low[first : first + 24])
        days.append(
            DayAhead(
                day=day,
                expected=expected,
                high=highest,
                idle=idle_times(high, of.units),
                fresh=idle_times(high + given, of.units),
                short=short_times(low, there[24 * (number - 1) : 24 * number]),
            )
        )
    return days
