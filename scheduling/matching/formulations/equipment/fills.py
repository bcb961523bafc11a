"""How well each institution's needs are met, and what one more need met is worth in fairness."""

from scheduling.matching.formulations.equipment.ground import Ground, Placed
from scheduling.matching.problem import Kind

GRAIN = 10_000  # equity is counted in ten-thousandths
KNOTS = 24  # tangents of the curve: its error is below 0.5 % of the range


class Fills:
    """``met[i]`` of ``asked[i]`` by weight, history included, for the plan as it stands."""

    def __init__(self, ground: Ground, plan: dict[int, Placed]):
        self.ground = ground
        problem, index = ground.problem, ground.travel.index
        self.home = [index[need.institution] for need in problem.equipment_needs]
        self.weight = [problem.parameters.weight(n.urgency) for n in problem.equipment_needs]
        self.asked = [row.history_asked.get(Kind.EQUIPMENT, 0) for row in problem.institutions]
        self.met = [row.history_met.get(Kind.EQUIPMENT, 0) for row in problem.institutions]
        for need in (*ground.open, *ground.kept):
            self.asked[self.home[need]] += self.weight[need]
        for need in (*plan, *ground.kept):
            self.met[self.home[need]] += self.weight[need]

    def change(self, before: dict[int, Placed], after: dict[int, Placed]) -> None:
        for need in before:
            self.met[self.home[need]] -= self.weight[need]
        for need in after:
            self.met[self.home[need]] += self.weight[need]

    def slope(self, home: int) -> float:
        """What one unit of weight more is worth there (the curve's derivative)."""
        offset = self.ground.problem.parameters.equity_offset
        fill = self.met[home] / self.asked[home]
        return 1 / (fill + offset) ** 2 / self.asked[home]

    def equity(self, packing) -> object | None:
        """The sum over the region's institutions of the concave curve of their fill: a variable
        each, under the curve's tangents; in ``GRAIN``\\ s, counted from the lowest fill that the
        region can bring about.  None when fairness is switched off."""
        if not self.ground.problem.parameters.fairness:
            return None
        places: dict[int, list[int]] = {}
        for place, column in enumerate(packing.columns):
            places.setdefault(self.home[column.need], []).append(place)
        return sum(
            self._under_the_curve(packing, home, at) for home, at in sorted(places.items())
        )

    def _under_the_curve(self, packing, home: int, places: list[int]):
        needs = {packing.columns[place].need for place in places}
        least = self.met[home] - sum(self.weight[need] for need in needs & packing.region.plan.keys())
        most = min(self.asked[home], least + sum(self.weight[need] for need in needs))
        height = self._curve(home, most) - self._curve(home, least)
        value = packing.model.new_int_var(0, max(0, round(height)), "")
        for slope, start in self._tangents(home, least, most):
            packing.model.add(
                value * 1000
                <= round(start * 1000)
                + sum(
                    round(slope * self.weight[packing.columns[p].need] * 1000) * packing.taken[p]
                    for p in places
                )
            )
        return value

    def _curve(self, home: int, met: float) -> float:
        offset = self.ground.problem.parameters.equity_offset
        return -GRAIN / (met / self.asked[home] + offset)

    def _tangents(self, home: int, least: float, most: float):
        """(slope per weight, value at ``least``), both in GRAINs above the curve at ``least``."""
        offset, asked = self.ground.problem.parameters.equity_offset, self.asked[home]
        low, high = least / asked + offset, most / asked + offset
        knots = min(KNOTS, max(2, round(most - least) + 1))
        for knot in range(knots):
            at = low * (high / low) ** (knot / (knots - 1))
            slope = GRAIN / at**2
            yield slope / asked, (-GRAIN / at + slope * (low - at)) + GRAIN / low
