"""Sums of the numbers of days: what every figure, table and chart of the reports is made of.

    days = numbers.of_city()                            # or numbers.of(institution): name a scope
    city = total(days, first, last, side="owner")
    for key, sums in grouped(days, first, last, by=("institution_key", "kind"), side="owner"):
        …                                                # key is (institution_key, kind)

``first`` and ``last`` are local days, both included; ``counted_until`` says up to which day there
is anything.  Every share stands on both sides: take ``side="owner"`` (given) for what happened in
the city, ``side="borrower"`` (received) for what an institution had from others; without a side
everything counts twice.  What was offered, kept, idle and expired, and what goods were worth, is
on the owner's side only.

``Sums`` has the columns of ``rollups.columns``: times as ``hours``, counts and packs as whole
numbers, money as ``{currency: Decimal}`` – no two currencies are ever added up.  One query per
call, or two; what they read is bounded by institutions × (months + days at the ends), whatever the
number of requests (``queries.numbers``).
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import Min, QuerySet
from django.db.models.functions import TruncMonth, TruncWeek
from django.utils import timezone

from medshare_portal.money import decimal_of
from reports.models import CountedDays
from reports.queries.numbers import Numbers
from reports.queries.summed import Summed
from reports.rollups.columns import (
    COLUMNS,
    COUNTS,
    DEVICE,
    DEVICE_COUNTS,
    DEVICE_TIMES,
    GOODS,
    MONEY,
    OF_DEVICES,
    TIMES,
)
from resources.models import Category

GROUPS = ("institution_key", "side", "kind", "category_code", "day", "week", "month")
PARTS = {"week": TruncWeek("day"), "month": TruncMonth("day")}
HOUR = 3600
Key = tuple


@dataclass(frozen=True, slots=True)
class Hours:
    """Of units: two devices for an hour are two hours."""

    offered: float = 0.0
    booked: float = 0.0
    used: float = 0.0
    own_used: float = 0.0
    planned_down: float = 0.0
    unplanned_down: float = 0.0
    idle: float = 0.0
    repair: float = 0.0
    confirmed: float = 0.0
    notice: float = 0.0
    load_used: float = 0.0
    load_most: float = 0.0


@dataclass(frozen=True, slots=True)
class Devices:
    """Of equipment alone; the first ones are hours."""

    offered: float = 0.0
    booked: float = 0.0
    used: float = 0.0
    own_used: float = 0.0
    planned_down: float = 0.0
    unplanned_down: float = 0.0
    idle: float = 0.0
    lent: int = 0
    returned_late: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """What each column counts is written in ``rollups.columns``."""

    hours: Hours = Hours()
    devices: Devices = Devices()
    requested: int = 0
    ended: int = 0
    filled: int = 0
    refused: int = 0
    too_slow: int = 0
    missed: int = 0
    withdrawn: int = 0
    cancelled: int = 0
    recalled: int = 0
    released: int = 0
    not_collected: int = 0
    answered: int = 0
    answered_in_time: int = 0
    answered_by_rule: int = 0
    lent: int = 0
    returned_late: int = 0
    filled_whole: int = 0
    cancelled_late: int = 0
    excepted: int = 0
    metres: int = 0
    failures: int = 0
    looks: int = 0
    looks_refused: int = 0
    looks_emergency: int = 0
    reviews_due: int = 0
    reviewed_in_time: int = 0
    grants_approved: int = 0
    grants_denied: int = 0
    grants_ended: int = 0
    grants_expired: int = 0
    looks_granted: int = 0
    recognisable: int = 0
    recognised: int = 0
    packs_asked: int = 0
    packs_accepted: int = 0
    packs_rejected: int = 0
    packs_lost: int = 0
    packs_rescued: int = 0
    packs_expired: int = 0
    packs_used: int = 0
    charged: dict[str, Decimal] = field(default_factory=dict)
    value_given: dict[str, Decimal] = field(default_factory=dict)
    value_rescued: dict[str, Decimal] = field(default_factory=dict)
    value_expired: dict[str, Decimal] = field(default_factory=dict)
    value_used: dict[str, Decimal] = field(default_factory=dict)
    value_stock: dict[str, Decimal] = field(default_factory=dict)

    @property
    def unmet(self) -> int:
        """What nobody gave, or was taken back: not what the asking side gave up itself."""
        return self.refused + self.too_slow + self.recalled

    @property
    def due(self) -> int:
        """What should have been met: ended, and not withdrawn before it was decided."""
        return self.ended - self.withdrawn


def total(numbers: Numbers, first: date, last: date, **narrowed) -> Sums:
    """Of all together.  ``narrowed``: ``side``, ``kind``, ``institution_key``, ``category``."""
    found = dict(grouped(numbers, first, last, by=(), **narrowed))
    return found.get((), Sums())


def grouped(
    numbers: Numbers,
    first: date,
    last: date,
    *,
    by: Iterable[str],
    only: Iterable[str] = (*COLUMNS, *OF_DEVICES),
    **narrowed,
) -> list[tuple[Key, Sums]]:
    """(values of ``by`` in its order, sums), in the order of these values.

    ``by`` names some of ``GROUPS``; a week is its Monday, a month its first day.  Groups in which
    nothing was counted are left out.  ``only`` some columns cost less: the others are 0 then.
    Raises ValueError for a dimension that is none.
    """
    by, only = tuple(by), tuple(only)
    if unknown := set(by) - set(GROUPS):
        raise ValueError(f"no dimension of the numbers of days: {sorted(unknown)}")
    asked = {*by, *narrowed, *(["category_code"] if narrowed.get("category") else [])}
    groups: dict[Key, dict[str, list[int]]] = defaultdict(dict)
    parts, taken = numbers.parts(first, last, asked)
    for rows, sign in [*((rows, 1) for rows in parts), *((rows, -1) for rows in taken)]:
        for values in _read(_narrowed(rows, **narrowed), by, only):
            counted = [sign * number for number in values[len(by) + 1 :]]
            _add(groups[values[: len(by)]], values[len(by)], counted)
    if taken:
        groups = {key: group for key, group in groups.items() if any(map(any, group.values()))}
    make = _Maker(only)
    return [(key, make(groups[key])) for key in sorted(groups)]


def _read(rows: QuerySet, by: tuple[str, ...], only: tuple[str, ...]) -> QuerySet:
    parts = {f"{name}_of": part for name, part in PARTS.items() if name in by}
    names = [f"{name}_of" if name in PARTS else name for name in by]
    found = rows.order_by().annotate(**parts).values_list(*names, "currency")
    return found.annotate(sums=Summed(only))


def _add(group: dict[str, list[int]], currency: str, numbers: list[int]) -> None:
    """A second part has the rest of a group that the first one has, too."""
    known = group.get(currency)
    group[currency] = (
        numbers if known is None else [a + b for a, b in zip(known, numbers, strict=True)]
    )


def _narrowed(rows: QuerySet, category: Category | None = None, **equal) -> QuerySet:
    """``category`` with all below it; of the others a value or a collection of values."""
    if category is not None:
        below = Category.objects.under(category).filter(kind=category.kind).values("slug")
        rows = rows.filter(kind=category.kind, category_code__in=below)
    for name, value in equal.items():
        if name not in GROUPS:
            raise ValueError(f"no dimension of the numbers of days: {name}")
        several = isinstance(value, (list, tuple, set, frozenset))
        rows = rows.filter(**{f"{name}__in" if several else name: value})
    return rows


class _Maker:
    """``Sums`` of the currencies of a group; of columns that were not asked for nothing is made."""

    def __init__(self, only: tuple[str, ...]):
        places = {name: place for place, name in enumerate(only)}
        self.times = _placed(TIMES, places)
        self.device_times = _placed(DEVICE_TIMES, places, DEVICE)
        self.device_counts = _placed(DEVICE_COUNTS, places, DEVICE)
        self.counts = _placed((*COUNTS, *GOODS), places)
        self.money = _placed(MONEY, places)

    def __call__(self, group: dict[str, list[int]]) -> Sums:
        if len(group) == 1:
            numbers = next(iter(group.values()))
        else:
            numbers = [sum(several) for several in zip(*group.values(), strict=True)]
        return Sums(
            hours=Hours(**{name: numbers[place] / HOUR for name, place in self.times}),
            devices=Devices(
                **{name: numbers[place] / HOUR for name, place in self.device_times},
                **{name: numbers[place] for name, place in self.device_counts},
            ),
            **{name: numbers[place] for name, place in self.counts},
            **{
                name: {of: decimal_of(row[place], of) for of, row in group.items() if row[place]}
                for name, place in self.money
            },
        )


def _placed(names: Iterable[str], places: dict[str, int], prefix: str = "") -> list:
    return [(name, places[prefix + name]) for name in names if prefix + name in places]


def counted_until(rows: QuerySet | None = None) -> date | None:
    """The last day of which every institution is counted; None before anything was counted.

    ``rows``: a scoped queryset of ``CountedDays``; all of the city's where none is given.
    """
    rows = CountedDays.objects.in_city_view() if rows is None else rows
    return rows.aggregate(last=Min("last_day"))["last"]


def counted_days() -> tuple[date | None, date | None]:
    """The first day of which anybody is counted, and the last of which everybody is."""
    rows = CountedDays.objects.in_city_view()
    found = rows.aggregate(first=Min("first_day"), last=Min("last_day"))
    return found["first"], found["last"]


def last_day(counted: date | None, now: datetime) -> date:
    """Up to which day there are figures; yesterday where nothing was counted yet."""
    yesterday = timezone.localdate(now) - timedelta(days=1)
    return min(counted or yesterday, yesterday)
