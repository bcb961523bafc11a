"""Regions of a plan that are solved while the rest stands still: neighbouring units of one class,
with the needs that they serve and those that nobody serves yet."""

from collections.abc import Iterator

import numpy as np

from scheduling.matching.formulations.equipment.columns import Column, Region, columns_of
from scheduling.matching.formulations.equipment.ground import Ground
from scheduling.matching.formulations.equipment.standing import Standing
from scheduling.matching.partition import points, regions

UNITS = 12
MOST_COLUMNS = 4_000  # more make a program that is not solved within a second or two


class Cutter:
    """``samples``: starts per pair that are spread evenly (``columns_of``)."""

    def __init__(self, ground: Ground, *, seed: int, samples: int):
        self.ground, self.seed, self.samples = ground, seed, samples
        self.points = points(ground.problem)
        self.asking: dict[int, list[int]] = {}
        for need in ground.open:
            for unit in ground.candidates.offers_of(need).tolist():
                self.asking.setdefault(unit, []).append(need)
        self.classes: dict[str, list[int]] = {}
        for unit in sorted(self.asking):
            self.classes.setdefault(ground.problem.units[unit].item, []).append(unit)

    def cut(self, sweep: int) -> Iterator[list[int]]:
        """Every unit that anybody asks for, once, in groups of neighbours of one class."""
        for _, units in sorted(self.classes.items()):
            yield from self._parts(units, UNITS, sweep)

    def regions(
        self, units: list[int], sweep: int, standing: Standing, among: set[int]
    ) -> Iterator[tuple[Region, list[Column]]]:
        """The region of these units, or several smaller ones where its columns are too many."""
        region = self._region(units, standing, among)
        columns = columns_of(self.ground, region, samples=self.samples)
        if len(columns) <= MOST_COLUMNS or len(units) < 2:
            yield region, columns
            return
        for part in self._parts(units, -(-len(units) // 2), sweep):
            yield from self.regions(part, sweep, standing, among)

    def _region(self, units: list[int], standing: Standing, among: set[int]) -> Region:
        here = {need: standing.plan[need] for unit in units for need in standing.on[unit]}
        loose = {need for unit in units for need in self.asking[unit]} & among
        needs = sorted(here.keys() | (loose - standing.plan.keys()))
        return Region(needs, {unit: self.ground.free[unit] for unit in units}, here)

    def _parts(self, units: list[int], size: int, sweep: int) -> Iterator[list[int]]:
        index, rows = self.ground.travel.index, self.ground.problem.units
        places = self.points[[index[rows[unit].institution] for unit in units]]
        nobody = np.zeros((0, 2))
        for part in regions(nobody, places, size=size, sweep=sweep, seed=self.seed):
            yield [units[place] for place in part.offers.tolist()]
