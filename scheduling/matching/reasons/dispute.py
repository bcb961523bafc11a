"""A dispute, answered exactly: had this need been served, who would have lost?

The need is forced onto each of its nearest offers in turn, and the block of needs and offers that
hang together with it is solved again by the kind's own formulation, all else staying as it is.
"""

from dataclasses import dataclass, replace

import numpy as np

from scheduling.matching import kinds, local, tiers
from scheduling.matching.checker import check_kind
from scheduling.matching.plan import Control, KindPlan
from scheduling.matching.problem import Kept, KeptMatch, Match, Problem, Urgency
from scheduling.matching.travel import Travel


@dataclass(frozen=True, slots=True)
class Change:
    """A need that would get less (``after`` < ``before``, parts of it) or, rarely, more."""

    need: str
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class Dispute:
    """``matches``: how the need would be served; none: no offer could, even alone.  ``changes``:
    every other need for which something would change.  ``urgent``, ``served``: by how much the
    plan as a whole would change in these tiers.  ``after``: the whole plan, as it would be."""

    need: str
    matches: tuple[Match, ...]
    changes: tuple[Change, ...]
    urgent: float
    served: float
    after: tuple[Match, ...] = ()


def dispute(
    problem: Problem,
    plan: KindPlan,
    need: str,
    *,
    travel: Travel | None = None,
    control: Control | None = None,
) -> Dispute:
    """``control.seconds`` (2 by default) is for all that is solved here together."""
    control, travel = control or Control(seconds=2.0), travel or Travel(problem)
    reach = local.Reach(problem, plan.kind, travel)
    block = local.around(problem, plan.kind, plan.matches, [need], reach)
    row = next(row for row in problem.needs(plan.kind) if row.id == need)
    options = kinds.reasons(plan.kind).placements(block.problem, travel, row, block.nearest)
    share = replace(control, seconds=control.seconds / max(1, len(options)))
    best: tuple | None = None
    for forced in options:
        found = _solved(block.problem, plan, forced, share)
        if found and (best is None or found[0] > best[0]):
            best = (*found, forced)
    if best is None:
        return Dispute(need, (), (), 0.0, 0.0, plan.matches)
    return _told(problem, plan, need, block.put_back(plan.matches, best[1]), best[2])


def _solved(
    problem: Problem, plan: KindPlan, forced: tuple[Match, ...], control: Control
) -> tuple[tuple[float, ...], tuple[Match, ...]] | None:
    """The tiers' values and the matches of the block with the need forced; None where it cannot
    be served so even if all others give way."""
    pinned = tuple(KeptMatch(match, Kept.PINNED) for match in forced)
    trial = replace(problem, kept=problem.kept + pinned)
    travel = Travel(trial)
    candidates = kinds.candidates_of(trial, plan.kind, travel)
    found = kinds.solved(trial, plan.kind, candidates, travel, control)
    if check_kind(problem, plan.kind, found.matches):
        return None
    measured = tiers.measure(trial, plan.kind, found.matches, candidates, travel)
    return tuple(tier.value for tier in measured), found.matches


def _told(
    problem: Problem,
    plan: KindPlan,
    need: str,
    whole: tuple[Match, ...],
    forced: tuple[Match, ...],
) -> Dispute:
    """What differs in the ``whole`` plan from what was proposed."""
    rows = problem.needs(plan.kind)
    before = tiers.parts(problem, plan.kind, plan.matches)
    change = tiers.parts(problem, plan.kind, whole) - before
    changes = tuple(
        Change(rows[n].id, float(before[n]), float(before[n] + change[n]))
        for n in np.flatnonzero(np.abs(change) > 1e-9).tolist()
        if rows[n].id != need
    )
    pressing = np.array([row.urgency < Urgency.ROUTINE for row in rows])
    urgent = float((tiers.weights(problem, plan.kind) * change)[pressing].sum())
    return Dispute(need, forced, changes, urgent, float(change.sum()), whole)
