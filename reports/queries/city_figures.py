"""What the city overview is made of: numbers of days, the directory and open needs.

A fixed number of statements, whatever the number of requests.
"""

from dataclasses import dataclass
from datetime import date

from medshare_portal.models import Institution, Site
from reports.kpis import Measure, equity
from reports.models import DailyRollup
from reports.periods import Period
from reports.queries.figures import Sums, grouped
from reports.queries.scores import NOTHING, added
from scheduling.models import Need
from scheduling.states import Priority

MOST_NEEDS = 8
PLAIN_CURRENCY = "CNY"
GIVEN, RECEIVED = "owner", "borrower"


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


@dataclass(frozen=True, kw_only=True)
class CityFigures:
    """``pieces`` are sums by the step of the period, by its first day."""

    now: Sums
    before: Sums | None
    by_kind: dict[str, Sums]
    pieces: dict[date, Sums]
    houses: list[House]


def city_figures(period: Period, compared: Period | None, *, kind: str = "") -> CityFigures:
    rows, narrowed = DailyRollup.objects.in_city_view(), {"kind": kind} if kind else {}
    by_kind = {
        key: sums
        for (key,), sums in grouped(
            rows, period.first, period.last, by=("kind",), side=GIVEN, **narrowed
        )
    }
    pieces = grouped(rows, period.first, period.last, by=(period.step,), side=GIVEN, **narrowed)
    return CityFigures(
        now=added(by_kind.values()),
        before=_total(rows, compared, side=GIVEN, **narrowed) if compared else None,
        by_kind=by_kind,
        pieces={piece: sums for (piece,), sums in pieces},
        houses=_houses(rows, period, narrowed),
    )


def _total(rows, period: Period, **narrowed) -> Sums:
    found = grouped(rows, period.first, period.last, by=(), **narrowed)
    return found[0][1] if found else NOTHING


def _houses(rows, period: Period, narrowed) -> list[House]:
    sums = dict(
        grouped(rows, period.first, period.last, by=("institution_key", "side"), **narrowed)
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


@dataclass(frozen=True, kw_only=True)
class Shares:
    """Hours received per 1,000 residents of the institutions whose residents are known."""

    x: list[float]
    residents: list[int]
    districts: list[str]
    left_out: int

    def gini(self) -> Measure:
        return equity.gini_weighted(self.x, self.residents)


def shares_of(houses: list[House]) -> Shares:
    known = [house for house in houses if house.institution.service_population]
    residents = [house.institution.service_population for house in known]
    hours = [house.received.hours.used for house in known]
    return Shares(
        x=[equity.per_need(got, number) for got, number in zip(hours, residents, strict=True)],
        residents=residents,
        districts=[house.institution.district for house in known],
        left_out=len(houses) - len(known),
    )


def urgent_needs():
    """Open needs that are not routine, those that end first on top."""
    rows = Need.objects.in_city_view().open().exclude(priority=Priority.ROUTINE)
    rows = rows.select_related("institution", "category").order_by("expires_at", "pk")
    return list(rows[: MOST_NEEDS + 1])
