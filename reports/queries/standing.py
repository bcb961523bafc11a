"""How an institution stands among all: its own figures, the median of all and its rank.

Of the others nothing but these leaves here, and of fewer than five not even a median.
"""

from dataclasses import dataclass
from datetime import date
from statistics import median

from reports.charts.small import FEWEST_PEOPLE
from reports.kpis import Measure
from reports.kpis.catalogue import KPIS, Better
from reports.periods import Period
from reports.queries import numbers
from reports.queries.city_figures import GIVEN, RECEIVED, currency_of
from reports.queries.figures import Sums, grouped
from reports.queries.scores import NOTHING, balance, scores
from reports.rollups.columns import SCORED

Scores = dict[str, Measure]


@dataclass(frozen=True, kw_only=True)
class Standing:
    now: Scores
    before: Scores
    all: dict[int, Scores]
    by_kind: dict[str, tuple[Sums, Sums]]  # given, received
    pieces: dict[date, Measure]  # scheduled utilisation, own
    currency: str

    def median(self, code: str) -> float | None:
        known = self._known(code)
        return median(known) if len(known) >= FEWEST_PEOPLE else None

    def rank(self, code: str) -> tuple[int, int] | None:
        """(place, of how many); equal values share the better place."""
        known, mine = self._known(code), self.now[code].value
        if mine is None or len(known) < FEWEST_PEOPLE or KPIS[code].better == Better.NEITHER:
            return None
        if min(known) == max(known):
            return None  # all alike: nobody is first
        more = KPIS[code].better == Better.MORE
        ahead = sum(value > mine if more else value < mine for value in known)
        return ahead + 1, len(known)

    def _known(self, code: str) -> list[float]:
        return [float(s[code].value) for s in self.all.values() if s[code].known]


def standing(
    institution, period: Period, compared: Period | None, *, kind: str | tuple[str, ...] = ""
) -> Standing:
    narrowed = {"kind": kind} if kind else {}
    city = numbers.of_city()
    own = numbers.of(institution)
    sides = dict(
        grouped(
            city, period.first, period.last, by=("institution_key", "side"), only=SCORED, **narrowed
        )
    )
    mine = (
        sides.get((institution.pk, GIVEN), NOTHING),
        sides.get((institution.pk, RECEIVED), NOTHING),
    )
    currency = currency_of(*mine)
    kinds = dict(
        grouped(own, period.first, period.last, by=("kind", "side"), only=SCORED, **narrowed)
    )
    pieces = grouped(
        own, period.first, period.last, by=(period.step,), side=GIVEN, **narrowed,
        only=("device_booked", "device_offered"),
    )  # fmt: skip
    return Standing(
        now=_scores(*mine, currency),
        before=_before(own, compared, narrowed, currency),
        all={
            key: _scores(
                sides.get((key, GIVEN), NOTHING), sides.get((key, RECEIVED), NOTHING), currency
            )
            for key in {key for key, _side in sides}
        },
        by_kind={
            kind: (kinds.get((kind, GIVEN), NOTHING), kinds.get((kind, RECEIVED), NOTHING))
            for kind in sorted({kind for kind, _side in kinds})
        },
        pieces={piece: _scores(sums, sums, currency)["scheduled"] for (piece,), sums in pieces},
        currency=currency,
    )


def _scores(given: Sums, received: Sums, currency: str) -> Scores:
    return scores(given, received, currency=currency) | {"received_share": balance(given, received)}


def _before(own, compared: Period | None, narrowed, currency: str) -> Scores:
    if compared is None:
        return {}
    sides = dict(grouped(own, compared.first, compared.last, by=("side",), only=SCORED, **narrowed))
    return _scores(sides.get((GIVEN,), NOTHING), sides.get((RECEIVED,), NOTHING), currency)
