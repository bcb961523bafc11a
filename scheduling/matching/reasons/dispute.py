"""A dispute, answered exactly: had this need been served, who would have lost?

The need is forced onto each of its nearest offers in turn, and the block of needs and offers that
hang together with it is solved again by the kind's own formulation, all else staying as it is.
"""

from collections import defaultdict
from dataclasses import dataclass, replace

import numpy as np

from scheduling.matching import kinds, tiers
from scheduling.matching.candidates import CandidateSet
from scheduling.matching.checker import check_kind
from scheduling.matching.plan import Control, KindPlan
from scheduling.matching.problem import NEEDS, OFFERS, Kept, KeptMatch, Match, Problem, Urgency
from scheduling.matching.travel import Travel

NEAREST = 6  # offers onto which the need is forced
LARGEST_BLOCK = 120  # needs that are decided again


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
    plan as a whole would change in these tiers."""

    need: str
    matches: tuple[Match, ...]
    changes: tuple[Change, ...]
    urgent: float
    served: float


def dispute(
    problem: Problem,
    plan: KindPlan,
    need: str,
    *,
    candidates: CandidateSet,
    travel: Travel,
    control: Control | None = None,
) -> Dispute:
    """``control.seconds`` (2 by default) is for all that is solved here together."""
    control = control or Control(seconds=2.0)
    block = _block(problem, plan, need, candidates, travel)
    row = next(row for row in problem.needs(plan.kind) if row.id == need)
    options = kinds.reasons(plan.kind).placements(block.problem, travel, row, block.nearest)
    share = replace(control, seconds=control.seconds / max(1, len(options)))
    best: tuple | None = None
    for forced in options:
        found = _solved(block.problem, plan, forced, share)
        if found and (best is None or found[0] > best[0]):
            best = (*found, forced)
    if best is None:
        return Dispute(need, (), (), 0.0, 0.0)
    return _told(problem, plan, need, block.problem, best[1], best[2])


@dataclass(frozen=True)
class _Block:
    """``problem``: the block alone, with what others have of its offers kept; ``nearest``: the
    rows of the offers onto which the need may be forced."""

    problem: Problem
    nearest: tuple


def _block(
    problem: Problem, plan: KindPlan, need: str, candidates: CandidateSet, travel: Travel
) -> _Block:
    needs, offers = problem.needs(plan.kind), problem.offers(plan.kind)
    need_at = {row.id: place for place, row in enumerate(needs)}
    home = travel.index[needs[need_at[need]].institution]

    def way(offer: int) -> tuple[int, int]:
        return int(travel.minutes[travel.index[offers[offer].institution], home]), offer

    nearest = sorted(candidates.offers_of(need_at[need]).tolist(), key=way)[:NEAREST]
    holders, holds = _held(plan, need_at, {row.id: place for place, row in enumerate(offers)})
    inside = {need_at[need]}.union(*(holders[offer] for offer in nearest))
    reach = set(nearest).union(*(candidates.offers_of(row).tolist() for row in inside))
    for offer in sorted(reach, key=way):
        if len(inside) + len(holders[offer]) <= LARGEST_BLOCK:
            inside |= holders[offer]
    for row in inside:
        reach |= holds[row] | set(candidates.offers_of(row).tolist())
    beside = {row for offer in reach for row in holders[offer]} - inside
    return _Block(
        _part(problem, plan, inside, beside, reach), tuple(offers[place] for place in nearest)
    )


def _held(plan: KindPlan, need_at: dict[str, int], offer_at: dict[str, int]):
    """Who holds each offer, and what each need holds."""
    holders, holds = defaultdict(set), defaultdict(set)
    for match in plan.matches:
        holders[offer_at[match.offer]].add(need_at[match.need])
        holds[need_at[match.need]].add(offer_at[match.offer])
    return holders, holds


def _part(
    problem: Problem, plan: KindPlan, inside: set[int], beside: set[int], reach: set[int]
) -> Problem:
    """Needs ``inside`` are decided again; those ``beside`` them keep what they have."""
    needs, offers = problem.needs(plan.kind), problem.offers(plan.kind)
    there = tuple(offers[place] for place in sorted(reach))
    names = {row.id for row in there}
    decided = {needs[place].id for place in inside}
    kept = [row for row in problem.kept if row.match.offer in names]
    fixed = {row.match for row in kept}
    kept += [
        KeptMatch(match, Kept.PINNED)
        for match in plan.matches
        if match.offer in names and match.need not in decided and match not in fixed
    ]
    empty = {field: () for field in (*NEEDS.values(), *OFFERS.values())}
    rows = tuple(needs[place] for place in sorted(inside | beside))
    mine = {NEEDS[plan.kind]: rows, OFFERS[plan.kind]: there}
    previous = tuple(match for match in plan.matches if match.need in decided)
    return replace(problem, **(empty | mine), kept=tuple(kept), previous=previous)


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
    block: Problem,
    matches: tuple[Match, ...],
    forced: tuple[Match, ...],
) -> Dispute:
    """The block's plan put into the whole, and what differs from what was proposed."""
    again = {row.id for row in block.offers(plan.kind)}
    whole = [match for match in plan.matches if match.offer not in again] + list(matches)
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
    return Dispute(need, forced, changes, urgent, float(change.sum()))
