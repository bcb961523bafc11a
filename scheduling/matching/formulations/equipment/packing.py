"""One region as an integer program over its columns, solved by CP-SAT.

One column per need, one per clique of blocks that share a moment: for a given unit the blocks are
intervals, so these rows have consecutive ones and their linear relaxation is tight.
"""

from dataclasses import dataclass

from ortools.sat.python import cp_model

from scheduling.matching.formulations.equipment.columns import Column, Region, cliques
from scheduling.matching.formulations.equipment.fills import Fills
from scheduling.matching.formulations.equipment.ground import Ground, Placed
from scheduling.matching.problem import Urgency

BONUS = 20  # most that stability and nearness count for one need, in tier 5
STAYS = 12  # of which: the unit that was proposed before


@dataclass(frozen=True)
class Effort:
    """``work``: deterministic time (about seconds) for one program; ``seconds``: wall clock, which
    ends a program only on a machine that is far slower than expected."""

    work: float
    seconds: float
    seed: int


class Packing:
    """The model of one region.  ``columns`` must contain what ``region.plan`` has."""

    def __init__(self, ground: Ground, region: Region, columns: list[Column]):
        self.ground, self.region, self.columns = ground, region, columns
        self.model = cp_model.CpModel()
        self.taken = [self.model.new_bool_var("") for _ in columns]
        self.of_need: dict[int, list[int]] = {}
        for place, column in enumerate(columns):
            self.of_need.setdefault(column.need, []).append(place)
        for places in (*self.of_need.values(), *cliques(columns)):
            self.model.add_at_most_one(self.taken[place] for place in places)
        for place, column in enumerate(columns):
            stands = region.plan.get(column.need) == (column.unit, column.start)
            self.model.add_hint(self.taken[place], stands)

    def weight(self, need: int) -> int:
        urgency = self.ground.problem.equipment_needs[need].urgency
        return self.ground.problem.parameters.weight(urgency)

    def urgent(self) -> cp_model.LinearExpr:
        needs = self.ground.problem.equipment_needs
        places = [
            place
            for place, column in enumerate(self.columns)
            if needs[column.need].urgency < Urgency.ROUTINE
        ]
        return cp_model.LinearExpr.weighted_sum(
            [self.taken[place] for place in places],
            [self.weight(self.columns[place].need) for place in places],
        )

    def fairest(self, fills: Fills) -> cp_model.LinearExpr:
        """Equity, then needs served, then stability and nearness, as one integer."""
        needs = len(self.of_need)
        bonus = [1 + needs * BONUS + self._bonus(column) for column in self.columns]
        rest = cp_model.LinearExpr.weighted_sum(self.taken, bonus)
        equity = fills.equity(self)
        return rest if equity is None else equity * (needs * (2 + needs * BONUS)) + rest

    def _bonus(self, column: Column) -> int:
        stays = self.ground.previous.get(column.need) == column.unit
        near = round((BONUS - STAYS) * self.ground.nearness[column.pair])
        return near + (STAYS if stays else 0)

    def solve(self, effort: Effort) -> tuple[dict[int, Placed], cp_model.CpSolver] | None:
        """None when not even the present plan was found again in time."""
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = effort.seed
        solver.parameters.max_deterministic_time = effort.work
        solver.parameters.max_time_in_seconds = effort.seconds
        status = solver.solve(self.model)
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            print(status, self.model.validate())
            return None
        chosen = [c for c, taken in zip(self.columns, self.taken, strict=True) if solver.value(taken)]
        return {column.need: (column.unit, column.start) for column in chosen}, solver
