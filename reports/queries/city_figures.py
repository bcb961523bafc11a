"""What the city overview is made of: numbers of days, the directory and open needs.

A fixed number of statements, whatever the number of requests.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from medshare_portal.models import Institution, Site
from reports.periods import Period
from reports.queries import numbers
from reports.queries.districts import institutions_of
from reports.queries.figures import Sums, grouped
from reports.queries.scores import NOTHING, added
from reports.rollups.columns import SCORED
from scheduling.models import Need
from scheduling.states import Priority

MOST_NEEDS = 8
PLAIN_CURRENCY = "CNY"
GIVEN, RECEIVED = "owner", "borrower"


class Sides(NamedTuple):
    """Of a district what it gave and what it received; of the whole city both are the same."""

    given: Sums
    received: Sums


@dataclass(frozen=True, kw_only=True)
class House:
    """An institution with what it gave and received."""

    institution: Institution
    where: tuple[float, float] | None  # longitude, latitude
    given: Sums
    received: Sums

    @property
    def net(self) -> float:
        """Hours given beyond those received."""
        return self.given.hours.used - self.received.hours.used

    @property
    def sides(self) -> Sides:
        return Sides(self.given, self.received)

    @property
    def had_hours(self) -> float:
        return self.received.hours.used


NEITHER = Sides(NOTHING, NOTHING)


@dataclass(frozen=True, kw_only=True)
class CityFigures:
    """``pieces`` are sums by the step of the period, by its first day.  ``withheld``: all of it
    rests on too few people; ``by_district``: where its houses do not add up to it, None where it
    does itself."""

    now: Sides
    before: Sides | None
    by_kind: dict[str, Sides]
    by_class: dict[tuple[str, str], Sides]  # (kind, category); only where asked for
    pieces: dict[date, Sides]
    houses: list[House]
    withheld: bool = False
    by_district: dict[str, Sides | None] | None = None


def city_figures(
    period: Period,
    compared: Period | None,
    *,
    kind: str | tuple[str, ...] = "",
    district: str = "",
    classes: bool = False,
) -> CityFigures:
    rows, narrowed = numbers.of_city(), {"kind": kind} if kind else {}
    inside = institutions_of(district) if district else None
    if inside is None:
        narrowed_here = narrowed | {"side": GIVEN}  # what is shared stands on both sides
    else:
        narrowed_here = narrowed | {"institution_key": inside}
    keys = ("kind", "category_code") if classes else ("kind",)
    found = _by(rows, period, keys, narrowed_here)
    by_kind = _together(found, of=lambda key: key[0])
    return CityFigures(
        now=_together(found, of=lambda _key: "")[""] if found else NEITHER,
        before=_by(rows, compared, (), narrowed_here).get((), NEITHER) if compared else None,
        by_kind=by_kind,
        by_class=found if classes else {},
        pieces={
            piece: sides
            for (piece,), sides in _by(rows, period, (period.step,), narrowed_here).items()
        },
        houses=_houses(rows, period, narrowed, inside),
    )


def _by(rows, period: Period, keys: tuple, narrowed) -> dict[tuple, Sides]:
    """Both sides of each group; where only one is asked for, it stands for both."""
    sides = dict(
        grouped(rows, period.first, period.last, by=(*keys, "side"), only=SCORED, **narrowed)
    )
    whole = narrowed.get("side") == GIVEN
    return {
        key: Sides(
            sides.get((*key, GIVEN), NOTHING),
            sides.get((*key, GIVEN if whole else RECEIVED), NOTHING),
        )
        for key in sorted({key[:-1] for key in sides})
    }


def _together(found: dict[tuple, Sides], *, of) -> dict[str, Sides]:
    groups = defaultdict(list)
    for key, sides in found.items():
        groups[of(key)].append(sides)
    return {
        name: Sides(added(one.given for one in part), added(one.received for one in part))
        for name, part in groups.items()
    }


def _houses(rows, period: Period, narrowed, inside: frozenset[int] | None) -> list[House]:
    if inside is not None:
        narrowed = narrowed | {"institution_key": inside}
    sums = dict(
        grouped(
            rows, period.first, period.last, by=("institution_key", "side"), only=SCORED, **narrowed
        )
    )
    where = places()
    directory = Institution.objects.directory().order_by("name_en", "pk")
    return [
        House(
            institution=row,
            where=where.get(row.pk),
            given=sums.get((row.pk, GIVEN), NOTHING),
            received=sums.get((row.pk, RECEIVED), NOTHING),
        )
        for row in directory
        if inside is None or row.pk in inside
    ]


def places() -> dict[int, tuple[float, float]]:
    """Longitude and latitude of the main sites."""
    rows = Site.objects.directory().order_by("is_main", "-pk")  # the main one comes last
    found = rows.values_list("institution", "longitude", "latitude")
    return {institution: (longitude, latitude) for institution, longitude, latitude in found}


def currency_of(*sums: Sums) -> str:
    """The one in which most was rescued: no two are ever added up."""
    worth: dict[str, float] = {}
    for one in sums:
        for code, value in one.value_rescued.items():
            worth[code] = worth.get(code, 0) + float(value)
    return max(worth, key=worth.get) if worth else PLAIN_CURRENCY


def urgent_needs(district: str = ""):
    """Open needs that are not routine, those that end first on top."""
    rows = Need.objects.in_city_view().open().exclude(priority=Priority.ROUTINE)
    if district:
        rows = rows.filter(institution__in=institutions_of(district))
    rows = rows.select_related("institution", "category").order_by("expires_at", "pk")
    return list(rows[: MOST_NEEDS + 1])
