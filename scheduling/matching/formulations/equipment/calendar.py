"""The free time of units while a plan grows: what is still free, and how a block takes it."""

from bisect import bisect_right

from scheduling.matching.blocks import Gap, Placed
from scheduling.matching.formulations.equipment.ground import AFTER_ALL, Ground


class Calendar:
    """``gaps``: per unit its free intervals, sorted, disjoint."""

    def __init__(self, ground: Ground):
        self.ground = ground
        self.gaps = [list(gaps) for gaps in ground.free]

    def take(self, unit: int, block: Gap) -> None:
        """The block must lie in one gap."""
        gaps = self.gaps[unit]
        place = bisect_right(gaps, (block[0], AFTER_ALL)) - 1
        opens, closes = gaps[place]
        pieces = [(opens, block[0]), (block[1], closes)]
        gaps[place : place + 1] = [piece for piece in pieces if piece[0] < piece[1]]

    def holds(self, pair: int, need: int, start: int) -> bool:
        gaps = self.gaps[self.ground.unit[pair]]
        ranges = self.ground.starts_within(pair, need, gaps)
        return start % self.ground.problem.horizon.slot == 0 and any(
            first <= start <= last for first, last in ranges
        )

    def nearest(self, need: int) -> Placed | None:
        """Take the earliest start on the nearest unit that is free for the need."""
        found = self.ground.first_start(need, self.ground.nearest_first(need), self.gaps)
        if found is None:
            return None
        pair, start = found
        unit = self.ground.unit[pair]
        self.take(unit, self.ground.block(pair, need, start))
        return unit, start
