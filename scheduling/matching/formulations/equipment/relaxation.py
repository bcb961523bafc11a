"""What a class can reach at most: the linear relaxation over all starts, one class at a time.

A column of the relaxation is not a start but the set of *points*, one every ``step`` minutes, that
a block covers; at most one block covers a point of a unit.  Blocks that overlap between two points
go unseen, so the bound holds for any step, and is tightest for the slot.  A column that has all
points of another one of its pair is left out.
"""

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array

from scheduling.matching.formulations.equipment.ground import Ground

STEPS = (1, 2, 4, 8, 16, 32)  # in slots


class Relaxation:
    """The relaxed choices of ``needs``, all of one class.  ``need``: per column its need's place
    in them; ``matrix``: rows that a plan takes one column of at most.  ``columns``: about so many
    at most, by coarser points where need be."""

    def __init__(self, ground: Ground, needs: list[int], columns: int):
        spans = _spans(ground, needs, columns)
        self.need = spans[:, 0]
        rows, places = _rows(spans)
        shape = (int(rows.max(initial=-1)) + 1, len(spans))
        self.matrix = csr_array((np.ones(len(rows)), (rows, places)), shape=shape)

    def most(self, worth: np.ndarray, seconds: float) -> float:
        """What the needs served by any plan are worth at most; ``worth`` per need."""
        values = worth[self.need]
        if not len(values):
            return 0.0
        solved = linprog(
            -values,
            A_ub=self.matrix,
            b_ub=np.ones(self.matrix.shape[0]),
            bounds=(0, None),
            method="highs-ds",
            options={"time_limit": seconds},
        )
        if solved.status != 0:
            return float(worth.sum())
        return self.by_prices(values, -solved.ineqlin.marginals)

    def by_prices(self, values: np.ndarray, prices: np.ndarray) -> float:
        """Right for any prices, so that no tolerance of a solver is trusted: what they come to,
        and what columns are worth beyond theirs."""
        prices = np.maximum(prices, 0)
        beyond = np.maximum(values - self.matrix.T @ prices, 0)
        return float(prices.sum() + beyond.sum())


def _spans(ground: Ground, needs: list[int], columns: int) -> np.ndarray:
    """(columns, 4): the need's place, the unit, and the points from … to; as fine as is not too
    many."""
    for step in STEPS:
        found, count = [], 0
        for place, need in enumerate(needs):
            for pair in ground.pairs_of(need):
                points = _covered(ground, pair, need, step)
                unit = np.full(len(points), ground.candidates.offer[pair])
                found.append(np.column_stack([np.full(len(points), place), unit, points]))
                count += len(points)
            if count > columns and step != STEPS[-1]:
                break
        else:
            break
    return np.concatenate([np.zeros((0, 4), dtype=np.int64), *found])


def _covered(ground: Ground, pair: int, need: int, step: int) -> np.ndarray:
    """The sets of points, from … to, that a block may cover and that contain no other such."""
    slot, unit = ground.problem.horizon.slot, ground.unit[pair]
    ranges = ground.starts_within(pair, need, ground.free[unit])
    starts = np.concatenate([np.arange(first, last + 1, slot) for first, last in ranges])
    opens, closes = ground.block(pair, need, starts)
    spans = np.unique(-(-np.column_stack([opens, closes]) // (slot * step)), axis=0)
    length = spans[:, 1] - spans[:, 0]
    short = {tuple(span) for span in spans[length == length.min()].tolist()}
    least = [
        span
        for span in spans.tolist()
        if tuple(span) in short or not {(span[0], span[1] - 1), (span[0] + 1, span[1])} & short
    ]
    return np.array(least, dtype=np.int64)


def _rows(spans: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(row, column) of each entry: a row per need, and per unit one for each point at which some
    span begins – whatever meets, meets there."""
    columns = np.arange(len(spans))
    rows, entries = [spans[:, 0]], [columns]
    count = int(spans[:, 0].max(initial=-1)) + 1
    for unit in np.unique(spans[:, 1]):
        here = columns[spans[:, 1] == unit]
        points = np.unique(spans[here, 2])
        at, to = (np.searchsorted(points, spans[here, side]) for side in (2, 3))
        length = to - at
        offset = np.arange(length.sum()) - np.repeat(np.cumsum(length) - length, length)
        rows.append(count + np.repeat(at, length) + offset)
        entries.append(np.repeat(here, length))
        count += len(points)
    return np.concatenate(rows), np.concatenate(entries)
