"""Improve a plan region by region; each sweep cuts the city elsewhere."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from scheduling.matching.formulations.equipment.clock import Clock
from scheduling.matching.formulations.equipment.columns import Column, Region
from scheduling.matching.formulations.equipment.cut import Cutter, Grain
from scheduling.matching.formulations.equipment.draft import Draft
from scheduling.matching.formulations.equipment.packing import Effort, Packed, Packing

IDLE_SWEEPS = 2  # so many sweeps without any gain end a phase
BUILDING = 4e-5  # work to build a column's part of a program


@dataclass(frozen=True)
class Phase:
    """``objective``: set on a packing, says what to maximise; ``better``: whether what came out
    is to be taken.  ``work``: for one region; ``reserve``: part of all work left to later phases;
    ``sweeps``: at most so many."""

    name: str
    grain: Grain
    objective: Callable
    better: Callable[[Region, Packing, Packed], bool]
    work: float
    reserve: float
    sweeps: int = 1_000


class Search:
    def __init__(self, draft: Draft, cutter: Cutter, clock: Clock):
        self.draft, self.cutter, self.clock = draft, cutter, clock
        self.steps = 0
        self.changed: dict[int, int] = defaultdict(int)  # unit → step of its last change
        self.settled: dict[tuple, int] = {}  # phase and units → step when nothing could be gained

    def run(self, phase: Phase, among: set[int]) -> None:
        """Until everybody ``among`` is served, two sweeps gain nothing, or the time is over.  Where
        ``among`` is empty, those served are only moved."""
        idle = sweep = 0
        while idle < IDLE_SWEEPS and sweep < phase.sweeps and self._open(phase, among):
            gained = [self._improve(phase, *part) for part in self._parts(phase, sweep, among)]
            idle = 0 if any(gained) else idle + 1
            sweep += 1

    def _open(self, phase: Phase, among: set[int]) -> bool:
        waiting = not among or not among <= self.draft.plan.keys()
        return waiting and self.clock.going(phase.reserve)

    def _parts(
        self, phase: Phase, sweep: int, among: set[int]
    ) -> Iterator[tuple[Region, list[Column]]]:
        groups = list(self.cutter.cut(phase.grain, sweep))
        for done, units in enumerate(groups):
            self.clock.report(phase.name, done / len(groups), len(self.draft.plan))
            if self._is_settled(phase, units):
                continue
            for region, columns in self.cutter.regions(
                phase.grain, units, sweep, self.draft, among
            ):
                if among and len(region.needs) == len(region.plan):
                    continue
                if not self.clock.going(phase.reserve):
                    return
                yield region, columns

    def _improve(self, phase: Phase, region: Region, columns: list[Column]) -> bool:
        packing = Packing(self.draft.ground, region, columns)
        packed = packing.maximise(phase.objective(packing), self._effort(phase))
        self.clock.left -= packed.work + len(columns) * BUILDING
        self.steps += 1
        if packed.plan is None or not phase.better(region, packing, packed):
            if packed.proven:
                self.settled[phase.name, *region.gaps] = self.steps
            return False
        self.draft.change(region.plan, packed.plan)
        self.changed |= dict.fromkeys(region.gaps, self.steps)
        return True

    def _effort(self, phase: Phase) -> Effort:
        control = self.clock.control
        return Effort(phase.work, max(0.1, self.clock.seconds_left), control.seed)

    def _is_settled(self, phase: Phase, units: list[int]) -> bool:
        since = self.settled.get((phase.name, *units), -1)
        return all(self.changed[unit] <= since for unit in units)
