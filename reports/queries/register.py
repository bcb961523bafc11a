"""The equipment register: how each device is used, hour by hour of the week, and what stands idle.

Bounded, whatever the number of requests: a month at most, of no more than ``MOST_DEVICES``; a last
use is looked for in ``LOOKED_BACK`` only.  Which devices these are, a scoped queryset says.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from django.db.models import Max

from reports.models import UsageFact
from reports.periods import Period
from reports.queries import day_sources as sources
from reports.queries.day_numbers import Period as Days
from reports.rollups import shares, spans
from reports.rollups.spans import Span
from resources.enums import BlockReason
from resources.intervals import day_bounds
from resources.models import BusyBlock, Category, Resource, UseLogEntry
from scheduling.models import SharingRequest
from scheduling.states import State

MOST_DEVICES = 400
LONGEST = 31
LOOKED_BACK = timedelta(days=90)
IDLE_DAYS = 30
HOUR = 3600
REASON = "when a device of the register was last used; a moment per device comes out"


@dataclass(kw_only=True)
class Device:
    """Seconds of its units within the period; ``last_use``: None where none is known lately."""

    resource: Resource
    offered: int = 0
    booked: int = 0
    own_used: int = 0
    idle: int = 0
    last_use: datetime | None = None
    out: bool = False

    def idle_days(self, now: datetime) -> int | None:
        """None: longer than it was looked back."""
        if self.out:
            return 0
        return None if self.last_use is None else max((now - self.last_use).days, 0)

    def stands_idle(self, now: datetime) -> bool:
        days = self.idle_days(now)
        return days is None or days >= IDLE_DAYS


@dataclass
class Week:
    """Seconds of units by weekday and hour of the place of the device."""

    seconds: list[list[float]] = field(default_factory=lambda: [[0.0] * 24 for _ in range(7)])

    def add(self, found: list[Span], hours: "Hours") -> None:
        for first, last, units in found:
            for weekday, hour, length in hours.of(first, last):
                self.seconds[weekday][hour] += length * units


@dataclass(frozen=True)
class Hours:
    """The hours of the days of one zone, each with its place in the week."""

    first: int
    last: int
    places: list[tuple[int, int]]

    @classmethod
    def made(cls, period: Period, zone: ZoneInfo) -> "Hours":
        first, last = day_bounds(period.first, zone)[0], day_bounds(period.last, zone)[1]
        number = int((last - first).total_seconds()) // HOUR
        local = [(first + timedelta(hours=place)).astimezone(zone) for place in range(number)]
        places = [(at.weekday(), at.hour) for at in local]
        return cls(int(first.timestamp()), int(last.timestamp()), places)

    def of(self, first: int, last: int):
        first, last = max(first, self.first), min(last, self.last)
        while first < last:
            place = (first - self.first) // HOUR
            end = min(self.first + (place + 1) * HOUR, last)
            yield *self.places[place], end - first
            first = end


@dataclass(frozen=True, kw_only=True)
class Register:
    """``all``: how many devices there are, ``devices`` those that were looked at."""

    devices: list[Device]
    all: int
    period: Period
    offered: Week
    booked: Week

    @cached_property
    def shares(self) -> list[list[float | None]]:
        """Booked ÷ offered; None for hours at which nothing is offered."""
        return [
            [min(b / o, 1.0) if o else None for b, o in zip(booked, offered, strict=True)]
            for booked, offered in zip(self.booked.seconds, self.offered.seconds, strict=True)
        ]


def month_of(period: Period) -> Period:
    """The last days of a longer period."""
    return Period(max(period.first, period.last - timedelta(days=LONGEST - 1)), period.last)


def register(resources, period: Period, *, now: datetime) -> Register:
    """``resources``: a scoped queryset of devices.  A fixed number of statements."""
    rows = resources.select_related("institution", "site", "category", "equipment")
    found = list(rows.order_by("institution_id", "pk")[: MOST_DEVICES + 1])
    number = resources.count() if len(found) > MOST_DEVICES else len(found)
    devices = {row.pk: Device(resource=row) for row in found[:MOST_DEVICES]}
    month = month_of(period)
    offered, booked = Week(), Week()
    _add_times(devices, month, offered, booked)
    _add_last_use(devices, now)
    return Register(
        devices=list(devices.values()), all=number, period=month, offered=offered, booked=booked
    )


def _owners(devices: dict[int, Device]) -> set[int]:
    return {device.resource.institution_id for device in devices.values()}


def _add_times(devices: dict[int, Device], month: Period, offered: Week, booked: Week) -> None:
    days = Days(month.first, month.last)
    taken: dict[int, list[Span]] = {key: [] for key in devices}
    agreed: dict[int, list[Span]] = {key: [] for key in devices}
    for share in sources.shares_on(list(devices), _owners(devices), days):
        for spans_of, into in ((shares.booked, agreed), (shares.taken, taken)):
            if span := spans_of(share):
                into[share.resource_key].append(span)
    things = {thing.key: thing for thing in sources.things_among(list(devices), days)}
    zones: dict[str, Hours] = {}
    for key, device in devices.items():
        zone = device.resource.site.time_zone
        hours = zones.setdefault(zone, Hours.made(month, ZoneInfo(zone)))
        units = device.resource.units
        levels = spans.levels(agreed[key], units)
        booked.add(levels, hours)
        device.booked = _length(levels, hours)
        if key in things:
            _add_thing(device, things[key], taken[key], hours, offered)


def _add_thing(device: Device, thing, taken: list[Span], hours: Hours, offered: Week) -> None:
    units = thing.units
    there = spans.levels(thing.offered, units)
    offered.add(there, hours)
    kept = [span for found in thing.kept.values() for span in found]
    device.offered = _length(there, hours)
    device.own_used = _length(spans.levels(thing.kept["own_used"], units), hours)
    busy = spans.levels([*taken, *kept], units)
    device.idle = _length(spans.without(there, busy), hours)


def _length(found: list[Span], hours: Hours) -> int:
    return sum(
        max(min(last, hours.last) - max(first, hours.first), 0) * units
        for first, last, units in found
    )


def _add_last_use(devices: dict[int, Device], now: datetime) -> None:
    keys, since = list(devices), now - LOOKED_BACK
    facts = UsageFact.objects.everywhere(reason=REASON).filter(
        owner_key__in=_owners(devices), resource_key__in=keys,
        last_day__gte=since.date(), used_until__gte=since,
    )  # fmt: skip
    own = {"resource__in": keys, "ends_at__gte": since, "starts_at__lt": now}
    logged = UseLogEntry.objects.everywhere(reason=REASON).filter(**own)
    logged = logged.filter(use__in=[UseLogEntry.Use.OWN, UseLogEntry.Use.SHARED])
    blocks = BusyBlock.objects.everywhere(reason=REASON).filter(**own, reason=BlockReason.OWN_USE)
    last = [
        facts.order_by().values_list("resource_key").annotate(last=Max("used_until")),
        logged.order_by().values_list("resource_id").annotate(last=Max("ends_at")),
        blocks.order_by().values_list("resource_id").annotate(last=Max("ends_at")),
    ]
    for rows in last:
        for key, moment in rows:
            device = devices[key]
            device.last_use = max(filter(None, (device.last_use, min(moment, now))))
    out = SharingRequest.objects.everywhere(reason=REASON).filter(
        resource__in=keys, state=State.UNDERWAY
    )
    for key in out.values_list("resource_id", flat=True):
        devices[key].out = True


def classes_of(resources) -> list[Category]:
    """The classes of these devices, that with the most devices first."""
    keys = list(resources.order_by().values_list("category_id", flat=True))
    counts = {key: keys.count(key) for key in set(keys)}
    rows = Category.objects.filter(pk__in=counts)
    return sorted(rows, key=lambda row: (-counts[row.pk], row.pk))


def maintenance_due(
    devices: Sequence[Device], today: date, within: int = IDLE_DAYS
) -> list[Device]:
    """Maintenance that is overdue or due soon, the first on top."""
    until = today + timedelta(days=within)
    found = [d for d in devices if (due := d.resource.equipment.next_pm_due) and due <= until]
    return sorted(found, key=lambda d: (d.resource.equipment.next_pm_due, d.resource.pk))
