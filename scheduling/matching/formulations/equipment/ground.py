"""What every step of the equipment formulation works on: open needs, free time, and the blocks
that an admissible pair may take."""

from array import array
from bisect import bisect_right
from dataclasses import dataclass

import numpy as np

from scheduling.matching.blocks import Blocks, Gap, Placed, placed
from scheduling.matching.candidates import CandidateSet
from scheduling.matching.problem import Match, Problem
from scheduling.matching.travel import Travel

AFTER_ALL = 1 << 60


@dataclass(frozen=True)
class Ground:
    """Indices are those of the problem's lists.  Per admissible pair ``unit``, ``before`` and
    ``after``: minutes that a block adds to the use, ``way``: minutes of travel, ``nearness``: 1 on
    the spot … 0 at the city's end.  ``weight``: per need, by its urgency.  ``free``: per unit its
    offered windows without what kept matches take.  ``open``: needs to decide (no kept match,
    some admissible unit).  ``previous``: what was proposed before."""

    problem: Problem
    travel: Travel
    candidates: CandidateSet
    unit: array
    before: array
    after: array
    way: array
    nearness: array
    weight: list[int]
    free: list[list[Gap]]
    open: list[int]
    kept: dict[int, Placed]
    previous: dict[int, Placed]

    def pairs_of(self, need: int) -> range:
        return range(int(self.candidates.first[need]), int(self.candidates.first[need + 1]))

    def pair(self, need: int, unit: int) -> int | None:
        """The pair of the two, when it is admissible."""
        offers = self.candidates.offers_of(need)
        place = int(offers.searchsorted(unit))
        found = place < len(offers) and offers[place] == unit
        return int(self.candidates.first[need]) + place if found else None

    def nearest_first(self, need: int) -> list[int]:
        """The pairs of a need; equal ways in the order of the units."""
        return sorted(self.pairs_of(need), key=self.way.__getitem__)

    def block(self, pair: int, need: int, start: int) -> Gap:
        use = self.problem.equipment_needs[need].duration_minutes
        return start - self.before[pair], start + use + self.after[pair]

    def first_start(
        self, need: int, pairs: list[int], gaps: list[list[Gap]]
    ) -> tuple[int, int] | None:
        """The first of ``pairs`` whose unit's ``gaps`` hold the block, and its earliest start, on
        a slot.  Millions of pairs are asked: nothing is made but the answer."""
        row, slot = self.problem.equipment_needs[need], self.problem.horizon.slot
        earliest, use = row.earliest, row.duration_minutes
        last_start = row.latest - use
        for pair in pairs:
            free, before = gaps[self.unit[pair]], self.before[pair]
            past = use + self.after[pair]
            touching = bisect_right(free, (earliest - before, AFTER_ALL)) - 1
            for place in range(max(0, touching), len(free)):
                opens, closes = free[place]
                start = opens + before
                start = -(-(start if start > earliest else earliest) // slot) * slot
                if start > last_start:
                    break
                if start + past <= closes:
                    return pair, start
        return None

    def starts_within(self, pair: int, need: int, gaps: list[Gap]) -> list[Gap]:
        """Per gap that can hold the block: first and last start, on slots, both inclusive."""
        row, slot = self.problem.equipment_needs[need], self.problem.horizon.slot
        before, after = self.before[pair], self.after[pair]
        last_start = row.latest - row.duration_minutes
        found = []
        place = max(0, bisect_right(gaps, (row.earliest - before, AFTER_ALL)) - 1)
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
    blocks, aims = Blocks(problem, travel), problem.parameters
    need, unit = candidates.need, candidates.offer
    before, after = blocks.margins(need, unit)
    kilometres = travel.kilometres[blocks.places[unit], blocks.homes[need]]
    near = (1 - kilometres / max(1.0, kilometres.max(initial=0))) * bool(aims.distance_weight)
    able = np.flatnonzero(np.diff(candidates.first)).tolist()
    return Ground(
        problem=problem,
        travel=travel,
        candidates=candidates,
        unit=_packed("i", unit),
        before=_packed("i", before),
        after=_packed("i", after),
        way=_packed("i", travel.minutes[blocks.places[unit], blocks.homes[need]]),
        nearness=_packed("d", near),
        weight=[problem.parameters.weight(row.urgency) for row in problem.equipment_needs],
        free=blocks.free,
        open=[place for place in able if place not in blocks.kept],
        kept=blocks.kept,
        previous=placed(problem, problem.previous if aims.stability_weight else ()),
    )


def _packed(sort: str, values: np.ndarray) -> array:
    """Plain numbers by place, as quick to read as a list's and a fifth of its size: there are
    millions of pairs."""
    return array(sort, values.astype(sort).tobytes())
