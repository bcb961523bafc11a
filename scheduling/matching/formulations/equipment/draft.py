"""The plan as it stands while it is improved, and what it is worth."""

from collections import defaultdict

from scheduling.matching.blocks import Placed
from scheduling.matching.formulations.equipment.fills import Fills
from scheduling.matching.formulations.equipment.ground import Ground
from scheduling.matching.problem import Urgency

NOISE = 1e-9  # of the equity tier


class Draft:
    """``plan`` without what is kept; ``on``: the needs that each unit serves in it."""

    def __init__(self, ground: Ground, plan: dict[int, Placed]):
        self.ground = ground
        self.plan = dict(plan)
        self.fills = Fills(ground, plan)
        self.on: dict[int, set[int]] = defaultdict(set)
        for need, (unit, _) in plan.items():
            self.on[unit].add(need)

    def urgent(self, part: dict[int, Placed]) -> int:
        rows = self.ground.problem.equipment_needs
        return sum(self.ground.weight[n] for n in part if rows[n].urgency < Urgency.ROUTINE)

    def better(self, before: dict[int, Placed], after: dict[int, Placed]) -> bool:
        """Tier by tier, exactly: the model's equity is only tangents of the curve."""
        urgent = self.urgent(after) - self.urgent(before)
        if urgent:
            return urgent > 0
        parameters = self.ground.problem.parameters
        fairer, more = self.fills.gain(before, after), len(after) - len(before)
        if 0 < parameters.fairness < 1:
            share = parameters.fairness
            return share * fairer + (1 - share) * more * self.fills.per_need > NOISE
        if parameters.fairness and abs(fairer) > NOISE:
            return fairer > 0
        return more > 0

    def change(self, before: dict[int, Placed], after: dict[int, Placed]) -> None:
        self.fills.change(before, after)
        for need, (unit, _) in before.items():
            del self.plan[need]
            self.on[unit].discard(need)
        for need, (unit, start) in after.items():
            self.plan[need] = unit, start
            self.on[unit].add(need)
