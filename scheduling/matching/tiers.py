"""What a plan is judged by, in lexicographic order, reckoned from its matches alone.

urgent: Σ weight × part served of critical and urgent needs; equity: Σ φ(fill) over institutions,
among the plans that serve hardly fewer than could be served (``least_kept``);
served: Σ part served; waste (medicine): value of packs × how near they were to expiry; stability:
parts that stay as they were proposed before; travel: −kilometres × part served.  The *part* of a
need is quantity ÷ amount: 1 for a device or a shift, packs ÷ packs asked for a medicine.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from scheduling.matching.candidates import CandidateSet
from scheduling.matching.plan import Tier
from scheduling.matching.problem import Kind, Match, Problem, Urgency
from scheduling.matching.travel import Travel

FAIRNESS_PRICE = 0.005  # of the needs that could be served: equity never costs more of those found


@dataclass(frozen=True)
class Fills:
    """Per institution, in the order of the problem: weight asked and met, in this round by needs
    that have an admissible offer or a kept match, and in the decayed history."""

    asked: np.ndarray
    met: np.ndarray

    @property
    def counted(self) -> np.ndarray:
        return self.asked > 0

    @property
    def shares(self) -> np.ndarray:
        """Of the counted institutions only."""
        return self.met[self.counted] / self.asked[self.counted]


def phi(fill: np.ndarray, offset: float) -> np.ndarray:
    """Concave (alpha-fair, alpha = 2): a little more means most to whom has least."""
    return -1.0 / (fill + offset)


def least_kept(served: float) -> int | float:
    """What equity must leave of so many needs served; of whole needs a whole number."""
    kept = served * (1 - FAIRNESS_PRICE)
    return math.ceil(kept - 1e-6) if float(served).is_integer() else kept


def parts(problem: Problem, kind: Kind, matches: Iterable[Match]) -> np.ndarray:
    """How much of each need is served, 0 … 1; matches that name no need of the kind count not."""
    needs = problem.needs(kind)
    place = {need.id: at for at, need in enumerate(needs)}
    given = np.zeros(len(needs))
    for match in matches:
        if match.need in place:
            given[place[match.need]] += match.quantity
    return np.minimum(1.0, given / np.maximum(1, [need.amount for need in needs]))


def reached(problem: Problem, kind: Kind, matches: Iterable[Match]) -> tuple[float, float]:
    """The tiers urgent and served, rounded: a smaller pair is a worse plan, however fair it is."""
    served = parts(problem, kind, matches)
    urgent = (weights(problem, kind) * served)[_pressing(problem, kind)].sum()
    return round(float(urgent), 6), round(float(served.sum()), 6)


def fills(
    problem: Problem,
    kind: Kind,
    matches: Iterable[Match],
    candidates: CandidateSet,
    travel: Travel,
    *,
    history: bool = True,
) -> Fills:
    needs, rows = problem.needs(kind), problem.institutions
    home = np.array([travel.index[need.institution] for need in needs], dtype=np.int64)
    kept = {row.match.need for row in problem.kept}
    counts = np.diff(candidates.first) > 0
    counts |= np.array([need.id in kept for need in needs], dtype=bool)
    weight = weights(problem, kind) * counts
    asked = np.bincount(home, weight, len(rows))
    met = np.bincount(home, weight * parts(problem, kind, matches), len(rows))
    if history:
        asked = asked + np.array([row.history_asked.get(kind, 0.0) for row in rows])
        met = met + np.array([row.history_met.get(kind, 0.0) for row in rows])
    return Fills(asked, met)


def weights(problem: Problem, kind: Kind) -> np.ndarray:
    weight = problem.parameters.weight
    return np.array([weight(need.urgency) for need in problem.needs(kind)], dtype=np.float64)


def _pressing(problem: Problem, kind: Kind) -> np.ndarray:
    return np.array([need.urgency < Urgency.ROUTINE for need in problem.needs(kind)], bool)


def measure(
    problem: Problem,
    kind: Kind,
    matches: tuple[Match, ...],
    candidates: CandidateSet,
    travel: Travel,
    bounds: dict[str, float] | None = None,
) -> tuple[Tier, ...]:
    """The tiers of a plan of one kind, without any model.  ``bounds``: what a formulation has
    proven, by the name of the tier.  Equity is left out where ``fairness`` is 0."""
    bounds = bounds or {}
    served = parts(problem, kind, matches)
    pressing = _pressing(problem, kind)
    values = {"urgent": float((weights(problem, kind) * served)[pressing].sum())}
    if problem.parameters.fairness:
        shares = fills(problem, kind, matches, candidates, travel).shares
        values["equity"] = float(phi(shares, problem.parameters.equity_offset).sum())
    values["served"] = float(served.sum())
    if kind in EXTRA:
        name, reckon = EXTRA[kind]
        values[name] = reckon(problem, matches)
    if problem.previous:
        values["stability"] = _stability(problem, kind, matches)
    values["travel"] = -kilometres(problem, kind, matches, travel)
    return tuple(Tier(name, value, bounds.get(name)) for name, value in values.items())


def gini(shares: np.ndarray) -> float:
    """0: all alike; 1: one has all."""
    ordered = np.sort(shares)
    total = ordered.sum()
    if not len(ordered) or total <= 0:
        return 0.0
    ranks = np.arange(1, len(ordered) + 1)
    return float((2 * ranks - len(ordered) - 1) @ ordered / (len(ordered) * total))


def waste_avoided(problem: Problem, matches: Iterable[Match]) -> float:
    """Value of the packs given × how near they were to expiry: 1 on the last day, 0 from
    ``waste_days`` on."""
    lots = {lot.id: lot for lot in problem.lots}
    days = problem.parameters.waste_days
    left = {lot.id: lot.packs for lot in problem.lots}
    total = 0.0
    for match, quantity in _no_more_than(left, matches, lambda match: match.offer):
        lot = lots.get(match.offer)
        if lot is not None:
            near = min(max(days - lot.expiry_day, 0), days) / days
            total += quantity * lot.value_per_pack * near
    return total


def _no_more_than(left: dict[str, int], matches: Iterable[Match], of) -> Iterator[tuple]:
    """Matches with what counts of their quantity: what is kept may be more than a need asks for by
    now, or than a lot has."""
    for match in matches:
        counts = min(match.quantity, left.get(of(match), 0))
        if counts:
            left[of(match)] -= counts
            yield match, counts


EXTRA = {Kind.MEDICINE: ("waste", waste_avoided)}


def _stability(problem: Problem, kind: Kind, matches: Iterable[Match]) -> float:
    """Parts of needs that keep the offer (and the time) that they were proposed before."""
    amount = {need.id: need.amount for need in problem.needs(kind)}
    before: dict[tuple, int] = defaultdict(int)
    for match in problem.previous:
        before[match.need, match.offer, match.starts_at] += match.quantity
    return sum(
        min(match.quantity, before[match.need, match.offer, match.starts_at]) / amount[match.need]
        for match in matches
        if match.need in amount
    )


def kilometres(problem: Problem, kind: Kind, matches: Iterable[Match], travel: Travel) -> float:
    """Ways × part of the need that travels them."""
    needs = {need.id: need for need in problem.needs(kind)}
    home = {offer.id: travel.index[offer.institution] for offer in problem.offers(kind)}
    asked, total = {name: need.amount for name, need in needs.items()}, 0.0
    for match, quantity in _no_more_than(asked, matches, lambda match: match.need):
        need = needs[match.need]
        if match.offer in home:
            way = travel.kilometres[home[match.offer], travel.index[need.institution]]
            total += float(way) * quantity / need.amount
    return total
