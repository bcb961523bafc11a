"""What the slow way looks at: rows of one institution or of all, and times on a grid."""

from collections import Counter
from datetime import date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from reports.models import UsageFact
from resources.models import BusyBlock, CommittedShift, OfferedInterval, Resource, UseLogEntry
from scheduling.models import SharingRequest

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
EVER = datetime.max.replace(tzinfo=ZoneInfo("UTC")) - 2 * DAY
CITY = ZoneInfo("Asia/Shanghai")
KEPT = {"own_use": "own", "maintenance": "planned", "repair": "unplanned"}
HELD = ("approved", "underway", "finished", "closed", "no_show")
OUT = ("underway", "finished", "closed")


def share(numerator, denominator):
    return numerator / denominator if denominator and denominator > 0 else None


def zone_of(row) -> ZoneInfo:
    site = getattr(row, "resource", row).site
    return ZoneInfo(site.time_zone)


def outcome(row) -> str:
    """In the words of the figures; "" while it is open."""
    if "recall" in {change.kind for change in row.time_changes.all()}:
        return "recalled"
    if row.state == "cancelled" and row.decision_code in ("own_need", "defect", "recalled"):
        return "recalled"
    if row.state == "cancelled" and row.decision_code == "unused":
        return "released"
    if row.state == "lapsed" and row.decision_code == "not_taken_up":
        return "missed"
    return {
        "closed": "filled", "declined": "refused", "lapsed": "too_slow", "withdrawn": "withdrawn",
        "cancelled": "cancelled", "no_show": "not_collected",
    }.get(row.state, "")  # fmt: skip


class Seen:
    """``house`` None: the whole city.  Every moment must lie on the ``step`` of the grid."""

    def __init__(self, house, first: date, last: date, now: datetime, step: timedelta = HOUR):
        self.house, self.first, self.last, self.now, self.step = house, first, last, now, step

    @property
    def of_city(self) -> bool:
        return self.house is None

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def today(self) -> date:
        return self.now.astimezone(CITY).date()

    def inside(self, moment: datetime | None, row) -> bool:
        """On one of the days, by the clock of where the thing is."""
        return moment is not None and self.on(moment.astimezone(zone_of(row)).date())

    def on(self, day: date) -> bool:
        return self.first <= day <= self.last

    def mine(self, institution) -> bool:
        return self.of_city or institution == self.house.pk

    @cached_property
    def rows(self) -> list[SharingRequest]:
        rows = SharingRequest.unscoped.filter(submitted_at__isnull=False).order_by("pk")
        related = ("resource__site", "resource__category", "resource__institution", "borrower")
        found = list(rows.select_related(*related).prefetch_related("time_changes"))
        corrections = UsageFact.unscoped.exclude(correction="").order_by("version")
        settled = {fact.request_key: fact for fact in corrections}  # the settlement's own rows
        for row in found:
            row.settled = settled.get(row.pk)
            row.back_at = row.settled.used_until if row.settled else row.actual_ends_at
        return found

    def given(self, kind: str = "") -> list[SharingRequest]:
        return [r for r in self.rows if self.mine(r.owner_id) and kind in ("", r.kind)]

    def received(self, kind: str = "") -> list[SharingRequest]:
        return [r for r in self.rows if self.mine(r.borrower_id) and kind in ("", r.kind)]

    def ended(self, rows, *outcomes: str) -> list[SharingRequest]:
        found = [r for r in rows if self.inside(r.ended_at, r)]
        return [r for r in found if outcome(r) in outcomes] if outcomes else found

    @cached_property
    def resources(self) -> list[Resource]:
        """Shared, as they are now."""
        rows = Resource.unscoped.filter(status__in=["listed", "paused"]).order_by("pk")
        rows = rows.select_related("category", "site", "equipment", "medicine_lot")
        return [row for row in rows if self.mine(row.institution_id)]

    @cached_property
    def things(self) -> list["Thing"]:
        rows = Resource.unscoped.filter(kind__in=["equipment", "staff"]).order_by("pk")
        found = [row for row in rows.select_related("site") if self.mine(row.institution_id)]
        return [Thing(row, self) for row in found]

    def hours(self, kind: str = "") -> Counter:
        """Of all things together."""
        return sum((t.hours for t in self.things if kind in ("", t.resource.kind)), Counter())

    def received_hours(self, house) -> float:
        """What one institution had from any other."""
        city = Seen(None, self.first, self.last, self.now, self.step)
        return sum(thing.hours_of(house.pk) for thing in city.things)


