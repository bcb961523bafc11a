"""What every step of the equipment formulation works on: open needs, free time, and the blocks
that an admissible pair may take.

A *block* is what a use takes from its unit: for a movable one the way there, the use, the way
back and cleaning; for a fixed one the use and cleaning.
"""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from scheduling.matching.candidates import CandidateSet
from scheduling.matching.problem import Match, Problem
from scheduling.matching.travel import Travel

Gap = tuple[int, int]
Placed = tuple[int, int]  # a unit and the start of use on it


@dataclass(frozen=True)
class Ground:
    """Indices are those of the problem's lists.  ``before``/``after``: minutes that a block adds
    to the use, and ``way``: minutes of travel, per admissible pair.  ``free``: per unit its
    offered windows without what kept matches take.  ``open``: needs to decide (no kept match,
    some admissible unit).  ``previous``: the unit proposed before.  ``nearness``: per pair, 1 on
    the spot … 0 at the city's end."""

    problem: Problem
    travel: Travel
    candidates: CandidateSet
    before: list[int]
    after: list[int]
    way: list[int]
    free: list[list[Gap]]
    open: list[int]
    kept: dict[int, Placed]
    previous: dict[int, Placed]
    nearness: list[float]

    def pairs_of(self, need: int) -> range:
        return range(self.candidates.first[need], self.candidates.first[need + 1])

    def nearest_first(self, need: int) -> list[int]:
        """The pairs of a need; equal ways in the order of the units."""
        return sorted(self.pairs_of(need), key=self.way.__getitem__)

    def block(self, pair: int, need: int, start: int) -> Gap:
        use = self.problem.equipment_needs[need].duration_minutes
        return start - self.before[pair], start + use + self.after[pair]

    def starts_within(self, pair: int, need: int, gaps: list[Gap]) -> list[Gap]:
        """Per gap that can hold the block: first and last start, on slots, both inclusive."""
        row, slot = self.problem.equipment_needs[need], self.problem.horizon.slot
        before, after = self.before[pair], self.after[pair]
        last_start = row.latest - row.duration_minutes
        found = []
        place = max(0, bisect_right(gaps, (row.earliest - before, 1 << 60)) - 1)
        for opens, closes in gaps[place:]:
            if opens + before > last_start:
                break
            first = -(-max(row.earliest, opens + before) // slot) * slot
            last = min(last_start, closes - after - row.duration_minutes) // slot * slot
            if first <= last:
                found.append((first, last))
        return found

    def matches(self, plan: dict[int, Placed]) -> tuple[Match, ...]:
        """The plan of open needs together with what is kept, in the order of the needs."""
        needs, units = self.problem.equipment_needs, self.problem.units
        return tuple(
            Match(
                needs[need].id,
                units[unit].id,
                starts_at=start,
                ends_at=start + needs[need].duration_minutes,
            )
            for need, (unit, start) in sorted({**self.kept, **plan}.items())
        )


def lay(problem: Problem, candidates: CandidateSet, travel: Travel) -> Ground:
    before, after, way, nearness = _margins(problem, candidates, travel)
    kept = _placed(problem, [row.match for row in problem.kept])
    previous = _placed(problem, problem.previous)
    free = [
        sorted((window.starts_at, window.ends_at) for window in unit.windows)
        for unit in problem.units
    ]
    for need, (unit, start) in kept.items():
        free[unit] = _without(free[unit], _block_of(problem, travel, need, unit, start))
    served = np.diff(candidates.first) > 0
    open_needs = [int(need) for need in np.flatnonzero(served) if int(need) not in kept]
    return Ground(
        problem, travel, candidates, before, after, way, free, open_needs, kept, previous, nearness
    )


def _margins(problem: Problem, candidates: CandidateSet, travel: Travel):
    homes = np.array([travel.index[n.institution] for n in problem.equipment_needs], dtype=np.int64)
    places = np.array([travel.index[u.institution] for u in problem.units], dtype=np.int64)
    movable = np.array([unit.movable for unit in problem.units], dtype=np.int64)
    cleaning = np.array([unit.cleaning_minutes for unit in problem.units], dtype=np.int64)
    home, place = homes[candidates.need], places[candidates.offer]
    way = travel.minutes[place, home]
    before = way * movable[candidates.offer]
    back = travel.minutes[home, place] * movable[candidates.offer]
    after = back + cleaning[candidates.offer]
    nearness = 1 - travel.kilometres[place, home] / max(1.0, travel.kilometres.max(initial=0))
    return before.tolist(), after.tolist(), way.tolist(), nearness.tolist()


def _placed(problem: Problem, matches: Iterable[Match]) -> dict[int, Placed]:
    """The matches of this kind; one that names what is no longer there is left out."""
    needs = {need.id: place for place, need in enumerate(problem.equipment_needs)}
    units = {unit.id: place for place, unit in enumerate(problem.units)}
    return {
        needs[match.need]: (units[match.offer], match.starts_at)
        for match in matches
        if match.need in needs and match.offer in units
    }


def _block_of(problem: Problem, travel: Travel, need: int, unit: int, start: int) -> Gap:
    """As ``Ground.block``, for a pair that need not be admissible (any more)."""
    row, device = problem.equipment_needs[need], problem.units[unit]
    home, place = travel.index[row.institution], travel.index[device.institution]
    there = int(travel.minutes[place, home]) if device.movable else 0
    back = int(travel.minutes[home, place]) if device.movable else 0
    return start - there, start + row.duration_minutes + back + device.cleaning_minutes


def _without(gaps: list[Gap], block: Gap) -> list[Gap]:
    left = []
    for opens, closes in gaps:
        left += [(opens, min(closes, block[0])), (max(opens, block[1]), closes)]
    return [(opens, closes) for opens, closes in left if opens < closes]
