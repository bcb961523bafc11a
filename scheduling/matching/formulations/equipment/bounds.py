"""What no plan can exceed, tier by tier."""

from collections import defaultdict
from math import floor, gcd

import numpy as np

from scheduling.matching.formulations.equipment.clock import Clock
from scheduling.matching.formulations.equipment.draft import Draft
from scheduling.matching.formulations.equipment.ground import Ground
from scheduling.matching.formulations.equipment.relaxation import Relaxation
from scheduling.matching.problem import Urgency

LONGEST = 10.0  # seconds for one relaxation
TOLERANCE = 1e-6
MOST_PAIRS = 100_000  # a class with more has no relaxation within the time and memory of a run
COARSE, FINE = 4_000, 12_000  # columns of a relaxation


def bounds_of(ground: Ground, draft: Draft, clock: Clock) -> dict[str, float]:
    """The urgent tier has a bound always; the two below it while there is time: they are dearer,
    and the search needs it more."""
    bounds = {"urgent": _urgent(ground, draft, clock)}
    if clock.going(0.0):
        bounds |= _fair_and_served(ground, draft, clock)
    return bounds


def _urgent(ground: Ground, draft: Draft, clock: Clock) -> float:
    """A class in which nobody urgent waits is at its bound; one too large to relax is taken to
    serve everybody.  What any plan reaches is a multiple
    of what the weights have in common."""
    rows, weight = ground.problem.equipment_needs, ground.weight
    pressing = [need for need in ground.open if rows[need].urgency < Urgency.ROUTINE]
    most = sum(weight[n] for n in ground.kept if rows[n].urgency < Urgency.ROUTINE)
    step = gcd(*(weight[need] for need in pressing)) or 1
    return float(
        most + sum(_of_class(draft, needs, step, clock) for needs in by_class(ground, pressing))
    )


def _of_class(draft: Draft, needs: list[int], step: int, clock: Clock) -> int:
    """A finer relaxation only where a coarse one leaves open whether the plan is the best: it
    takes ten times as long."""
    ground = draft.ground
    worth = np.array([ground.weight[need] for need in needs], dtype=np.float64)
    reached = int(worth @ [need in draft.plan for need in needs])
    bound = int(worth.sum())
    if _pairs(ground, needs) > MOST_PAIRS:
        return bound
    for columns in (COARSE, FINE):
        if bound > reached and clock.seconds_left > 0:
            found = Relaxation(ground, needs, columns).most(worth, _seconds(clock))
            bound = min(bound, floor(found / step + TOLERANCE) * step)
    return bound


def _fair_and_served(ground: Ground, draft: Draft, clock: Clock) -> dict[str, float]:
    """The curve of equity lies below its tangents at the plan; the sum of these is linear in who
    is served."""
    rise = [draft.fills.slope(need) for need in range(len(draft.fills.home))]
    equity = draft.fills.total() - sum(rise[need] for need in draft.plan)
    served = float(len(ground.kept))
    for needs in by_class(ground, ground.open):
        relaxation = Relaxation(ground, needs, COARSE)
        rises = np.array([rise[need] for need in needs])
        equity += relaxation.most(rises, _seconds(clock))
        served += floor(relaxation.most(np.ones(len(needs)), _seconds(clock)) + TOLERANCE)
    return {"equity": equity, "served": served}


def _pairs(ground: Ground, needs: list[int]) -> int:
    return sum(len(ground.pairs_of(need)) for need in needs)


def by_class(ground: Ground, needs: list[int]) -> list[list[int]]:
    classes: dict[str, list[int]] = defaultdict(list)
    for need in needs:
        classes[ground.problem.equipment_needs[need].item].append(need)
    return [classes[item] for item in sorted(classes)]


def _seconds(clock: Clock) -> float:
    return max(0.1, min(LONGEST, clock.seconds_left))