class Thing:
    """A device or a person, with the times of all that concerns it: (from, until, units)."""

    def __init__(self, resource: Resource, seen: Seen):
        self.resource, self.seen, self.units = resource, seen, resource.units
        self.rows = [r for r in seen.rows if r.resource_id == resource.pk and r.starts_at]

    @cached_property
    def spans(self) -> dict[str, list]:
        found = {name: [] for name in ("offered", "own", "planned", "unplanned")}
        mine = {"resource": self.resource}
        for name, rows in (
            ("offered", OfferedInterval.unscoped.filter(**mine)),
            ("own", CommittedShift.unscoped.filter(**mine)),
            ("own", UseLogEntry.unscoped.filter(use="own", **mine)),
        ):
            found[name] += [(row.starts_at, row.ends_at, self.units) for row in rows]
        for row in BusyBlock.unscoped.filter(**mine):
            found[KEPT[row.reason]].append((row.starts_at, row.ends_at, self.units))
        found["booked"] = [(r.starts_at, _until(r), r.units) for r in self.rows if r.state in HELD]
        found["used"] = [_used(r) for r in self.rows if r.state in OUT]
        found["taken"] = [_taken(r) for r in self.rows if r.state in HELD]
        for spans in found.values():
            assert all(self._on_grid(moment) for span in spans for moment in span[:2])
        return found

    def _on_grid(self, moment: datetime) -> bool:
        return moment == EVER or moment.timestamp() % self.seen.step.total_seconds() == 0

    @property
    def moments(self):
        """Those of the days, by the clock of its site."""
        zone = ZoneInfo(self.resource.site.time_zone)
        at = datetime(self.seen.first.year, self.seen.first.month, self.seen.first.day, tzinfo=zone)
        at = at.astimezone(ZoneInfo("UTC"))
        while at.astimezone(zone).date() <= self.seen.last:
            yield at
            at += self.seen.step

    @cached_property
    def hours(self) -> Counter:
        found = Counter()
        for moment in self.moments:
            found.update(self._at(moment))
        return Counter({name: n * (self.seen.step / HOUR) for name, n in found.items()})

    def _at(self, moment: datetime) -> dict[str, int]:
        at = {name: self._units(moment, name) for name in self.spans}
        kept = self._units(moment, "own", "planned", "unplanned", "taken")
        several = self.units > 1
        return {
            "offered": at["offered"], "booked": at["booked"], "used": at["used"],
            "own": at["own"], "repair": at["unplanned"],
            "down": min(at["offered"], self._units(moment, "planned", "unplanned")),
            "idle": max(at["offered"] - kept, 0),
            "load": at["used"] * several,
            "most": self.units * (several and at["used"] > 0),
        }  # fmt: skip

    def _units(self, moment: datetime, *names: str) -> int:
        spans = (span for name in names for span in self.spans[name])
        return min(sum(n for first, last, n in spans if first <= moment < last), self.units)

    def hours_of(self, borrower: int) -> float:
        rows = [_used(r) for r in self.rows if r.borrower_id == borrower and r.state in OUT]
        units = sum(
            min(sum(n for first, last, n in rows if first <= moment < last), self.units)
            for moment in (self.moments if rows else ())
        )
        return units * (self.seen.step / HOUR)

    def failures(self) -> int:
        begun = [first for first, _last, _units in self.spans["unplanned"]]
        return sum(self.seen.inside(moment, self.resource) for moment in begun)


def _until(row) -> datetime:
    return min(row.ends_at, row.ended_at) if row.state == "no_show" else row.ends_at


def _used(row) -> tuple:
    return row.actual_starts_at, row.back_at or EVER, row.units


def _taken(row) -> tuple:
    """With what is kept free before and after; the time after runs from when it is back."""
    if row.state not in OUT:
        return row.blocked_from, min(row.blocked_until, _ends(row)), row.units
    first = min(row.blocked_from, row.actual_starts_at)
    if row.back_at is None:
        return first, EVER, row.units
    return first, row.back_at + (row.blocked_until - row.ends_at), row.units


def _ends(row) -> datetime:
    return row.ended_at if row.state == "no_show" else EVER
