"""From a problem to a plan of shifts: greedily at first, then better tier by tier.

A city of up to ``WHOLE_CITY`` columns is one packing, solved to the proof.  Of a larger one the
first tier is solved as a whole, then regions of it climb through all tiers, each sweep cut along
other lines; no region may lose what the city has reached, so that no sweep makes a plan worse.

Nodes, columns and sweeps are limited by number, not by the clock: short of its time limit the
same problem and seed give the same plan.
"""

import time

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

WHOLE_CITY = 20_000
COLUMNS_PER_REGION = 800
SWEEPS = 3
NODES, NODES_OF_A_REGION = 2_000, 50
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
        self._first_tier()
        self.state.fill()
        self.proven = False
        where = points(self.state.problem)
        needs, offers = where[self.state.worth.at], where[self.state.worth.home]
        size = max(10, COLUMNS_PER_REGION * len(offers) // len(self.state.packing))
        for sweep in range(SWEEPS):
            cut = list(regions(needs, offers, size=size, sweep=sweep, seed=self.control.seed))
            for place, region in enumerate(cut):
                if self._seconds_left() <= 0:
                    return
                self._region(region.offers)
                self._report("regions", 0.2 + 0.8 * (sweep + place / len(cut)) / SWEEPS)

    def _first_tier(self) -> None:
        """The urgent needs of the whole city alone: few enough columns, and a proof.  Routine
        shifts are let go, they may be in the way."""
        pressing = self.state.worth.pressing
        self.state.holder[~pressing] = -1
        columns = pressing[self.state.packing.need]
        if columns.any():
            block = Block(self.state, self.state.only(columns), self._seconds_left, NODES)
            self._keep_bound(block, next(block.climb()))
        self._report("urgent", 0.2)

    def _region(self, people: np.ndarray) -> None:
        packing = self.state.among(people)
        if len(packing):
            for _ in Block(self.state, packing, self._seconds_left, NODES_OF_A_REGION).climb():
                pass

    def _keep_bound(self, block: Block, rung: Rung) -> None:
        """Below equity a tier is bounded among plans of the same fills only, which is no bound to
        tell."""
        name = rung.objective.name
        if rung.bound is None:
            return
        if name == "urgent":
            urgent = self.state.kept_urgent()
            self.bounds[name] = urgent + rung.bound
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
