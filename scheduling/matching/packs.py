"""What is still to be given of each lot and still needed by each need, after the kept matches."""

from dataclasses import dataclass

import numpy as np

from scheduling.matching.problem import Match, Problem


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
