"""How good a set of matches is in plain numbers, and how it stands beside both baselines."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from scheduling.matching import kinds, tiers
from scheduling.matching.candidates import CandidateSet
from scheduling.matching.checker import check_kind
from scheduling.matching.plan import KindPlan
from scheduling.matching.problem import Kind, Match, Problem, Urgency
from scheduling.matching.travel import Travel


@dataclass(frozen=True, slots=True)
class Standing:
    """``weighted``: Σ weight × part served, all urgencies; ``first_tier``: of that critical and
    urgent; ``urgent``: Σ part served of critical and urgent needs; ``served``: of all needs;
    ``gini``: of this round's fills, 0 is alike; ``waste``: see ``tiers.waste_avoided``;
    ``kilometres``: Σ way × part; ``broken``: rules that the independent checker finds broken – of
    any way of matching, because one that breaks a rule is no measure of one that keeps them."""

    weighted: float
    first_tier: float
    urgent: float
    served: float
    gini: float
    waste: float
    kilometres: float
    broken: int

    def __str__(self) -> str:
        return (
            f"{self.weighted:.0f} | {self.urgent:.1f} | {self.served:.1f} | {self.gini:.4f} "
            f"| {self.waste:.0f} | {self.kilometres:.0f} | {self.broken}"
        )


def standing(
    problem: Problem,
    kind: Kind,
    matches: Iterable[Match],
    candidates: CandidateSet,
    travel: Travel,
) -> Standing:
    matches = tuple(matches)
    part = tiers.parts(problem, kind, matches)
    worth = tiers.weights(problem, kind) * part
    pressing = np.array([need.urgency < Urgency.ROUTINE for need in problem.needs(kind)], bool)
    fills = tiers.fills(problem, kind, matches, candidates, travel, history=False)
    return Standing(
        weighted=float(worth.sum()),
        first_tier=float(worth[pressing].sum()),
        urgent=float(part[pressing].sum()),
        served=float(part.sum()),
        gini=tiers.gini(fills.shares),
        waste=tiers.waste_avoided(problem, matches),
        kilometres=tiers.kilometres(problem, kind, matches, travel),
        broken=len(check_kind(problem, kind, matches)),
    )


def compared(problem: Problem, plan: KindPlan) -> dict[str, Standing]:
    """The plan under "plan", then each baseline under its name."""
    travel = Travel(problem)
    candidates = kinds.candidates_of(problem, plan.kind, travel)
    matches = {"plan": plan.matches} | {
        name: kinds.baseline(name, problem, plan.kind, candidates, travel)
        for name in kinds.BASELINES
    }
    return {
        name: standing(problem, plan.kind, found, candidates, travel)
        for name, found in matches.items()
    }
