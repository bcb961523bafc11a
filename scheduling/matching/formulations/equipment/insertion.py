"""Room for one more: what a unit does in the time of a need makes way for it, in another order
where that helps.

A program over columns knows a few starts of each pair.  Here the uses of one unit are placed again,
each as early as can be, in whatever order lets the need in; nobody loses by it.
"""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

from scheduling.matching.blocks import Gap, Placed, without
from scheduling.matching.formulations.equipment.clock import Clock
from scheduling.matching.formulations.equipment.draft import Draft

MOST_STEPS = 200  # to find an order
STEP, ROOM = 3e-6, 3e-5  # work of one, and to lay out what is to be ordered
EARLY = -(1 << 60)


@dataclass(frozen=True, slots=True)
class Use:
    """Starts from ``first`` to ``last``; ``before`` and ``after``: what the block adds to it;
    ``opens`` to ``closes``: where the block may lie."""

    need: int
    first: int
    last: int
    minutes: int
    before: int
    after: int

    @property
    def opens(self) -> int:
        return self.first - self.before

    @property
    def closes(self) -> int:
        return self.last + self.minutes + self.after

    @property
    def length(self) -> int:
        return self.before + self.minutes + self.after


class Insertion:
    """What the ``draft`` gains by it, until the clock says that the part ``reserve`` of all work is
    left."""

    def __init__(self, draft: Draft, clock: Clock, reserve: float):
        self.draft, self.ground = draft, draft.ground
        self.clock, self.reserve = clock, reserve
        self.planned: dict[int, Use] = {}  # by pair; of all pairs they would be too many

    def insert(self, needs: Iterable[int]) -> None:
        """As many more as find room: by weight, among equals the shortest first, each on the
        nearest unit that can take it."""
        for need in self._waiting(needs):
            if not self.clock.going(self.reserve):
                break
            self._adopt(self._elsewhere(need, None))

    def exchange(self, needs: Iterable[int]) -> None:
        """Whoever another unit can serve as well goes there where one of ``needs`` can come in
        then."""
        asking: dict[int, list[int]] = {}
        for need in self._waiting(needs):
            for pair in self.ground.pairs_of(need):
                asking.setdefault(self.ground.unit[pair], []).append(pair)
        for moved in sorted(self.draft.plan):
            if not self.clock.going(self.reserve):
                break
            rivals = self._rivals(moved, asking)
            there = rivals and self._elsewhere(moved, self.draft.plan[moved][0])
            if there:
                ways = (self._on(pair, gone=moved) for pair in rivals)
                here = next(filter(None, ways), None)
                self._adopt(here and there | here)

    def _waiting(self, needs: Iterable[int]) -> list[int]:
        weight, rows = self.ground.weight, self.ground.problem.equipment_needs
        waiting = set(needs) - self.draft.plan.keys()
        return sorted(waiting, key=lambda n: (-weight[n], rows[n].duration_minutes, n))

    def _rivals(self, moved: int, asking: dict[int, list[int]]) -> list[int]:
        """The pairs that could use the time of ``moved``."""
        unit, start = self.draft.plan[moved]
        opens, closes = self.ground.block(self.ground.pair(moved, unit), moved, start)
        rows, need_of = self.ground.problem.equipment_needs, self.ground.candidates.need
        before, after, found = self.ground.before, self.ground.after, []
        for pair in asking.get(unit, ()):
            need = int(need_of[pair])
            row = rows[need]
            meets = row.earliest - before[pair] < closes and opens < row.latest + after[pair]
            if meets and need not in self.draft.plan:
                found.append(pair)
        return found

    def _elsewhere(self, need: int, unit: int | None) -> dict[int, Placed] | None:
        """On the nearest unit that can take it, but for ``unit``, with what moves for it."""
        pairs = self.ground.nearest_first(need)
        other = (pair for pair in pairs if self.ground.unit[pair] != unit)
        return next(filter(None, map(self._on, other)), None)

    def _on(self, pair: int, gone: int | None = None) -> dict[int, Placed] | None:
        unit = self.ground.unit[pair]
        there = sorted(self.draft.on[unit] - {gone})
        others = [self._planned(self.ground.pair(other, unit)) for other in there]
        room = self._room(self._use(pair), others, unit)
        starts = room.order()
        self.clock.left -= ROOM + STEP * room.steps
        return starts and {need: (unit, start) for need, start in starts.items()}

    def _room(self, use: Use, others: list[Use], unit: int) -> "Room":
        near = [one for one in others if one.opens < use.closes and use.opens < one.closes]
        uses = [use, *near]
        opens, closes = min(one.opens for one in uses), max(one.closes for one in uses)
        gaps = [
            (max(gap[0], opens), min(gap[1], closes))
            for gap in self.ground.free[unit]
            if gap[0] < closes and opens < gap[1]
        ]
        for one in others:
            if one not in near:
                start = self.draft.plan[one.need][1]
                gaps = without(gaps, (start - one.before, start + one.minutes + one.after))
        return Room(uses, gaps, self.ground.problem.horizon.slot)

    def _planned(self, pair: int) -> Use:
        if pair not in self.planned:
            self.planned[pair] = self._use(pair)
        return self.planned[pair]

    def _use(self, pair: int) -> Use:
        need = int(self.ground.candidates.need[pair])
        row = self.ground.problem.equipment_needs[need]
        last = row.latest - row.duration_minutes
        margins = self.ground.before[pair], self.ground.after[pair]
        return Use(need, row.earliest, last, row.duration_minutes, *margins)

    def _adopt(self, after: dict[int, Placed] | None) -> None:
        if after:
            plan = self.draft.plan
            self.draft.change({need: plan[need] for need in after if need in plan}, after)


