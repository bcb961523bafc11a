"""Where the parts of a kind are: one module of its name in each folder, loaded when first used.

The web pages rank candidates without the weight of the solvers' libraries.
"""

from importlib import import_module

from scheduling.matching.candidates import CandidateSet, RuleBook, collect
from scheduling.matching.plan import Control, KindPlan
from scheduling.matching.problem import Kind, Match, Problem
from scheduling.matching.travel import Travel

BASELINES = ("first_come", "urgency_first")


def _part(folder: str, kind: Kind):
    return import_module(f"scheduling.matching.{folder}.{kind.value}")


def rule_book(problem: Problem, kind: Kind, travel: Travel) -> RuleBook:
    return _part("admissible", kind).rule_book(problem, travel)


def candidates_of(problem: Problem, kind: Kind, travel: Travel) -> CandidateSet:
    """Every pair that passes the pairwise rules of the kind."""
    return collect(rule_book(problem, kind, travel), problem)


def solved(
    problem: Problem, kind: Kind, candidates: CandidateSet, travel: Travel, control: Control
) -> KindPlan:
    return _part("formulations", kind).solve(problem, candidates, travel, control)


def baseline(
    name: str, problem: Problem, kind: Kind, candidates: CandidateSet, travel: Travel
) -> tuple[Match, ...]:
    """``name``: one of ``BASELINES``."""
    return getattr(_part("baselines", kind), name)(problem, candidates, travel)


def reasons(kind: Kind):
    """What only the kind knows about a reason (``reasons/__init__`` says what that is)."""
    return _part("reasons", kind)


def trials(kind: Kind):
    """What only the kind knows about a what-if (``trial/__init__`` says what that is)."""
    return _part("trial", kind)
