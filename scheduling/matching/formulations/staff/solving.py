"""From a problem to a plan of shifts: greedily at first, then better tier by tier.

A city of up to ``WHOLE_CITY`` columns is one packing, solved to the proof.  Of a larger one the
first tier is solved by itself, as a whole or by regions, then regions climb through all tiers,
each sweep cut along other lines; no region may lose what the city has reached, so that no sweep
makes a plan worse.

Nodes, columns and sweeps are limited by number, not by the clock: short of its time limit the
same problem and seed give the same plan.
"""

import time
from collections.abc import Iterator

import numpy as np

from scheduling.matching.candidates import CandidateSet
from scheduling.matching.formulations.staff.climb import Rung
from scheduling.matching.formulations.staff.packing import Packing
from scheduling.matching.formulations.staff.state import Block, State
from scheduling.matching.partition import points, regions
from scheduling.matching.plan import Control, KindPlan, Progress, Status, Tier
from scheduling.matching.problem import Kind, Problem
from scheduling.matching.tiers import measure
from scheduling.matching.travel import Travel

# Columns: what is solved as a whole through all tiers, in the first tier; of a region likewise.
WHOLE_CITY, WHOLE_TIER = 10_000, 60_000
COLUMNS_PER_REGION, URGENT_PER_REGION = 800, 3_000
SWEEPS, URGENT_SWEEPS = 3, 3
ALL_SWEEPS = 300_000  # columns of all sweeps together
NODES, NODES_OF_A_REGION = 2_000, 50
FIRST = frozenset({"urgent"})
OUT_OF_TIME = "out_of_time"  # a note: another run may come to another plan


def solve(problem: Problem, candidates: CandidateSet, travel: Travel, control: Control) -> KindPlan:
    return _Run(State(problem, candidates, travel), control).plan()


class _Run:
    def __init__(self, state: State, control: Control):
        self.began = time.monotonic()
        self.state, self.control = state, control
        self.bounds: dict[str, float] = {}
        self.prices: dict[str, float] = {}
        self.proven = True
        self.late = self.stopped = False

    def plan(self) -> KindPlan:
        state = self.state
        state.fill()
        self._report("greedy", 0.05)
        if len(state.packing) <= WHOLE_CITY:
            self._whole()
        else:
            self._by_regions()
        seconds = time.monotonic() - self.began
        notes = (OUT_OF_TIME,) if self.late else ()
        return KindPlan(
            Kind.STAFF, state.matches(), self._status(), self._tiers(), seconds, self.prices, notes
        )

    def _tiers(self) -> tuple[Tier, ...]:
        state = self.state
        return measure(
            state.problem,
            Kind.STAFF,
            state.matches(),
            state.candidates,
            state.travel,
            self.bounds,
        )

    def _status(self) -> Status:
        if self.stopped:
            return Status.STOPPED
        return Status.OPTIMAL if self.proven and not self.late else Status.FEASIBLE

    def _seconds_left(self) -> float:
        self.stopped = self.stopped or self.control.should_stop()
        left = self.control.seconds - (time.monotonic() - self.began)
        self.late = self.late or left <= 0
        return 0.0 if self.stopped else max(0.0, left)

    def _report(self, phase: str, done: float) -> None:
        self.control.report(Progress(Kind.STAFF, phase, done, self.state.served()))

    def _whole(self) -> None:
        if not len(self.state.packing):
            self.bounds = {tier.name: tier.value for tier in self._tiers()}
            return
        block = Block(self.state, self.state.packing, self._seconds_left, NODES)
        for place, rung in enumerate(block.climb(), start=1):
            self.proven = self.proven and rung.proven
            self._keep_bound(block, rung)
            self._report(rung.objective.name, min(1.0, 0.2 + place / 5))

    def _by_regions(self) -> None:
        self.proven = False
        pressing = self.state.worth.pressing
        self.state.holder[~pressing] = -1  # let go at first: routine shifts may be in the way
        self._first_tier(pressing)
        self.state.fill()
        everything = np.ones_like(pressing)
        columns = len(self.state.packing)
        sweeps = max(1, min(SWEEPS, ALL_SWEEPS // columns))
        for people, done in self._cuts(columns, COLUMNS_PER_REGION, sweeps):
            self._climb(people, everything, NODES_OF_A_REGION)
            self._report("regions", 0.4 + 0.6 * done)

    def _first_tier(self, pressing: np.ndarray) -> None:
        """The urgent needs alone: as a whole, with a proof, where that is quick."""
        columns = int(pressing[self.state.packing.need].sum())
        whole = columns <= WHOLE_TIER
        size, nodes = (WHOLE_TIER, NODES) if whole else (URGENT_PER_REGION, NODES_OF_A_REGION)
        cuts = self._cuts(max(1, columns), size, 1 if whole else URGENT_SWEEPS)
        for people, done in cuts:
            for block, rung in self._climb(people, pressing, nodes, FIRST):
                if whole:
                    self._keep_bound(block, rung)
            self._report("urgent", 0.05 + 0.35 * done)

    def _cuts(self, columns: int, size: int, sweeps: int) -> Iterator[tuple[np.ndarray, float]]:
        """People (a mask) of regions of about ``size`` of so many columns, sweep after sweep while
        there is time, and how much of it all they bring done."""
        where = points(self.state.problem)
        needs, offers = where[self.state.worth.at], where[self.state.worth.home]
        count = max(10, size * len(offers) // columns)
        for sweep in range(sweeps):
            cut = list(regions(needs, offers, size=count, sweep=sweep, seed=self.control.seed))
            for place, region in enumerate(cut, start=1):
                if self._seconds_left() <= 0:
                    return
                people = np.zeros(len(offers), dtype=bool)
                people[region.offers] = True
                yield people, (sweep + place / len(cut)) / sweeps

    def _climb(
        self, people: np.ndarray, wanted: np.ndarray, nodes: int, only: frozenset[str] = frozenset()
    ) -> list[tuple[Block, Rung]]:
        """Through all tiers, or those named; nothing where there are no columns."""
        packing = self.state.columns(people, wanted)
        if not len(packing):
            return []
        block = Block(self.state, packing, self._seconds_left, nodes)
        return [(block, rung) for rung in block.climb(only)]

    def _keep_bound(self, block: Block, rung: Rung) -> None:
        """Below equity a tier is bounded among plans of the same fills only, which is no bound to
        tell."""
        name = rung.objective.name
        if rung.bound is None:
            return
        if name == "urgent":
            step = rung.objective.step or 1.0
            whole = np.floor(rung.bound / step + 1e-6) * step
            self.bounds[name] = self.state.kept_urgent() + float(whole)
            self.prices = self._prices(block.packing, rung.duals)
        elif name == "equity":
            self.bounds[name] = block.segments.base + rung.bound + block.segments.slack

    def _prices(self, packing: Packing, duals: np.ndarray) -> dict[str, float]:
        """What a person's time is worth in the first tier: Σ dual × room over the person's rows."""
        timed = packing.owner >= 0
        worth = duals[: len(packing.owner)][timed] * packing.room[timed]
        people = self.state.problem.people
        total = np.bincount(packing.owner[timed], worth, len(people))
        return {
            people[place].id: round(float(total[place]), 6)
            for place in np.flatnonzero(total > 1e-6)
        }
