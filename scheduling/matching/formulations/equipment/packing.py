"""One region as an integer program over its columns, solved by CP-SAT.

One column per need, one per clique of blocks that share a moment: for a given unit the blocks are
intervals, so these rows have consecutive ones and their linear relaxation is tight.
"""

from dataclasses import dataclass

from ortools.sat.python import cp_model

from scheduling.matching.blocks import Placed
from scheduling.matching.formulations.equipment.columns import Column, Region, cliques
from scheduling.matching.formulations.equipment.fills import GRAIN, Fills
from scheduling.matching.formulations.equipment.ground import Ground
from scheduling.matching.problem import Urgency

NEAREST = 100  # parts in which the way is counted


@dataclass(frozen=True)
class Effort:
    """``work``: deterministic time (about seconds) for one program; ``seconds``: wall clock, which
    ends a program only on a machine that is far slower than expected."""

    work: float
    seconds: float
    seed: int


@dataclass(frozen=True)
class Packed:
    """``bound``: no plan of these columns is worth more; ``work``: deterministic time spent."""

    plan: dict[int, Placed] | None
    value: float
    bound: float
    work: float

    @property
    def proven(self) -> bool:
        return self.bound <= self.value


class Packing:
    """The model of one region.  ``columns`` must contain what ``region.plan`` has."""

    def __init__(self, ground: Ground, region: Region, columns: list[Column]):
        self.ground, self.region, self.columns = ground, region, columns
        self.model = cp_model.CpModel()
        self.taken = [self.model.new_bool_var("") for _ in columns]
        self.of_need: dict[int, list[int]] = {}
        for place, column in enumerate(columns):
            self.of_need.setdefault(column.need, []).append(place)
            stands = region.plan.get(column.need) == (column.unit, column.start)
            self.model.add_hint(self.taken[place], stands)
        for places in (*self.of_need.values(), *cliques(columns)):
            self.model.add_at_most_one(self.taken[place] for place in places)

    def urgent(self) -> cp_model.LinearExprT:
        """Tier 1: the weight of critical and urgent needs served."""
        needs = self.ground.problem.equipment_needs
        return self.total(
            [
                self.ground.weight[column.need] * (needs[column.need].urgency < Urgency.ROUTINE)
                for column in self.columns
            ]
        )

    def hold_urgent(self, least: int) -> None:
        self.model.add(self.urgent() >= least)

    def hold_served(self, least: int) -> None:
        self.model.add(self.served() >= least)

    def served(self) -> cp_model.LinearExprT:
        return self.total([1] * len(self.columns))

    def fairest(self, fills: Fills) -> cp_model.LinearExprT:
        """Equity before the number of needs served, as one integer."""
        share = self.ground.problem.parameters.fairness
        served = self.total([1] * len(self.columns))
        if share == 0:
            return served
        equity = fills.equity(self)
        if share == 1:
            return equity * (1 + len(self.of_need)) + served
        rate = GRAIN * fills.per_need
        return equity * round(100 * share) + served * round(100 * (1 - share) * rate)

    def about_fairest(self, fills: Fills) -> cp_model.LinearExprT:
        """The same along the tangents at the plan as it stands: far easier, right for small
        changes."""
        share = self.ground.problem.parameters.fairness
        return self.total([fills.worth(column.need, share) for column in self.columns])

    def then_as_before(self, objective: cp_model.LinearExprT) -> cp_model.LinearExprT:
        """Among the best, the most that stays as it was proposed."""
        if not self.ground.previous:
            return objective
        return objective * (1 + len(self.of_need)) + self.total(
            [self._as_before(column) for column in self.columns]
        )

    def nearness(self) -> list[int]:
        """Per column, what it counts in the last tiers: as proposed before, then little travel."""
        near = self.ground.nearness
        return [
            1 + round(NEAREST * near[column.pair]) + (1 + NEAREST) * self._as_before(column)
            for column in self.columns
        ]

    def _as_before(self, column: Column) -> bool:
        return self.ground.previous.get(column.need) == (column.unit, column.start)

    def weight_of(self, plan: dict[int, Placed]) -> int:
        return sum(self.ground.weight[need] for need in plan)

    def worth(self, plan: dict[int, Placed], weights: list[int]) -> int:
        return sum(
            weight
            for column, weight in zip(self.columns, weights, strict=True)
            if plan.get(column.need) == (column.unit, column.start)
        )

    def keep_everyone(self) -> None:
        """Whoever is served stays served; a region for this has nobody else."""
        for places in self.of_need.values():
            self.model.add_exactly_one(self.taken[place] for place in places)

    def total(self, weights: list[int]) -> cp_model.LinearExprT:
        return cp_model.LinearExpr.weighted_sum(self.taken, weights)

    def maximise(self, objective: cp_model.LinearExprT, effort: Effort) -> Packed:
        self.model.maximize(objective)
        solver = cp_model.CpSolver()
        settings = solver.parameters
        settings.num_workers = 1
        settings.random_seed = effort.seed
        settings.max_deterministic_time = effort.work
        settings.max_time_in_seconds = effort.seconds
        settings.cp_model_probing_level = 0  # without these three: up to 3 × the time
        settings.symmetry_level = 0
        settings.linearization_level = 2
        status = solver.solve(self.model)
        work, bound = solver.response_proto.deterministic_time, solver.best_objective_bound
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return Packed(None, float("-inf"), bound, work)
        chosen = [
            column
            for column, taken in zip(self.columns, self.taken, strict=True)
            if solver.value(taken)
        ]
        plan = {column.need: (column.unit, column.start) for column in chosen}
        return Packed(plan, solver.objective_value, bound, work)
