"""Who works what while the plan is made, and the climb of a part of it."""

from collections.abc import Callable, Iterator
from functools import cached_property

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from scheduling.matching.baselines.staff import by_urgency, fill
from scheduling.matching.candidates import CandidateSet
from scheduling.matching.formulations.staff.climb import Climb, Objective, Rung
from scheduling.matching.formulations.staff.equity import Equity, equity
from scheduling.matching.formulations.staff.packing import Packing, columns_of, packing_of
from scheduling.matching.formulations.staff.worth import FAIR, Worth
from scheduling.matching.problem import Kind, Match, Problem
from scheduling.matching.shifts import Roster, Shifts, matches_of
from scheduling.matching.tiers import Fills, fills
from scheduling.matching.travel import Travel


class State:
    """``holder[n]``: the person who works open need n, -1 while nobody does."""

    def __init__(self, problem: Problem, candidates: CandidateSet, travel: Travel):
        self.problem, self.candidates, self.travel = problem, candidates, travel
        self.shifts = Shifts(problem)
        self.packing = columns_of(candidates, self.shifts)
        self.worth = Worth(problem, travel)
        self.holder = np.full(len(problem.staff_needs), -1, dtype=np.int64)
        self.kept = fills(problem, Kind.STAFF, self.matches(), candidates, travel)

    @cached_property
    def parts(self) -> list[np.ndarray]:
        """The people who compete for the same shifts, if only by way of others (places)."""
        needs, people = len(self.holder), len(self.worth.home)
        packing = self.packing
        ends = (packing.need, packing.person + needs)
        links = sparse.csr_array((np.ones(len(packing)), ends), shape=(needs + people,) * 2)
        _, part = csgraph.connected_components(links, directed=False)
        part = part[needs:]
        asked = np.unique(packing.person)
        return [asked[part[asked] == name] for name in np.unique(part[asked])]

    @cached_property
    def by_person(self) -> tuple[np.ndarray, np.ndarray]:
        """The columns in the order of the people, and where those of each begin: a region is made
        without a look at the rest of the city."""
        person = self.packing.person
        order = np.argsort(person, kind="stable")
        return order, np.searchsorted(person[order], np.arange(len(self.worth.home) + 1))

    def matches(self) -> tuple[Match, ...]:
        return matches_of(self.problem, self.shifts, self.holder)

    def served(self) -> int:
        return int(((self.holder >= 0) | (self.shifts.kept_by >= 0)).sum())

    def kept_urgent(self) -> float:
        """Tier-1 weight of the kept matches, which are no columns."""
        kept = (self.shifts.kept_by >= 0) & self.worth.pressing
        return float(self.worth.weight[kept].sum())

    def fill(self) -> None:
        """Give shifts that nobody has to whoever was proposed before, where that still may be, then
        to whoever is free, the most urgent first."""
        roster = Roster(self.problem, self.shifts)
        for need in np.flatnonzero(self.holder >= 0).tolist():
            roster.put(int(self.holder[need]), need)
        for need, person in sorted(self.worth.before):
            open_need = self.shifts.kept_by[need] < 0 and need not in roster.person_of
            if (
                open_need
                and person in self.candidates.offers_of(need)
                and roster.free(person, need)
            ):
                roster.put(person, need)
        fill(roster, self.problem, self.candidates, self.travel, by_urgency(self.problem))
        for need, person in roster.person_of.items():
            self.holder[need] = person

    def columns(self, people: np.ndarray, wanted: np.ndarray) -> Packing:
        """Those of these people and of the ``wanted`` needs (a mask), but for shifts that others
        work."""
        packing, open_here = self.packing, wanted & ((self.holder < 0) | people[self.holder])
        order, first = self.by_person
        rows = [order[first[name] : first[name + 1]] for name in np.flatnonzero(people).tolist()]
        chosen = np.sort(np.concatenate([order[:0], *rows]))
        chosen = chosen[open_here[packing.need[chosen]]]
        return packing_of(packing.need[chosen], packing.person[chosen], self.problem, self.shifts)

    def outside(self, needs: np.ndarray) -> Fills:
        """Fills by what is kept and by the shifts that are not among ``needs``."""
        at, weight = self.worth.at, self.worth.weight
        worked = self.holder >= 0
        worked[needs] = False
        met = np.bincount(at[worked], weight[worked], len(self.kept.met))
        return Fills(self.kept.asked, self.kept.met + met)

    def adopt(self, packing: Packing, chosen: np.ndarray) -> None:
        self.holder[packing.need] = -1
        columns = np.flatnonzero(chosen > 0.5)
        self.holder[packing.need[columns]] = packing.person[columns]


class Block:
    """A packing with the segments of equity beside its columns, ready to climb."""

    def __init__(
        self, state: State, packing: Packing, seconds_left: Callable[[], float], nodes: int
    ):
        self.state, self.packing = state, packing
        worth, needs = state.worth, np.unique(packing.need)
        offset = state.problem.parameters.equity_offset
        self.segments: Equity = equity(
            state.outside(needs), worth.at[needs], worth.weight[needs], offset
        )
        at, weight = worth.at[packing.need], worth.weight[packing.need]
        links = self.segments.links(at, weight)
        count = len(packing)
        rows = sparse.block_array([[packing.rows, None], [links[:, :count], links[:, count:]]])
        self.climbing = Climb(
            sparse.csr_array(rows),
            np.append(packing.room, np.zeros(links.shape[0])),
            np.append(np.ones(len(packing)), self.segments.length),
            whole=len(packing),
            best=self._as_it_is(),
            seconds_left=seconds_left,
            nodes=nodes,
        )
        self.links = links

    def _as_it_is(self) -> np.ndarray:
        worth, need = self.state.worth, self.packing.need
        at, weight = worth.at[need], worth.weight[need]
        chosen = (self.state.holder[self.packing.need] == self.packing.person).astype(np.float64)
        served = np.bincount(at, chosen * weight, len(self.state.kept.met))
        return np.append(chosen, self.segments.filled(served))

    def climb(self, only: frozenset[str] = frozenset(), spare: int | None = None) -> Iterator[Rung]:
        """Tier by tier, all or those named; what each found is taken over at once.  ``spare``: how
        many fewer equity may serve here than are served; None: as few as the price of fairness
        allows of what could be."""
        for objective in self.state.worth.objectives(self.packing, self.segments):
            if only and objective.name not in only:
                continue
            if objective.name in FAIR:
                self._limit_price(spare)
            rung = self.climbing.maximise(objective)
            if objective.name == "equity":
                self.climbing.hold(self._fill_rows())
            self.state.adopt(self.packing, self.climbing.best[: len(self.packing)])
            yield rung

    def relaxed(self) -> Rung:
        """Of the first tier."""
        return self.climbing.relaxed(next(self.state.worth.objectives(self.packing, self.segments)))

    def _limit_price(self, spare: int | None) -> None:
        climbing, count = self.climbing, len(self.packing)
        served = np.append(np.ones(count), np.zeros(len(self.segments.length)))
        if spare is not None:
            climbing.keep(served, round(float(served @ climbing.best)) - max(0, spare))
            return
        climbing.limit(Objective("served", served, 1.0))
        self.state.adopt(self.packing, climbing.best[:count])
        climbing.best = self._as_it_is()

    def _fill_rows(self) -> sparse.csr_array:
        """Weight served per institution: the tiers below equity leave each its fill, which is
        nearly integral where their sum is not."""
        count = len(self.packing)
        served = -self.links[:, :count]
        nothing = sparse.csr_array((served.shape[0], len(self.segments.length)))
        return sparse.csr_array(sparse.hstack([served, nothing]))
