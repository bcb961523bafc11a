"""Our own devices of the searched sort, shown beside the offers of others."""

from functools import cache
from typing import NamedTuple

from django.db.models import BigIntegerField, CharField, IntegerField, QuerySet

from medshare_portal.bilingual import localised
from medshare_portal.db.prepared import Bind, Prepared
from resources.enums import ResourceStatus
from resources.intervals import Interval, subtract, total
from resources.models import Resource
from resources.search import search
from scheduling.queries.busy import busy_within, taken
from scheduling.queries.surroundings import Surroundings

MOST_COMPARED, MOST_SHOWN = 30, 3
INSTITUTION = Bind("institution", BigIntegerField())
UNITS, PATH = Bind("units", IntegerField()), Bind("path", CharField())


class OwnRow(NamedTuple):
    """One of our own devices, as a line of the list shows it."""

    pk: int
    code: str
    name_en: str
    name_zh: str
    room: str
    units: int
    site_en: str
    site_zh: str

    @property
    def name(self) -> str:
        return localised(self)

    @property
    def site(self) -> str:
        return localised(self, "site")


class OwnUnit:
    """One of them with what of the wished time it is free."""

    def __init__(self, row: OwnRow, around: Surroundings, span: Interval, shown: Interval, units):
        self.resource, self.offered = row, [shown]
        self.busy = busy_within(around, row.pk, *shown)
        self.taken = taken(self.busy, total=row.units, wanted=units)
        self.free_intervals = subtract([span], self.taken)
        self.uncovered = subtract([span], self.free_intervals)


def own_rows(institution, *, kind: str, category, text: str, units: int) -> list[OwnRow]:
    """Our own devices of that category, or found by these words; without either none."""
    if category is not None:
        rows = _statement(kind).rows(institution=institution.pk, units=units, path=category.path)
    elif text:
        rows = search(_narrow(institution.pk, kind, units), text, institution=institution)
        rows = rows[:MOST_COMPARED]
    else:
        rows = []
    return [OwnRow(*row) for row in rows]


@cache
def _statement(kind: str) -> Prepared:
    return Prepared(
        lambda: _narrow(INSTITUTION, kind, UNITS).filter(category__path__startswith=PATH)[
            :MOST_COMPARED
        ]
    )


def _narrow(institution, kind: str, units) -> QuerySet:
    """The values, or the places of values that come with each run."""
    return (
        Resource.objects.owned_by(institution)
        .filter(
            kind=kind,
            status__in=(ResourceStatus.LISTED, ResourceStatus.PAUSED),
            units__gte=units,
        )
        .order_by("code", "pk")
        .values_list(
            "pk", "code", "name_en", "name_zh", "room", "units", "site__name_en", "site__name_zh"
        )
    )


def most_free(
    rows: list[OwnRow], around: Surroundings, *, span: Interval, shown: Interval, units: int
) -> list[OwnUnit]:
    """The few of them that are free for most of the wished time."""
    own = [OwnUnit(row, around, span, shown, units) for row in rows]
    own.sort(key=lambda one: -total(one.free_intervals))
    return own[:MOST_SHOWN]
