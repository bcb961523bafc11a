"""How equally hours are received, against what each institution is there for.

Needs are standardised: hours received per 1,000 residents.  The rank of the concentration index
is by residents per bed: who serves more people with fewer beds is in greater need.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from medshare_portal.models import Institution
from reports.kpis import Measure, equity
from reports.periods import Period
from reports.queries import numbers
from reports.queries.figures import grouped
from reports.queries.secret_people import secret_people
from scheduling.models import MatchingRun
from scheduling.queries.rounds.figures import WITHOUT

RECEIVED = "borrower"
LAST_ROUNDS = 12


@dataclass(frozen=True, kw_only=True)
class Shares:
    """Of the institutions whose residents are known; ``x``: hours per 1,000 residents."""

    institutions: list[Institution]
    hours: list[float]
    left_out: int

    @property
    def residents(self) -> list[int]:
        return [row.service_population for row in self.institutions]

    @property
    def districts(self) -> list[str]:
        return [row.district for row in self.institutions]

    @property
    def x(self) -> list[float]:
        return [
            equity.per_need(got, people)
            for got, people in zip(self.hours, self.residents, strict=True)
        ]

    def gini(self) -> Measure:
        return equity.gini_weighted(self.x, self.residents)

    def indices(self) -> list[tuple[str, str, Measure]]:
        """(code of the catalogue, part of it, value)."""
        theil = equity.theil(self.x, self.residents, self.districts)
        return [
            ("gini_weighted", "", self.gini()),
            ("gini", "", equity.gini(self.x)),
            ("theil", "", theil.total),
            ("theil", "between", theil.between),
            ("theil", "within", theil.within),
            ("jain", "", equity.jain(self.x)),
            ("concentration", "", self._concentration()),
        ]

    def _concentration(self) -> Measure:
        rows = [
            (got, row.service_population / row.beds, row.service_population)
            for got, row in zip(self.x, self.institutions, strict=True)
            if row.beds
        ]
        x, need, residents = zip(*rows, strict=True) if rows else ((), (), ())
        if len(set(need)) < 2:  # nobody is in greater need than another: there is no rank
            return equity.concentration((), ())
        return equity.concentration(x, need, residents)


def shares_of(institutions: Sequence[Institution], hours: Mapping[int, float]) -> Shares:
    """``hours`` received, by institution; who received none counts with none."""
    known = [row for row in institutions if row.service_population]
    return Shares(
        institutions=known,
        hours=[hours.get(row.pk, 0.0) for row in known],
        left_out=len(institutions) - len(known),
    )


def hours_shown(found: dict[int, float], period: Period) -> dict[int, float]:
    """Hours received, by institution, without those of so few people that they are not told."""
    secret = secret_people(period)
    return {key: hours - secret.used(key, RECEIVED) for key, hours in found.items()}


def hours_received(period: Period, **narrowed) -> dict[int, float]:
    found = grouped(
        numbers.of_city(), period.first, period.last,
        by=("institution_key",), only=("used",), side=RECEIVED, **narrowed,
    )  # fmt: skip
    return {key: sums.hours.used for (key,), sums in found}


def gini_over_time(
    institutions: Sequence[Institution], period: Period, **narrowed
) -> dict[date, Measure]:
    """By the first day of each piece of the period in which anything was received."""
    found = grouped(
        numbers.of_city(), period.first, period.last,
        by=(period.step, "institution_key"), only=("used",), side=RECEIVED, **narrowed,
    )  # fmt: skip
    hours: dict[date, dict[int, float]] = defaultdict(dict)
    for (piece, key), sums in found:
        hours[piece][key] = sums.hours.used
    return {piece: shares_of(institutions, got).gini() for piece, got in hours.items()}


def balances(period: Period) -> dict[int, tuple[float, float]]:
    """Hours (given, received) of each institution, without those of too few people."""
    secret = secret_people(period)
    found = grouped(
        numbers.of_city(), period.first, period.last,
        by=("institution_key", "side"), only=("used",),
    )  # fmt: skip
    hours: dict[int, dict[str, float]] = defaultdict(dict)
    for (key, side), sums in found:
        hours[key][side] = sums.hours.used - secret.used(key, side)
    return {key: (of.get("owner", 0.0), of.get(RECEIVED, 0.0)) for key, of in hours.items()}


def rounds_with_a_price() -> list[MatchingRun]:
    """The last rounds of the city that were reckoned with fairness and without it."""
    rows = MatchingRun.objects.for_city().filter(finished_at__isnull=False)
    rows = rows.select_related("consortium").order_by("-finished_at", "-pk")
    found = [run for run in rows[: 4 * LAST_ROUNDS] if WITHOUT in run.results.get("compare", {})]
    return found[:LAST_ROUNDS]
