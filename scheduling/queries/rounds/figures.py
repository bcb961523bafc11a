"""The figures of a round: what its plan does, beside what the two simple ways would do.

Everything here is reckoned from the problem and from matches, never from the model that made them.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from scheduling.matching import kinds as parts_of
from scheduling.matching import tiers
from scheduling.matching.candidates import CandidateSet
from scheduling.matching.checker import check_kind
from scheduling.matching.own_first import at_home
from scheduling.matching.plan import KindPlan, Plan
from scheduling.matching.problem import Kind, Match, Problem
from scheduling.matching.reasons import Explainer
from scheduling.matching.reasons.alone import fairness_alone
from scheduling.matching.travel import Travel
from scheduling.queries.rounds.draft import key_of

PLAN, WITHOUT = "plan", "without_fairness"
WAYS = (PLAN, "urgency_first", "first_come")
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Measured:
    """A problem with what is reckoned once for all of its figures.  ``without``: the plan that the
    same problem gets when fairness does not count; None where it was not made."""

    problem: Problem
    plan: Plan
    travel: Travel
    candidates: dict[Kind, CandidateSet]
    without: Plan | None = None

    @property
    def by_kind(self) -> dict[Kind, KindPlan]:
        return {row.kind: row for row in self.plan.kinds}

    @cached_property
    def without_by_kind(self) -> dict[Kind, KindPlan]:
        """Those of which fairness alone can be the difference."""
        rows = self.without.kinds if self.without else ()
        return {row.kind: row for row in rows if self._shows_fairness(row)}

    @property
    def fairness_is_known(self) -> bool:
        return bool(self.without) and self.candidates.keys() <= self.without_by_kind.keys()

    def _shows_fairness(self, other: KindPlan) -> bool:
        found = self.candidates.get(other.kind)
        mine = self.by_kind[other.kind]
        return found is not None and fairness_alone(self.problem, mine, other, found, self.travel)

    @cached_property
    def explainers(self) -> dict[Kind, Explainer]:
        return {
            kind: Explainer(
                self.problem,
                self.by_kind[kind],
                without_equity=self.without_by_kind.get(kind),
                candidates=found,
                travel=self.travel,
            )
            for kind, found in self.candidates.items()
        }


def measured(problem: Problem, plan: Plan, without: Plan | None = None) -> Measured:
    """A kind whose pairs cannot be found has no figures; its plan says that it crashed."""
    travel, found = Travel(problem), {}
    for row in plan.kinds:
        try:
            found[row.kind] = parts_of.candidates_of(problem, row.kind, travel)
        except Exception:
            logger.exception("no candidates of kind %s", row.kind)
    return Measured(problem, plan, travel, found, without)


def figures(of: Measured) -> dict:
    """What ``MatchingRun.results`` keeps: plain values."""
    return {
        "kinds": {row.kind.value: _proof(row, of.problem) for row in of.plan.kinds},
        "compare": _compared(of),
        "rejections": of.plan.rejections,
    }


def _compared(of: Measured) -> dict:
    """Without fairness only where that tells what fairness does: it never lowers the lowest."""
    found = {way: _sums(of, way) for way in WAYS}
    if of.fairness_is_known:
        without = _sums(of, WITHOUT)
        if (without["lowest"] or 0) <= (found[PLAN]["lowest"] or 0):
            found[WITHOUT] = without
    return found


def _proof(row: KindPlan, problem: Problem) -> dict:
    return {
        "status": row.status.value,
        "seconds": round(row.seconds, 1),
        "needs": len(problem.needs(row.kind)),
        "tiers": [[tier.name, tier.value, tier.bound] for tier in row.tiers],
        "notes": list(row.notes),
    }


def _sums(of: Measured, way: str) -> dict:
    """``served``: needs of the portal met by others in part or in full, by urgency, each counted
    once however many of its units or by however many lots; ``lowest``: percent of its weighted
    needs that the worst-served institution gets; ``waste`` in hundredths of the currency;
    ``broken``: hard rules that the checker finds broken."""
    served: dict[int, set[int]] = {1: set(), 2: set(), 3: set()}
    asked, met = 0.0, 0.0
    waste = kilometres = 0.0
    broken, own = 0, set(at_home(of.problem))
    for kind in of.candidates:
        matches = _matches(of, way, kind)
        lent = [match for match in matches if match not in own]
        for need, part in zip(
            of.problem.needs(kind), tiers.parts(of.problem, kind, lent), strict=True
        ):
            if part:
                served[int(need.urgency)].add(key_of(need.id))
        filled = fills_of(of, kind, matches)
        asked, met = asked + filled.asked, met + filled.met
        waste += tiers.waste_avoided(of.problem, matches)
        kilometres += _kilometres(of, kind, matches)
        broken += len(check_kind(of.problem, kind, matches))
    return {
        "served": {level: len(needs) for level, needs in served.items()},
        "lowest": _lowest(asked, met),
        "waste": round(waste),
        "kilometres": round(kilometres),
        "broken": broken,
    }


def _matches(of: Measured, way: str, kind: Kind) -> tuple[Match, ...]:
    if way == PLAN:
        return of.by_kind[kind].matches
    if way == WITHOUT:
        return of.without_by_kind[kind].matches
    return parts_of.baseline(way, of.problem, kind, of.candidates[kind], of.travel)


def fills_of(of: Measured, kind: Kind, matches: Iterable[Match]) -> tiers.Fills:
    """Of this round alone."""
    return tiers.fills(of.problem, kind, matches, of.candidates[kind], of.travel, history=False)


def _lowest(asked, met) -> int | None:
    counted = np.asarray(asked) > 0
    if not counted.any():
        return None
    return round(100 * float(np.min(np.asarray(met)[counted] / np.asarray(asked)[counted])))


def _kilometres(of: Measured, kind: Kind, matches: Iterable[Match]) -> float:
    home = {row.id: of.travel.index[row.institution] for row in of.problem.offers(kind)}
    place = {row.id: of.travel.index[row.institution] for row in of.problem.needs(kind)}
    return sum(
        float(of.travel.kilometres[home[match.offer], place[match.need]]) for match in matches
    )
