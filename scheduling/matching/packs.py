"""What is still to be given of each lot and still needed by each need, after the kept matches; and
how many packs of a lot one need may get at most."""

from dataclasses import dataclass

import numpy as np

from scheduling.matching.problem import Match, Problem

NO_LIMIT = 2**40


@dataclass(frozen=True)
class Packs:
    """``of_lot``, ``of_need``: packs left (int64), never negative; ``given``: packs that kept
    matches bring to each need; ``kept``: these matches, which stay in every plan."""

    of_lot: np.ndarray
    of_need: np.ndarray
    given: np.ndarray
    kept: tuple[Match, ...]


def packs_left(problem: Problem) -> Packs:
    lot_of = {lot.id: place for place, lot in enumerate(problem.lots)}
    need_of = {need.id: place for place, need in enumerate(problem.medicine_needs)}
    of_lot = np.array([lot.packs for lot in problem.lots], dtype=np.int64)
    asked = np.array([need.packs for need in problem.medicine_needs], dtype=np.int64)
    given = np.zeros(len(asked), dtype=np.int64)
    kept = tuple(row.match for row in problem.kept if row.match.need in need_of)
    for match in kept:
        given[need_of[match.need]] += match.quantity
        if match.offer in lot_of:
            of_lot[lot_of[match.offer]] -= match.quantity
    return Packs(np.maximum(of_lot, 0), np.maximum(asked - given, 0), given, kept)


class UseLimits:
    """How many packs of each lot the institution of each need can use before they expire."""

    def __init__(self, problem: Problem):
        at = {row.id: place for place, row in enumerate(problem.institutions)}
        lot_of = {row.id: place for place, row in enumerate(problem.lots)}
        homes = [at[need.institution] for need in problem.medicine_needs]
        self.homes, self.lots = np.array(homes, dtype=np.int64), len(problem.lots)
        known = sorted(
            (at[row.institution] * self.lots + lot_of[row.lot], row.packs)
            for row in problem.use_limits
            if row.lot in lot_of and row.institution in at
        )
        self._pairs, self._packs = np.array(known, dtype=np.int64).reshape(-1, 2).T

    def of(self, needs: np.ndarray, lots: np.ndarray) -> np.ndarray:
        """For places of needs and lots, broadcast together (int64)."""
        pairs = self.homes[needs] * self.lots + lots
        if not len(self._pairs):
            return np.full(pairs.shape, NO_LIMIT, dtype=np.int64)
        row = np.minimum(np.searchsorted(self._pairs, pairs), len(self._pairs) - 1)
        return np.where(self._pairs[row] == pairs, self._packs[row], NO_LIMIT)
