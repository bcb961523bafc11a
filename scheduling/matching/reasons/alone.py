"""Whether two plans of a problem, one without the equity tier, show what fairness does."""

from scheduling.matching import tiers
from scheduling.matching.candidates import CandidateSet
from scheduling.matching.plan import KindPlan
from scheduling.matching.problem import Problem
from scheduling.matching.travel import Travel

EPSILON = 1e-6


def fairness_alone(
    problem: Problem, fair: KindPlan, other: KindPlan, candidates: CandidateSet, travel: Travel
) -> bool:
    """Both ended of themselves and give the urgent the same; then fairness can only have made the
    lower ones better off and have cost needs.  A plan that differs otherwise was found worse."""
    if not (fair.whole and other.whole):
        return False
    ours, theirs = (
        {
            tier.name: tier.value
            for tier in tiers.measure(problem, fair.kind, plan.matches, candidates, travel)
        }
        for plan in (fair, other)
    )
    return (
        abs(theirs["urgent"] - ours["urgent"]) <= EPSILON
        and theirs.get("equity", 0.0) <= ours.get("equity", 0.0) + EPSILON
        and theirs["served"] >= ours["served"] - EPSILON
    )
