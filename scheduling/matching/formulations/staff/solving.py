"""From a problem to a plan of shifts: greedily at first, then better tier by tier.

A city of up to ``WHOLE_CITY`` columns is one packing, solved to the proof.  Of a larger one the
first tier is solved by itself, as a whole or by regions, then regions climb through all tiers,
each sweep cut along other lines; no region may lose what the city has reached, so that no sweep
makes a plan worse.

Nodes, columns and sweeps are limited by number, not by the clock: short of its time limit the
same problem and seed give the same plan.
"""

from collections.abc import Iterator

import numpy as np

from scheduling.matching.candidates import CandidateSet
from scheduling.matching.formulations.staff.climb import Rung
from scheduling.matching.formulations.staff.packing import Packing, pack
from scheduling.matching.formulations.staff.state import Block, State
from scheduling.matching.formulations.staff.worth import FAIR
from scheduling.matching.partition import points, regions
from scheduling.matching.plan import OUT_OF_TIME, Control, KindPlan, Progress, Status, Tier
from scheduling.matching.problem import Kind, Problem
from scheduling.matching.tiers import least_kept, measure
from scheduling.matching.travel import Travel

# Columns: what is solved as a whole through all tiers, in the first tier; what is relaxed in it;
# of a region likewise.
WHOLE_CITY, WHOLE_TIER, RELAXED_TIER = 10_000, 20_000, 60_000
COLUMNS_PER_REGION, URGENT_PER_REGION = 1_500, 3_000
SWEEPS, URGENT_SWEEPS = 2, 1
ALL_SWEEPS = 300_000  # columns of all sweeps together
LARGE_CITY, COLUMNS_IN_A_HURRY = 300_000, 600
NODES, NODES_OF_A_REGION = 2_000, 50
FIRST, MOST = frozenset({"urgent"}), frozenset({"urgent", "served"})
ALL_BUT_THE_WAY = MOST | {*FAIR, "stability"}


def solve(problem: Problem, candidates: CandidateSet, travel: Travel, control: Control) -> KindPlan:
    began = control.now()
    return _Run(State(problem, candidates, travel), control, began).plan()


