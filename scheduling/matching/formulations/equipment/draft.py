"""The plan as it stands while it is improved, and what it is worth."""

from collections import defaultdict

from scheduling.matching.blocks import Placed
from scheduling.matching.formulations.equipment.fills import Fills
from scheduling.matching.formulations.equipment.ground import Ground
from scheduling.matching.problem import Urgency
from scheduling.matching.tiers import least_kept

NOISE = 1e-9  # of the equity tier


class Draft:
    """``plan`` without what is kept; ``on``: the needs that each unit serves in it; ``least``: how
    many it must serve, kept ones left out."""

    def __init__(self, ground: Ground, plan: dict[int, Placed]):
        self.ground = ground
        self.plan = dict(plan)
        self.fills = Fills(ground, plan)
        self.least = 0
        self.on: dict[int, set[int]] = defaultdict(set)
        for need, (unit, _) in plan.items():
            self.on[unit].add(need)

    def urgent(self, part: dict[int, Placed]) -> int:
        rows = self.ground.problem.equipment_needs
        return sum(self.ground.weight[n] for n in part if rows[n].urgency < Urgency.ROUTINE)

    @property
    def spare(self) -> int:
        """How many fewer equity may serve yet."""
        return max(0, len(self.plan) - self.least)

    def limit_price(self) -> None:
        kept = len(self.ground.kept)
        self.least = int(least_kept(len(self.plan) + kept)) - kept

    def serves_more(self, before: dict[int, Placed], after: dict[int, Placed]) -> bool:
        urgent = self.urgent(after) - self.urgent(before)
        return urgent > 0 or (urgent == 0 and len(after) > len(before))

    def better(self, before: dict[int, Placed], after: dict[int, Placed]) -> bool:
        """Tier by tier, exactly: the model's equity is only tangents of the curve."""
        urgent = self.urgent(after) - self.urgent(before)
        if urgent:
            return urgent > 0
        if len(before) - len(after) > self.spare:
            return False
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
