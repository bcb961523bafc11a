"""Improve a plan region by region; each sweep cuts the city elsewhere."""

import time
from collections.abc import Callable, Iterator

from scheduling.matching.formulations.equipment.columns import Column, Region
from scheduling.matching.formulations.equipment.cut import Cutter
from scheduling.matching.formulations.equipment.packing import Effort, Packed, Packing
from scheduling.matching.formulations.equipment.standing import Standing
from scheduling.matching.plan import Control, Progress
from scheduling.matching.problem import Kind, Urgency

SAMPLES = 3
WORK = 2.0  # deterministic time for one region
IDLE_SWEEPS = 2  # so many sweeps without any gain end a phase


class OutOfTime(Exception):
    """The plan as it stands is the best so far.  ``stopped``: somebody asked for it."""

    def __init__(self, *, stopped: bool):
        super().__init__()
        self.stopped = stopped


class Clock:
    """Ends a run by deterministic work, so that it can be replayed; by the wall clock only where
    the machine is too slow for that (``late``)."""

    def __init__(self, control: Control, *, work: float):
        self.control, self.left, self.late = control, work, False
        self.began = time.monotonic()

    def check(self) -> None:
        if self.control.should_stop():
            raise OutOfTime(stopped=True)
        if self.seconds_left <= 0:
            self.late = True
        if self.late or self.left <= 0:
            raise OutOfTime(stopped=False)

    @property
    def seconds_left(self) -> float:
        return self.began + self.control.seconds - time.monotonic()

    def effort(self) -> Effort:
        return Effort(min(WORK, self.left), max(0.1, self.seconds_left), self.control.seed)


class Search:
    def __init__(self, standing: Standing, cutter: Cutter, clock: Clock):
        self.standing, self.cutter, self.clock = standing, cutter, clock
        self.rows = standing.ground.problem.equipment_needs

    def urgent_first(self) -> None:
        """Tier 1; routine needs must not be in the plan yet."""
        pressing = {n for n in self.standing.ground.open if self.rows[n].urgency < Urgency.ROUTINE}
        self._sweeps("urgent", pressing, lambda packing: packing.urgent())

    def fairly(self) -> None:
        """Tiers 2 and 3, tier 1 held."""
        self._sweeps("equity", set(self.standing.ground.open), self._fairest)

    def _fairest(self, packing: Packing):
        packing.model.add(packing.urgent() >= self.standing.urgent(packing.region.plan))
        return packing.fairest(self.standing.fills)

    def _sweeps(self, phase: str, among: set[int], objective: Callable) -> None:
        idle = sweep = 0
        while idle < IDLE_SWEEPS and not among <= self.standing.plan.keys():
            gained = [self._improve(*part, objective) for part in self._parts(sweep, phase, among)]
            idle = 0 if any(gained) else idle + 1
            sweep += 1

    def _parts(
        self, sweep: int, phase: str, among: set[int]
    ) -> Iterator[tuple[Region, list[Column]]]:
        """The regions of a sweep in which somebody waits."""
        groups = list(self.cutter.cut(sweep))
        for done, units in enumerate(groups):
            self._report(phase, done / len(groups))
            for region, columns in self.cutter.regions(units, sweep, self.standing, among):
                if len(region.needs) > len(region.plan):
                    self.clock.check()
                    yield region, columns

    def _improve(self, region: Region, columns: list[Column], objective: Callable) -> bool:
        packing = Packing(self.standing.ground, region, columns)
        packed = packing.maximise(objective(packing), self.clock.effort())
        self._spend(packed, columns)
        if packed.plan is None or not self.standing.better(region.plan, packed.plan):
            return False
        self.standing.change(region.plan, packed.plan)
        return True

    def _spend(self, packed: Packed, columns: list[Column]) -> None:
        self.clock.left -= packed.work + len(columns) * BUILDING

    def _report(self, phase: str, done: float) -> None:
        served = len(self.standing.plan)
        self.clock.control.report(Progress(Kind.EQUIPMENT, phase, done, served))


BUILDING = 4e-5  # work to build a column's part of a program
