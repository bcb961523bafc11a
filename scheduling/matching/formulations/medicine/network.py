"""Lots, needs and what may go from one to the other, as a network.

Nodes: lots, needs, institutions, one sink.  Arcs, in this order: ``pairs`` lot → need, one per
candidate; ``again`` lot → need once more, for what was proposed before (so that keeping it can be
rewarded up to its packs); ``filled`` need → sink; ``spare`` lot → sink, what a lot keeps.
"""

from dataclasses import dataclass

import numpy as np

from scheduling.matching.candidates import CandidateSet
from scheduling.matching.formulations.medicine.flow import Network
from scheduling.matching.packs import NO_LIMIT, Packs, UseLimits
from scheduling.matching.problem import Problem


@dataclass(frozen=True)
class Layout:
    """Where the arcs of each sort are; ``need`` and ``lot`` of each pair, then of each again."""

    pairs: slice
    again: slice
    filled: slice
    spare: slice
    need: np.ndarray
    lot: np.ndarray
    lots: int

    def institution_nodes(self, institutions: np.ndarray) -> np.ndarray:
        needs = self.filled.stop - self.filled.start
        return (institutions + self.lots + needs).astype(np.int32)


def build(problem: Problem, candidates: CandidateSet, packs: Packs) -> tuple[Network, Layout]:
    lots, needs = len(packs.of_lot), len(packs.of_need)
    sink = lots + needs + len(problem.institutions)
    again_need, again_lot, again_packs = _proposed_before(problem, candidates)
    need = np.concatenate([candidates.need, again_need]).astype(np.int32)
    lot = np.concatenate([candidates.offer, again_lot]).astype(np.int32)
    most, again = np.minimum(packs.of_lot[lot], packs.of_need[need]), len(candidates.need)
    most[again:] = np.minimum(most[again:], again_packs)
    most = _within_use(
        most, UseLimits(problem).of(need, lot), need.astype(np.int64) * lots + lot, again
    )
    to_sink = np.full(needs + lots, sink, dtype=np.int32)
    upper = np.concatenate([most, packs.of_need, packs.of_lot])
    supply = np.zeros(sink + 1, dtype=np.int64)
    supply[:lots], supply[sink] = packs.of_lot, -packs.of_lot.sum()
    network = Network(
        tail=np.concatenate([lot, np.arange(lots, lots + needs), np.arange(lots)], dtype=np.int32),
        head=np.concatenate([need + lots, to_sink], dtype=np.int32),
        lower=np.zeros(len(upper), dtype=np.int64),
        upper=upper,
        supply=supply,
    )
    ends = np.cumsum([len(candidates.need), len(again_need), needs, lots]).tolist()
    parts = [slice(start, end) for start, end in zip([0, *ends], ends, strict=False)]
    return network, Layout(*parts, need, lot, lots)


def _within_use(most: np.ndarray, limit: np.ndarray, pair: np.ndarray, pairs: int) -> np.ndarray:
    """Capacities of ``pairs`` and then ``again`` within what can be used: both arcs of a limited
    pair share its limit, the second first."""
    most = np.minimum(most, limit)
    again = pairs + np.flatnonzero(limit[pairs:] < NO_LIMIT)
    np.subtract.at(most, np.searchsorted(pair[:pairs], pair[again]), most[again])
    return np.maximum(most, 0)


def beyond(layout: Layout, flow: np.ndarray, count: int) -> np.ndarray:
    """Pairs beyond ``count`` of their need and of their lot, drawn anew for each but always alike;
    never one that is used.  Who has many is as well served without these; who has few keeps all."""
    need, lot = layout.need[layout.pairs], layout.lot[layout.pairs]
    idle = flow[layout.pairs] == 0
    drawn = np.random.default_rng(0).random(len(need))
    spare = (_rank(need, idle, drawn) >= count) & (_rank(lot, idle, drawn) >= count)
    return np.flatnonzero(spare & idle)


def _rank(of: np.ndarray, idle: np.ndarray, drawn: np.ndarray) -> np.ndarray:
    """The place of each pair among those of the same need, or lot; those in use come first."""
    order = np.lexsort((drawn, idle, of))
    rank = np.empty(len(of), dtype=np.int64)
    rank[order] = np.arange(len(of)) - np.searchsorted(of[order], of[order])
    return rank


def _proposed_before(problem: Problem, candidates: CandidateSet) -> tuple[np.ndarray, ...]:
    """Previous matches that are still admissible: needs, lots, packs."""
    if not problem.previous:
        return (np.zeros(0, np.int64),) * 3
    need_of = {need.id: place for place, need in enumerate(problem.medicine_needs)}
    lot_of = {lot.id: place for place, lot in enumerate(problem.lots)}
    pairs = set(zip(candidates.need.tolist(), candidates.offer.tolist(), strict=True))
    found = [
        (need_of[match.need], lot_of[match.offer], match.quantity)
        for match in problem.previous
        if (need_of.get(match.need), lot_of.get(match.offer)) in pairs
    ]
    return tuple(np.array(found, dtype=np.int64).reshape(-1, 3).T)
