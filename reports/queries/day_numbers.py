"""The numbers of an institution's days, counted from what they are made of.

The one place that counts: the job, the rebuilding and the verification all ask it.  What it reads
is bounded by the days and by what is open; a row of ``Numbers`` has the columns of a rollup.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from reports.queries import day_looks, day_stock
from reports.queries import day_sources as sources
from reports.rollups import shares, spans
from reports.rollups.columns import COLUMNS, POSITION, WORTH, Key
from reports.rollups.shares import Share
from reports.rollups.spans import Days, Span

Numbers = dict[Key, list[int]]
OWNER, BORROWER = "owner", "borrower"
WIDE = timedelta(days=2)  # beyond any zone's day


@dataclass(frozen=True)
class Period:
    """Local days, both included, in whatever zone a thing is."""

    first: date
    last: date

    def __post_init__(self):
        object.__setattr__(self, "_zones", {})

    def days(self, zone: str) -> Days:
        if zone not in self._zones:
            self._zones[zone] = Days(self.first, self.last, ZoneInfo(zone))
        return self._zones[zone]

    @cached_property
    def since(self) -> datetime:
        """A moment before the first day begins anywhere."""
        return datetime.combine(self.first, time(), UTC) - WIDE

    @cached_property
    def until(self) -> datetime:
        return datetime.combine(self.last, time(), UTC) + WIDE


class Sheet:
    """The rows as they are added up."""

    def __init__(self, institution: int):
        self.institution, self.rows = institution, defaultdict(lambda: [0] * len(COLUMNS))

    def add(self, day: date, side: str, what, columns: dict[str, int], currency: str = "") -> None:
        """``what`` has a kind, a category and a currency."""
        key = Key(
            day,
            self.institution,
            side,
            what.kind,
            what.category_code,
            currency or what.currency,
        )
        row = self.rows[key]
        for name, number in columns.items():
            row[POSITION[name]] += number

    def add_time(self, name: str, side: str, what, found: Iterable[Span], days: Days) -> None:
        for day, length in spans.seconds_by_day(found, days).items():
            self.add(day, side, what, {name: length})

    @property
    def numbers(self) -> Numbers:
        """Without rows in which nothing was counted."""
        return {key: row for key, row in self.rows.items() if any(row)}


def count(institution: int, first: date, last: date) -> Numbers:
    """What each of these days comes to; the days must be over everywhere."""
    period, sheet = Period(first, last), Sheet(institution)
    given = sources.shares_of(institution, OWNER, period)
    for side, found in (
        (OWNER, given),
        (BORROWER, sources.shares_of(institution, BORROWER, period)),
    ):
        for share in found:
            _add_share(sheet, side, share, period.days(share.time_zone))
        _add_times(sheet, side, found, period)
    _add_offered(sheet, given, period)
    for lot in sources.expired(institution, period):
        sheet.add(lot.day, OWNER, lot, {"packs_expired": lot.packs, "value_expired": lot.value})
    for source in (day_looks.tallies, day_stock.tallies):
        for tally in source(institution, period):
            sheet.add(tally.day, tally.side, tally, tally.columns)
    return sheet.numbers


def _add_share(sheet: Sheet, side: str, share: Share, days: Days) -> None:
    for day, added in shares.events(share, days):
        if side == BORROWER:  # what a pack cost its owner is not the receiver's to know
            added = {name: number for name, number in added.items() if name not in WORTH}
        sheet.add(day, side, share, added)


def _add_times(sheet: Sheet, side: str, found: list[Share], period: Period) -> None:
    """Booked and used, no more at once than the units there are."""
    for name, span_of in (("booked", shares.booked), ("used", shares.used)):
        groups: dict[tuple, list[Share]] = defaultdict(list)
        for share in found:
            if span_of(share) is not None:
                groups[_same(share)].append(share)
        for group in groups.values():
            cap = max(share.resource_units for share in group)
            levels = spans.levels((span_of(share) for share in group), cap)
            days = period.days(group[0].time_zone)
            sheet.add_time(name, side, group[0], levels, days)
            if name == "used" and side == OWNER and cap > 1:
                whole = [(first, last, cap) for first, last, _units in levels]
                sheet.add_time("load_used", side, group[0], levels, days)
                sheet.add_time("load_most", side, group[0], whole, days)


def _same(share: Share) -> tuple:
    """Shares whose times are added up together: one resource, one row."""
    return share.resource_key, share.category_code, share.currency, share.time_zone


def _add_offered(sheet: Sheet, given: list[Share], period: Period) -> None:
    taken: dict[int, list[Span]] = defaultdict(list)
    for share in given:
        span = shares.taken(share)
        if span is not None:
            taken[share.resource_key].append(span)
    for thing in sources.things(sheet.institution, period):
        _add_thing(sheet, thing, taken.get(thing.key, []), period.days(thing.time_zone))


def _add_thing(sheet: Sheet, thing, taken: list[Span], days: Days) -> None:
    units = thing.units
    offered = spans.levels(thing.offered, units)
    sheet.add_time("offered", OWNER, thing, offered, days)
    kept = {name: spans.levels(found, units) for name, found in thing.kept.items()}
    sheet.add_time("own_used", OWNER, thing, kept["own_used"], days)
    sheet.add_time("repair", OWNER, thing, kept["unplanned_down"], days)
    for first, _last, _units in thing.kept["unplanned_down"]:
        if day := days.of(first):
            sheet.add(day, OWNER, thing, {"failures": 1})
    if not offered:
        return
    planned = spans.without(kept["planned_down"], kept["unplanned_down"])  # each hour is lost once
    down = {"planned_down": planned, "unplanned_down": kept["unplanned_down"]}
    for name, lost in down.items():
        sheet.add_time(name, OWNER, thing, spans.within(offered, lost), days)
    busy = [*taken, *(span for found in kept.values() for span in found)]
    sheet.add_time("idle", OWNER, thing, spans.without(offered, spans.levels(busy, units)), days)
