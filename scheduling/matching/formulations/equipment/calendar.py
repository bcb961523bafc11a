"""The free time of units while a plan grows: what is still free, and how a block takes it."""

from bisect import bisect_right

from scheduling.matching.formulations.equipment.ground import Gap, Ground, Placed


class Calendar:
    """``gaps``: per unit its free intervals, sorted, disjoint."""

    def __init__(self, ground: Ground):
        self.ground = ground
        self.gaps = [list(gaps) for gaps in ground.free]

    def take(self, unit: int, block: Gap) -> None:
        """The block must lie in one gap."""
        gaps = self.gaps[unit]
        place = bisect_right(gaps, (block[0], 1 << 60)) - 1
        opens, closes = gaps[place]
        pieces = [(opens, block[0]), (block[1], closes)]
        gaps[place : place + 1] = [piece for piece in pieces if piece[0] < piece[1]]

    def earliest(self, pair: int, need: int) -> Placed | None:
        unit = int(self.ground.candidates.offer[pair])
        starts = self.ground.starts_within(pair, need, self.gaps[unit])
        return (unit, starts[0][0]) if starts else None