class _Run:
    def __init__(self, state: State, control: Control, began: float):
        self.state, self.control, self.began = state, control, began
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
        if self.late or self.stopped:
            state.fill()  # what was left for later tiers
        seconds = self.control.now() - self.began
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
        left = self.control.seconds - (self.control.now() - self.began)
        self.late = self.late or left <= 0
        return 0.0 if self.stopped else max(0.0, left)

    def _report(self, phase: str, done: float) -> None:
        self.control.report(Progress(Kind.STAFF, phase, done, self.state.served()))

    def _whole(self) -> None:
        if not len(self.state.packing):
            self.bounds = {tier.name: tier.value for tier in self._tiers()}
            return
        state = self.state
        packing = pack(state.problem, state.candidates, state.shifts)
        block = Block(state, packing, self._seconds_left, NODES)
        for place, rung in enumerate(block.climb(), start=1):
            self.proven = self.proven and rung.proven
            self._keep_bound(block, rung)
            self._report(rung.objective.name, min(1.0, 0.2 + place / 5))

    def _by_regions(self) -> None:
        """The first tier by itself, then all of them."""
        self.proven = False
        state, pressing = self.state, self.state.worth.pressing
        state.holder[~pressing] = -1  # let go at first: routine shifts may be in the way
        self._first_tier(pressing)
        state.fill()
        if len(state.packing) > LARGE_CITY:
            self._in_one_sweep(np.ones_like(pressing))
        else:
            self._in_sweeps(np.ones_like(pressing))

    def _in_sweeps(self, everything: np.ndarray) -> None:
        """Who is served at most is sought first: equity may cost a part of it, region by region as
        much as of the sweep is done."""
        state, columns = self.state, len(self.state.packing)
        sweeps = max(1, min(SWEEPS, ALL_SWEEPS // columns))
        for people, done in self._cuts(state.parts, columns, COLUMNS_PER_REGION, sweeps):
            self._climb(people, everything, NODES_OF_A_REGION, MOST)
            self._report("served", 0.3 + 0.3 * done)
        most = state.served()
        may_lose = most - least_kept(most)
        for people, done in self._cuts(state.parts, columns, COLUMNS_PER_REGION, sweeps):
            spare = int(may_lose * done) - (most - state.served())
            self._climb(people, everything, NODES_OF_A_REGION, spare=spare)
            self._report("regions", 0.6 + 0.4 * done)

    def _in_one_sweep(self, everything: np.ndarray) -> None:
        """Small regions, each with a price of fairness of its own; the way is not sought, nor, once
        every fill is fixed, who else could be served."""
        fair = self.state.problem.parameters.fairness == 1
        tiers = ALL_BUT_THE_WAY - {"served"} if fair else ALL_BUT_THE_WAY
        cut = self._cuts(self.state.parts, len(self.state.packing), COLUMNS_IN_A_HURRY, 1)
        for people, done in cut:
            self._climb(people, everything, NODES_OF_A_REGION, tiers)
            self._report("regions", 0.3 + 0.7 * done)

    def _first_tier(self, pressing: np.ndarray) -> None:
        """The urgent needs alone, part by part: with a proof where that is quick, else by regions
        below a linear bound."""
        state = self.state
        proven, parts = state.kept_urgent(), state.parts
        for place, people in enumerate(parts, start=1):
            mask = self._only(people)
            needs = state.packing.need[mask[state.packing.person]]
            needs = needs[pressing[needs]]
            if len(needs) <= WHOLE_TIER:
                proven += self._first_of(mask, pressing)
            else:
                for region, _ in self._cuts([people], len(needs), URGENT_PER_REGION, URGENT_SWEEPS):
                    self._climb(region, pressing, NODES_OF_A_REGION, FIRST)
                proven += self._bound(mask, needs)
            self._report("urgent", 0.05 + 0.25 * place / len(parts))
        if np.isfinite(proven):
            self.bounds["urgent"] = proven

    def _first_of(self, people: np.ndarray, pressing: np.ndarray) -> float:
        """What nothing can exceed."""
        found = self._climb(people, pressing, NODES, FIRST)
        return sum(self._proven(block, rung) for block, rung in found)

    def _bound(self, people: np.ndarray, needs: np.ndarray) -> float:
        """The linear relaxation where it is solved in seconds, else that all are served."""
        if len(needs) > RELAXED_TIER:
            return float(self.state.worth.weight[np.unique(needs)].sum())
        wanted = np.zeros(len(self.state.holder), dtype=bool)
        wanted[needs] = True
        block = Block(self.state, self.state.columns(people, wanted), self._seconds_left, NODES)
        return self._proven(block, block.relaxed())

    def _proven(self, block: Block, rung: Rung) -> float:
        if len(rung.duals):
            self.prices |= self._prices(block.packing, rung.duals)
        return _whole(rung)

    def _only(self, people: np.ndarray) -> np.ndarray:
        """The same as a mask over all."""
        mask = np.zeros(len(self.state.worth.home), dtype=bool)
        mask[people] = True
        return mask

    def _cuts(
        self, parts: list[np.ndarray], columns: int, size: int, sweeps: int
    ) -> Iterator[tuple[np.ndarray, float]]:
        """People (a mask) of regions of about ``size`` of so many columns, sweep after sweep while
        there is time, and how much of it all they bring done."""
        count = max(10, size * sum(map(len, parts)) // columns)
        for sweep in range(sweeps):
            cut = list(self._regions(parts, count, sweep))
            for place, region in enumerate(cut, start=1):
                if self._seconds_left() <= 0:
                    return
                yield self._only(region), (sweep + place / len(cut)) / sweeps

    def _regions(self, parts: list[np.ndarray], size: int, sweep: int) -> Iterator[np.ndarray]:
        """People whom no shift connects (other professions) are apart at any distance: only those
        within a part are cut by where they are."""
        where = points(self.state.problem)[self.state.worth.home]
        nobody = np.zeros((0, 2))
        for part in parts:
            cut = regions(nobody, where[part], size=size, sweep=sweep, seed=self.control.seed)
            yield from (part[region.offers] for region in cut)

    def _climb(
        self,
        people: np.ndarray,
        wanted: np.ndarray,
        nodes: int,
        only: frozenset[str] = frozenset(),
        spare: int | None = None,
    ) -> list[tuple[Block, Rung]]:
        """Through all tiers, or those named; nothing where there are no columns."""
        packing = self.state.columns(people, wanted)
        if not len(packing):
            return []
        block = Block(self.state, packing, self._seconds_left, nodes)
        return [(block, rung) for rung in block.climb(only, spare)]

    def _keep_bound(self, block: Block, rung: Rung) -> None:
        """Below equity a tier is bounded among plans of the same fills only, which is no bound to
        tell."""
        name = rung.objective.name
        if rung.bound is None:
            return
        if name == "urgent":
            self.bounds[name] = self.state.kept_urgent() + _whole(rung)
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


def _whole(rung: Rung) -> float:
    """Its bound as a multiple of its step; without one infinite."""
    if rung.bound is None:
        return float("inf")
    step = rung.objective.step or 1.0
    return float(np.floor(rung.bound / step + 1e-6) * step)
