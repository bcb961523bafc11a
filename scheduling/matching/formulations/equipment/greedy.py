"""A first plan within seconds: what was proposed before, then the most urgent needs first."""

from scheduling.matching.blocks import Placed
from scheduling.matching.formulations.equipment.calendar import Calendar
from scheduling.matching.formulations.equipment.ground import Ground


def previous_plan(ground: Ground) -> dict[int, Placed]:
    """What was proposed before and still can be; the more urgent first where two clash."""
    calendar, plan = Calendar(ground), {}
    open_needs = set(ground.open)
    for need in sorted(ground.previous, key=lambda place: (-ground.weight[place], place)):
        unit, start = ground.previous[need]
        pair = ground.pair(need, unit) if need in open_needs else None
        if pair is not None and calendar.holds(pair, need, start):
            calendar.take(unit, ground.block(pair, need, start))
            plan[need] = unit, start
    return plan


def fill(ground: Ground, plan: dict[int, Placed], needs: list[int]) -> dict[int, Placed]:
    """The plan with as many of ``needs`` as fit, one after the other: by weight, among equals the
    shortest first, each on the nearest unit that is free, as early as can be."""
    calendar, plan = Calendar(ground), dict(plan)
    for need, (unit, start) in plan.items():
        calendar.take(unit, ground.block(ground.pair(need, unit), need, start))
    rows = ground.problem.equipment_needs
    for need in sorted(needs, key=lambda n: (-ground.weight[n], rows[n].duration_minutes, n)):
        if need not in plan:
            spot = calendar.nearest(need)
            if spot is not None:
                plan[need] = spot
    return plan
