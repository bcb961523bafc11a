"""How well each institution's needs are met, and what one more need met is worth in fairness."""

from ortools.sat.python.cp_model import LinearExpr

from scheduling.matching.blocks import Placed
from scheduling.matching.formulations.equipment.ground import Ground
from scheduling.matching.problem import Kind

GRAIN = 10_000  # equity is counted in ten-thousandths
FINE = 1_000  # and its tangents in thousandths of these
KNOTS = 24  # tangents of the curve: a region's equity is then right to about 0.5 %


class Fills:
    """``met[i]`` of ``asked[i]`` by weight, history included, for the plan as it stands."""

    def __init__(self, ground: Ground, plan: dict[int, Placed]):
        problem, index = ground.problem, ground.travel.index
        self.weight, self.offset = ground.weight, problem.parameters.equity_offset
        self.home = [index[need.institution] for need in problem.equipment_needs]
        self.asked = [row.history_asked.get(Kind.EQUIPMENT, 0.0) for row in problem.institutions]
        self.met = [row.history_met.get(Kind.EQUIPMENT, 0.0) for row in problem.institutions]
        for need in (*ground.open, *ground.kept):
            self.asked[self.home[need]] += self.weight[need]
        for need in (*plan, *ground.kept):
            self.met[self.home[need]] += self.weight[need]

    @property
    def per_need(self) -> float:
        """About what the curve rises by for one routine need at an institution of middling size,
        half met: the rate at which fairness is weighed against needs served."""
        asked = sorted(filter(None, self.asked)) or [1.0]
        return 1 / (0.5 + self.offset) ** 2 / asked[len(asked) // 2]

    def change(self, before: dict[int, Placed], after: dict[int, Placed]) -> None:
        for need in before.keys() - after.keys():
            self.met[self.home[need]] -= self.weight[need]
        for need in after.keys() - before.keys():
            self.met[self.home[need]] += self.weight[need]

    def gain(self, before: dict[int, Placed], after: dict[int, Placed]) -> float:
        """What equity rises by, exactly, when one part of the plan becomes the other."""
        change: dict[int, int] = {}
        for need in before.keys() - after.keys():
            change[self.home[need]] = change.get(self.home[need], 0) - self.weight[need]
        for need in after.keys() - before.keys():
            change[self.home[need]] = change.get(self.home[need], 0) + self.weight[need]
        return sum(
            self.curve(home, self.met[home] + more) - self.curve(home, self.met[home])
            for home, more in sorted(change.items())
        )

    def total(self) -> float:
        return sum(
            self.curve(home, self.met[home]) for home, asked in enumerate(self.asked) if asked
        )

    def slope(self, need: int) -> float:
        """What the need met would be worth along the tangent at the plan as it stands."""
        home = self.home[need]
        asked = self.asked[home] or 1.0
        return self.weight[need] / (self.met[home] / asked + self.offset) ** 2 / asked

    def worth(self, need: int, share: float) -> int:
        """The same in whole numbers, weighed against being served at all."""
        fair, served = self.slope(need), self.per_need
        return 1 + round(GRAIN * (share * fair + (1 - share) * served))

    def curve(self, home: int, met: float) -> float:
        return -1 / (met / self.asked[home] + self.offset)

    def equity(self, packing):
        """The sum over a region's institutions of the concave curve of their fill: a variable
        each, under the curve's tangents; in GRAINs, counted from the least that the region can
        leave them."""
        places: dict[int, list[int]] = {}
        for place, column in enumerate(packing.columns):
            places.setdefault(self.home[column.need], []).append(place)
        return sum(self._under(packing, home, at) for home, at in sorted(places.items()))

    def _under(self, packing, home: int, places: list[int]):
        needs = {packing.columns[place].need for place in places}
        least = self.met[home] - sum(self.weight[n] for n in needs & packing.region.plan.keys())
        most = least + sum(self.weight[need] for need in needs)
        height = self.curve(home, most) - self.curve(home, least)
        value = packing.model.new_int_var(0, max(0, round(height * GRAIN)), "")
        taken = [packing.taken[place] for place in places]
        weight = [self.weight[packing.columns[place].need] for place in places]
        for slope, start in self._tangents(home, least, most):
            line = LinearExpr.weighted_sum(taken, [round(slope * each) for each in weight])
            packing.model.add(value * FINE <= line + round(start))
        return value

    def _tangents(self, home: int, least: float, most: float):
        """(rise per weight, height at ``least``), in FINE parts of GRAINs above the curve there."""
        asked, scale = self.asked[home], GRAIN * FINE
        low, high = least / asked + self.offset, most / asked + self.offset
        knots = min(KNOTS, max(2, round(most - least) + 1))
        for knot in range(knots):
            at = low * (high / low) ** (knot / (knots - 1))
            yield scale / at**2 / asked, scale * (1 / low - 2 / at + low / at**2)
