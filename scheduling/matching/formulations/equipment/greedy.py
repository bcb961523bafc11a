"""A first plan within seconds: what was proposed before, then the most urgent needs first."""

from scheduling.matching.blocks import Placed
from scheduling.matching.formulations.equipment.calendar import Calendar
from scheduling.matching.formulations.equipment.ground import Ground


def restore(ground: Ground, plan: dict[int, Placed], needs: set[int]) -> dict[int, Placed]:
    """The plan with what was proposed before for ``needs`` and still can be; the more urgent first
    where two clash."""
    calendar, plan = _calendar(ground, plan), dict(plan)
    before = ground.previous.keys() & needs - plan.keys()
    for need in sorted(before, key=lambda place: (-ground.weight[place], place)):
        unit, start = ground.previous[need]
        pair = ground.pair(need, unit)
        if pair is not None and calendar.holds(pair, need, start):
            calendar.take(unit, ground.block(pair, need, start))
            plan[need] = unit, start
    return plan


def fill(ground: Ground, plan: dict[int, Placed], needs: set[int]) -> dict[int, Placed]:
    """The plan with as many of ``needs`` as fit, one after the other: by weight, among equals the
    shortest first, each on the nearest unit that is free, as early as can be."""
    calendar, plan = _calendar(ground, plan), dict(plan)
    rows = ground.problem.equipment_needs
    waiting = needs - plan.keys()
    for need in sorted(waiting, key=lambda n: (-ground.weight[n], rows[n].duration_minutes, n)):
        spot = calendar.nearest(need)
        if spot is not None:
            plan[need] = spot
    return plan


def _calendar(ground: Ground, plan: dict[int, Placed]) -> Calendar:
    calendar = Calendar(ground)
    for need, (unit, start) in plan.items():
        calendar.take(unit, ground.block(ground.pair(need, unit), need, start))
    return calendar
