"""Regions of a plan that are solved while the rest stands still: neighbouring units of one class,
with the needs that they serve and those that nobody serves yet."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from scheduling.matching.formulations.equipment.columns import Column, Region, columns_of
from scheduling.matching.formulations.equipment.draft import Draft
from scheduling.matching.formulations.equipment.ground import Ground
from scheduling.matching.partition import points, regions

FEW_COLUMNS = 1_500  # a region that has fewer gets more starts, all of them if it can


@dataclass(frozen=True)
class Grain:
    """How finely to cut: ``units`` in a region, fewer where it would have more than ``columns``;
    ``starts`` of a pair that are thought of."""

    units: int
    columns: int
    starts: int


class Cutter:
    def __init__(self, ground: Ground, *, seed: int):
        self.ground, self.seed = ground, seed
        self.points = points(ground.problem)
        self.asking: dict[int, list[int]] = {}
        for need in ground.open:
            for unit in ground.candidates.offers_of(need).tolist():
                self.asking.setdefault(unit, []).append(need)
        self.classes: dict[str, list[int]] = {}
        for unit in sorted(self.asking):
            self.classes.setdefault(ground.problem.units[unit].item, []).append(unit)

    def cut(self, grain: Grain, sweep: int) -> Iterator[list[int]]:
        """Every unit that anybody asks for, once, in groups of neighbours of one class."""
        for _, units in sorted(self.classes.items()):
            yield from self._parts(units, grain.units, sweep)

    def regions(
        self, grain: Grain, units: list[int], sweep: int, draft: Draft, among: set[int]
    ) -> Iterator[tuple[Region, list[Column]]]:
        """The region of these units, or several smaller ones where its columns are too many."""
        region = self._region(units, draft, among)
        columns = columns_of(self.ground, region, samples=self._samples(region), most=grain.starts)
        if len(columns) <= grain.columns or len(units) < 2:
            yield region, columns
            return
        for part in self._parts(units, -(-len(units) // 2), sweep):
            yield from self.regions(grain, part, sweep, draft, among)

    def _samples(self, region: Region) -> int:
        pairs = sum(len(self.ground.pairs_of(need)) for need in region.needs)
        return 1 + FEW_COLUMNS // max(1, pairs)

    def _region(self, units: list[int], draft: Draft, among: set[int]) -> Region:
        here = {need: draft.plan[need] for unit in units for need in draft.on[unit]}
        loose = {need for unit in units for need in self.asking[unit]} & among
        needs = sorted(here.keys() | (loose - draft.plan.keys()))
        return Region(needs, {unit: self.ground.free[unit] for unit in units}, here)

    def _parts(self, units: list[int], size: int, sweep: int) -> Iterator[list[int]]:
        index, rows = self.ground.travel.index, self.ground.problem.units
        places = self.points[[index[rows[unit].institution] for unit in units]]
        nobody = np.zeros((0, 2))
        for part in regions(nobody, places, size=size, sweep=sweep, seed=self.seed):
            yield [units[place] for place in part.offers.tolist()]
