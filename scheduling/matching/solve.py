"""A problem in, a plan out: each kind by its own formulation, none at the cost of another.

What a formulation returns is checked before it is believed.  One that crashes, or whose plan
breaks a rule, is replaced by the greedy plan of its kind with a note that says so; a round
without any plan because of one kind, or one need, does not exist.
"""

import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from importlib.metadata import version

from scheduling.matching import kinds, tiers
from scheduling.matching.candidates import CandidateSet
from scheduling.matching.checker import check_kind
from scheduling.matching.codec import FormatError
from scheduling.matching.plan import Control, KindPlan, Plan, Status
from scheduling.matching.problem import Kind, Match, Problem
from scheduling.matching.problem_json import inputs_hash
from scheduling.matching.travel import Travel
from scheduling.matching.validation import validate

SOLVER = "5"  # changes when the same inputs and seed may give another plan
PACKAGES = ("numpy", "scipy", "ortools")
# The quick ones first: whoever stops a round has most of it.
ORDER = (Kind.MEDICINE, Kind.STAFF, Kind.EQUIPMENT)

Formulation = Callable[[Problem, Kind, CandidateSet, Travel, Control], KindPlan]

# Notes begin with one of these words; after a colon comes what happened.
CRASHED, BROKE_A_RULE, NO_GREEDY_PLAN = "crashed", "broke_a_rule", "no_greedy_plan"


def solve(
    problem: Problem,
    control: Control | None = None,
    only: Iterable[Kind] = ORDER,
    by: Formulation | None = None,
) -> Plan:
    """``by``: what makes the plan of a kind in place of its own formulation.

    Raises ``FormatError`` for a problem that contradicts itself or has too many pairs, and nothing
    else."""
    validate(problem)
    control = control or Control()
    travel = Travel(problem)
    plans, rejections = [], {}
    for kind in (kind for kind in ORDER if kind in set(only) and problem.needs(kind)):
        plan, rejected = _solve_kind(problem, kind, travel, control, by or kinds.solved)
        plans.append(plan)
        rejections[kind.value] = rejected
    return Plan(tuple(plans), control.seed, inputs_hash(problem), versions(), rejections)


def versions() -> dict[str, str]:
    return {"matching": SOLVER} | {name: version(name) for name in PACKAGES}


def _solve_kind(
    problem: Problem, kind: Kind, travel: Travel, control: Control, by: Formulation
) -> tuple[KindPlan, dict[str, int]]:
    started = time.monotonic()
    try:
        candidates = kinds.candidates_of(problem, kind, travel)
    except FormatError:
        raise  # too many pairs: the problem's fault
    except Exception as error:
        return _kept_only(problem, kind, (_note(CRASHED, error),), started), {}
    plan = _best(problem, kind, candidates, travel, control, by)
    bounds = {tier.name: tier.bound for tier in plan.tiers if tier.bound is not None}
    measured = tiers.measure(problem, kind, plan.matches, candidates, travel, bounds)
    if plan.status is Status.OPTIMAL:  # each tier, given those before it, is at its best
        measured = tuple(
            replace(tier, bound=tier.value) if tier.bound is None else tier for tier in measured
        )
    plan = replace(plan, tiers=measured, seconds=time.monotonic() - started)
    return plan, rejected(problem, kind, candidates)


def _best(
    problem: Problem,
    kind: Kind,
    candidates: CandidateSet,
    travel: Travel,
    control: Control,
    by: Formulation,
) -> KindPlan:
    """The formulation's plan if it is sound and, where it was cut short, no worse than the greedy
    one; else that one, else what is kept."""
    started, notes = time.monotonic(), []

    def attempt(make: Callable[[], KindPlan], failed: str) -> KindPlan | None:
        try:
            plan = make()
        except Exception as error:
            notes.append(_note(failed, error))
            return None
        broken = check_kind(problem, kind, plan.matches)
        notes.extend(f"{BROKE_A_RULE}: {row}" for row in broken[:5])
        return None if broken else plan

    def greedy() -> KindPlan:
        matches = kinds.baseline("urgency_first", problem, kind, candidates, travel)
        return KindPlan(kind, matches, Status.FEASIBLE, (), time.monotonic() - started)

    plan = attempt(lambda: by(problem, kind, candidates, travel, control), CRASHED)
    simple = None if plan and plan.whole else attempt(greedy, NO_GREEDY_PLAN)
    if plan and simple and _reached(problem, plan) < _reached(problem, simple):
        simple = replace(simple, status=plan.status, notes=plan.notes)
        plan = None  # it was cut short before it was any better
    plan = plan or simple
    if plan is None:
        return _kept_only(problem, kind, tuple(notes), started)
    return replace(plan, notes=(*notes, *plan.notes))


def _reached(problem: Problem, plan: KindPlan) -> tuple[float, float]:
    return tiers.reached(problem, plan.kind, plan.matches)


def _kept_only(problem: Problem, kind: Kind, notes: tuple[str, ...], started: float) -> KindPlan:
    return KindPlan(
        kind, kept(problem, kind), Status.FEASIBLE, (), time.monotonic() - started, notes=notes
    )


def kept(problem: Problem, kind: Kind) -> tuple[Match, ...]:
    mine = {need.id for need in problem.needs(kind)}
    return tuple(row.match for row in problem.kept if row.match.need in mine)


def rejected(problem: Problem, kind: Kind, candidates: CandidateSet) -> dict[str, int]:
    """Rule code → pairs that this rule was the first to refuse."""
    left = len(problem.needs(kind)) * len(problem.offers(kind))
    counts = {}
    for place, code in enumerate(candidates.codes):
        passed = int(candidates.left[:, place].sum(dtype="int64"))
        counts[code], left = left - passed, passed
    return counts


def _note(code: str, error: Exception) -> str:
    return f"{code}: {type(error).__name__}: {str(error)[:200]}"
