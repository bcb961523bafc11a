"""What a round must beat for equipment: needs in a fixed order, nearest unit, first free time."""

from collections.abc import Callable

from scheduling.matching.candidates import CandidateSet
from scheduling.matching.formulations.equipment.calendar import Calendar
from scheduling.matching.formulations.equipment.ground import Ground, lay
from scheduling.matching.problem import Match, Problem
from scheduling.matching.travel import Travel


def first_come(problem: Problem, candidates: CandidateSet, travel: Travel) -> tuple[Match, ...]:
    """In the order in which the needs were posted."""
    return _in_order(lay(problem, candidates, travel), lambda need: need.posted_at)


def urgency_first(problem: Problem, candidates: CandidateSet, travel: Travel) -> tuple[Match, ...]:
    """Critical before urgent before routine, then as posted."""
    return _in_order(lay(problem, candidates, travel), lambda need: (need.urgency, need.posted_at))


def _in_order(ground: Ground, rank: Callable) -> tuple[Match, ...]:
    needs = ground.problem.equipment_needs
    calendar, plan = Calendar(ground), {}
    for need in sorted(ground.open, key=lambda place: (rank(needs[place]), place)):
        spot = calendar.nearest(need)
        if spot is not None:
            plan[need] = spot
    return ground.matches(plan)