class Room:
    """``uses`` of one unit, to be ordered in the time that all else leaves free (``gaps``)."""

    def __init__(self, uses: list[Use], gaps: list[Gap], slot: int):
        self.uses, self.gaps, self.slot = uses, gaps, slot
        self.steps = 0
        self.known: dict[int, int] = {}  # uses that are left → from when on they did not fit

    def order(self) -> dict[int, int] | None:
        """A start for each of the uses, or None where no order was found."""
        if sum(use.length for use in self.uses) > sum(end - start for start, end in self.gaps):
            return None
        return self._from(EARLY, (1 << len(self.uses)) - 1)

    def _from(self, time: int, left: int) -> dict[int, int] | None:
        if not left:
            return {}
        self.steps += 1
        if self.steps > MOST_STEPS or self.known.get(left, time + 1) <= time:
            return None
        self.known[left] = time
        ways = []
        for place, use in enumerate(self.uses):
            if left >> place & 1:
                start = self._earliest(use, time)
                if start is None:
                    return None
                ways.append((start + use.minutes + use.after, place, start))
        for end, place, start in sorted(ways):
            found = self._from(end, left & ~(1 << place))
            if found is not None:
                return found | {self.uses[place].need: start}
            if self.steps > MOST_STEPS:
                break
        return None

    def _earliest(self, use: Use, time: int) -> int | None:
        """The first start of which the block begins no earlier than ``time``."""
        opening = max(time, use.opens)
        for opens, closes in self.gaps[max(0, bisect_right(self.gaps, (opening, 1 << 60)) - 1) :]:
            start = -(-max(use.first, max(time, opens) + use.before) // self.slot) * self.slot
            if start > use.last:
                return None
            if start + use.minutes + use.after <= closes:
                return start
        return None


def make_room(draft: Draft, needs: Iterable[int], clock: Clock, reserve: float) -> None:
    """As many more of ``needs`` as come in at once, or where one other moves away."""
    insertion = Insertion(draft, clock, reserve)
    insertion.insert(needs)
    insertion.exchange(needs)
