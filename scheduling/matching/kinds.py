"""Where the parts of a kind are: one module of its name in each folder, loaded when first used.

The web pages rank candidates without the weight of the solvers' libraries.
"""

from importlib import import_module

from scheduling.matching.candidates import CandidateSet, collect
from scheduling.matching.plan import Control, KindPlan
from scheduling.matching.problem import Kind, Match, Problem
from scheduling.matching.travel import Travel

BASELINES = ("first_come", "urgency_first")


def _part(folder: str, kind: Kind):
    return import_module(f"scheduling.matching.{folder}.{kind.value}")


def candidates_of(problem: Problem, kind: Kind, travel: Travel) -> CandidateSet:
    """Every pair that passes the pairwise rules of the kind."""
    return collect(_part("admissible", kind).rule_book(problem, travel), problem)


def solved(
    problem: Problem, kind: Kind, candidates: CandidateSet, travel: Travel, control: Control
) -> KindPlan:
    return _part("formulations", kind).solve(problem, candidates, travel, control)


def baseline(
    name: str, problem: Problem, kind: Kind, candidates: CandidateSet, travel: Travel
) -> tuple[Match, ...]:
    """``name``: one of ``BASELINES``."""
    return getattr(_part("baselines", kind), name)(problem, candidates, travel)
