"""Equipment: interval packing over columns (need, unit, start), region by region.

A region – neighbouring units of one class, whom they serve and who waits – is an integer program of
its own, solved by CP-SAT; each sweep cuts the city elsewhere.
"""

from scheduling.matching.candidates import CandidateSet
from scheduling.matching.formulations.equipment.bounds import bounds_of
from scheduling.matching.formulations.equipment.clock import Clock
from scheduling.matching.formulations.equipment.ground import lay
from scheduling.matching.formulations.equipment.phases import searched
from scheduling.matching.plan import Control, KindPlan, Status, Tier
from scheduling.matching.problem import Kind, Problem
from scheduling.matching.tiers import measure
from scheduling.matching.travel import Travel

PROVEN = 1e-6  # relative: nearer to its bound is at it


def solve(problem: Problem, candidates: CandidateSet, travel: Travel, control: Control) -> KindPlan:
    """A run that is stopped, or out of time, keeps what it has so far; the first plan is there
    within seconds at any size."""
    clock = Clock(control)
    ground = lay(problem, candidates, travel)
    draft = searched(ground, clock)
    matches = ground.matches(draft.plan)
    bounds = bounds_of(ground, draft, clock)
    tiers = measure(problem, Kind.EQUIPMENT, matches, candidates, travel, bounds)
    return KindPlan(
        kind=Kind.EQUIPMENT,
        matches=matches,
        status=_status(tiers, clock),
        tiers=tiers,
        seconds=clock.elapsed,
        notes=clock.notes,
    )


def _status(tiers: tuple[Tier, ...], clock: Clock) -> Status:
    if clock.stopped:
        return Status.STOPPED
    open_tiers = (tier for tier in tiers if tier.gap is None or tier.gap > PROVEN)
    return Status.FEASIBLE if any(open_tiers) else Status.OPTIMAL
