"""Before something is bought: does the same class stand idle in the city, where, for how long.

Only what the reader may see anyway: of others the listed devices whose offer addresses it.
"""

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from medshare_portal.models import Institution
from reports.rollups import spans
from reports.rollups.shares import seconds
from reports.rollups.spans import Span
from resources.models import Category
from scheduling.queries.surroundings import surroundings

AHEAD = timedelta(days=30)
MOST_CLASSES, MOST_DEVICES = 12, 300
HOUR = 3600


@dataclass
class Holder:
    """An institution with devices of the class; hours ahead that are offered and still free."""

    institution: Institution
    devices: int = 0
    units: int = 0
    offered: float = 0.0
    free: float = 0.0


def classes_called(words: str) -> list[Category]:
    """Classes of equipment of this code or name; failing that those with a word that begins so
    ("CT" is no part of "electrosurgical").  What lies below another of them is left out."""
    words = words.strip().casefold()
    if not words:
        return []
    rows = Category.objects.filter(kind="equipment").filter(
        Q(name_en__icontains=words) | Q(name_zh__icontains=words) | Q(slug__iexact=words)
    )
    found = [(row, _names(row)) for row in rows.order_by("path", "pk")]
    exact = [row for row, names in found if words in names]
    begins = re.compile(r"(?<![a-z0-9])" * words[0].isascii() + re.escape(words))
    called = exact or [row for row, names in found if any(map(begins.search, names))]
    return _topmost(called)[:MOST_CLASSES]


def _names(row: Category) -> tuple[str, str, str]:
    return row.slug.casefold(), row.name_en.casefold(), row.name_zh.casefold()


def _topmost(rows: list[Category]) -> list[Category]:
    """In the order of their paths, so that what is above comes first."""
    found: list[Category] = []
    for row in rows:
        if not (found and row.path.startswith(found[-1].path)):
            found.append(row)
    return found


def holders(resources, classes: list[Category], *, now: datetime) -> list[Holder]:
    """``resources``: what the reader may see.  Who has most free hours comes first."""
    below = Q(pk__in=[])
    for row in classes:
        below |= Q(path__startswith=row.path)
    nodes = Category.objects.filter(below, kind="equipment")
    found = resources.filter(kind="equipment", category__in=nodes.values("pk"))
    rows = list(found.select_related("institution").order_by("institution_id", "pk")[:MOST_DEVICES])
    around = surroundings([row.pk for row in rows], now, now + AHEAD, now=now)
    by_house: dict[int, Holder] = {}
    for row in rows:
        holder = by_house.setdefault(row.institution_id, Holder(row.institution))
        holder.devices += 1
        holder.units += row.units
        offered, free = _hours(row, around, now)
        holder.offered += offered
        holder.free += free
    return sorted(by_house.values(), key=lambda one: (-one.free, one.institution.pk))


def _hours(row, around, now: datetime) -> tuple[float, float]:
    first, last = seconds(now), seconds(now + AHEAD)
    there = _clipped(
        [(o.starts_at, o.ends_at, row.units) for o in _of(around.offered, row)], first, last
    )
    busy = [(b.blocked_from, b.blocked_until, b.units) for b in _of(around.bookings, row)]
    busy += [(b.starts_at, b.ends_at, row.units) for b in _of(around.blocks, row)]
    offered = spans.levels(there, row.units)
    free = spans.without(offered, spans.levels(_clipped(busy, first, last), row.units))
    return _total(offered), _total(free)


def _of(found: defaultdict, row) -> list:
    return found.get(row.pk, [])


def _clipped(times, first: int, last: int) -> list[Span]:
    return [
        (max(seconds(starts), first), min(seconds(ends), last), units)
        for starts, ends, units in times
    ]


def _total(found: list[Span]) -> float:
    return sum((last - first) * units for first, last, units in found) / HOUR
