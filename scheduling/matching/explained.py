"""Reasons for a plan file, as data: who got what and why, who got nothing, what found nobody."""

from collections.abc import Iterable
from dataclasses import replace

from scheduling.matching import kinds, tiers
from scheduling.matching.codec import FormatError, plain
from scheduling.matching.plan import Control, KindPlan, Plan
from scheduling.matching.problem import Kind, Problem
from scheduling.matching.reasons import Explainer
from scheduling.matching.reasons.alone import fairness_alone
from scheduling.matching.solve import solve
from scheduling.matching.travel import Travel


def explained(problem: Problem, plan: Plan, names: Iterable[str], control: Control) -> list[dict]:
    """Of the needs and offers of these names, in their order; without names of every need that
    did not get all it asked for.  Each kind concerned is solved once more without equity, to know
    whom fairness cost something.  Raises ``FormatError`` for a name that the problem does not
    have, or a need whose kind has no plan."""
    plans = {row.kind: row for row in plan.kinds}
    wanted = [_found(problem, plans, name) for name in names]
    wanted = wanted or [(kind, name) for kind in plans for name in _short(problem, plans[kind])]
    explainers = {
        kind: _explainer(problem, plans[kind], control) for kind in dict.fromkeys(dict(wanted))
    }
    return [_account(explainers[kind], name) for kind, name in wanted]


def _found(problem: Problem, plans: dict[Kind, KindPlan], name: str) -> tuple[Kind, str]:
    for kind in plans:
        if any(row.id == name for row in (*problem.needs(kind), *problem.offers(kind))):
            return kind, name
    raise FormatError(name, "reference", "is no need or offer of a kind that the plan has")


def _short(problem: Problem, plan: KindPlan) -> list[str]:
    parts = tiers.parts(problem, plan.kind, plan.matches)
    needs = problem.needs(plan.kind)
    return [need.id for need, part in zip(needs, parts, strict=True) if part < 1]


def _explainer(problem: Problem, plan: KindPlan, control: Control) -> Explainer:
    aims = problem.parameters
    if not aims.fairness:
        return Explainer(problem, plan)
    without = replace(problem, parameters=replace(aims, fairness=0.0))
    (other,) = solve(without, control, only=[plan.kind]).kinds
    travel = Travel(problem)
    candidates = kinds.candidates_of(problem, plan.kind, travel)
    alike = fairness_alone(problem, plan, other, candidates, travel)
    return Explainer(
        problem,
        plan,
        without_equity=other if alike else None,
        candidates=candidates,
        travel=travel,
    )


def _account(explainer: Explainer, name: str) -> dict:
    try:
        reason = explainer.need(name)
    except KeyError:
        return plain(explainer.offer(name))
    return {**plain(reason), "blocked_by": reason.blocked_by}
