"""The equity tier as a flow: Σ φ(F_i) over institutions, φ concave, F_i linear in the packs.

The institution → sink arc is cut into segments of decreasing reward.  A pack means more fill to a
need of few packs than to one of many, which one arc for all packs of an institution cannot say;
so the arc carries the mean of its needs, each need's arc carries how much it differs, and the
model is exact to the first order at the plan from which it was made.  It is made again at each
better plan; where the new plan is not better, needs may move less far from where they are.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from scheduling.matching import tiers
from scheduling.matching.formulations.medicine.flow import (
    ROUGH,
    Network,
    in_whole_numbers,
    most_rewarding,
)
from scheduling.matching.formulations.medicine.network import Layout

STEPS = 12  # flows at most; three to six are usual
ENOUGH = 1e-4  # a gain relative to the value that is not worth another flow
NARROWER = 4  # by which the reach of a need shrinks when a step was no gain


@dataclass(frozen=True)
class Fairness:
    """``home``: institution of each need; ``gain``: what one pack adds to its institution's fill;
    ``base``: fills before this flow; ``counted``: institutions that ask for something that can be
    served.  ``served``: what one pack adds to the needs served; ``rate``: what one of these is
    worth in equity."""

    home: np.ndarray
    gain: np.ndarray
    base: np.ndarray
    counted: np.ndarray
    served: np.ndarray
    offset: float
    rate: float

    @property
    def institutions(self) -> int:
        return int(self.counted.sum())

    def fills(self, packs: np.ndarray) -> np.ndarray:
        return self.base + np.bincount(self.home, self.gain * packs, len(self.base))

    def phi(self, fill: np.ndarray) -> np.ndarray:
        """Of ``tiers``, below zero continued by its tangent: concave everywhere."""
        below = np.minimum(fill, 0.0) / self.offset**2
        return tiers.phi(np.maximum(fill, 0.0), self.offset) + below

    def slope(self, fill: np.ndarray) -> np.ndarray:
        return 1 / (np.maximum(fill, 0.0) + self.offset) ** 2

    def equity(self, packs: np.ndarray) -> float:
        return float(self.phi(self.fills(packs))[self.counted].sum())

    def needs_served(self, packs: np.ndarray) -> float:
        return float((self.served * packs).sum())

    def value(self, packs: np.ndarray) -> float:
        """What the tier maximises."""
        return self.value_at(self.rate, packs)

    def value_at(self, rate: float, packs: np.ndarray) -> float:
        return self.equity(packs) + rate * self.needs_served(packs)

    def per_pack(self, packs: np.ndarray) -> np.ndarray:
        """The gradient of ``value``: what one more pack is worth to each need."""
        return self.slope(self.fills(packs))[self.home] * self.gain + self.rate * self.served


def fairest(
    network: Network,
    layout: Layout,
    fairness: Fairness,
    start: np.ndarray,
    going: Callable[[], bool],
    steps: int = STEPS,
) -> np.ndarray:
    """The flow per arc with the best ``fairness.value`` found from the flow ``start`` within
    so many ``steps``; ``going()`` is asked before each."""
    best, reach = start, 1.0
    value = fairness.value(best[layout.filled])
    size = network.upper[layout.filled]
    for _ in range(steps):
        if not going() or reach * size.max(initial=0) < 1:
            break
        flow = _step(network, layout, fairness, best, np.ceil(size * reach).astype(np.int64))
        found = fairness.value(flow[layout.filled])
        gain = found - value
        if gain > 0:
            best, value = flow, found
        else:
            reach /= NARROWER
        if 0 <= gain < ENOUGH * abs(value):
            break
    return best


def slack(network: Network, layout: Layout, fairness: Fairness, flow: np.ndarray) -> float:
    """No plan of this network is better by more: the tangent at ``flow``, maximised."""
    packs = flow[layout.filled]
    per_pack = fairness.per_pack(packs)
    rewards = np.zeros(len(network.tail))
    rewards[layout.filled] = per_pack
    whole, _ = in_whole_numbers(rewards, len(network.supply))
    best = most_rewarding(network, whole)[layout.filled]
    return max(0.0, float((per_pack * (best - packs)).sum()))


def _step(network: Network, layout: Layout, fairness: Fairness, flow: np.ndarray, reach):
    """The best flow of the model made at ``flow`` within ``reach`` packs of each need."""
    packs = flow[layout.filled]
    near = network.between(layout.filled, packs - reach, packs + reach)
    mean, rest = _means(near, layout, fairness, packs)
    tail, upper, reward = _segments(near, layout, fairness, packs, mean)
    sink = len(network.supply) - 1
    head = near.head.copy()
    head[layout.filled] = layout.institution_nodes(fairness.home)
    wide = replace(
        near,
        tail=np.concatenate([near.tail, tail]),
        head=np.concatenate([head, np.full(len(tail), sink, dtype=np.int32)]),
        lower=np.concatenate([near.lower, np.zeros(len(tail), dtype=np.int64)]),
        upper=np.concatenate([near.upper, upper]),
    )
    rewards = np.zeros(len(network.tail))
    rewards[layout.filled] = rest
    both = np.concatenate([rewards, reward])
    whole, _ = in_whole_numbers(both, len(network.supply), ROUGH)
    return most_rewarding(wide, whole)[: len(network.tail)]


def _means(near: Network, layout: Layout, fairness: Fairness, packs: np.ndarray):
    """Per institution: the fill that one of its movable packs adds on average; per need: what one
    of its packs is worth beyond that."""
    movable = (near.upper - near.lower)[layout.filled]
    places = len(fairness.base)
    total = np.bincount(fairness.home, movable, places)
    gains = np.bincount(fairness.home, movable * fairness.gain, places)
    mean = gains / np.maximum(total, 1)
    slope = fairness.slope(fairness.fills(packs))
    rest = slope[fairness.home] * (fairness.gain - mean[fairness.home])
    return mean, rest + fairness.rate * fairness.served


def _segments(near: Network, layout: Layout, fairness: Fairness, packs: np.ndarray, mean):
    """Arcs institution → sink: away from the present packs in steps that double, downwards and
    upwards, each with the mean reward of a pack within it.  Tails, capacities, rewards."""
    places = len(mean)
    now = np.bincount(fairness.home, packs, places).astype(np.int64)
    most = np.bincount(fairness.home, near.upper[layout.filled], places).astype(np.int64)
    fill = fairness.fills(packs)
    doublings = 2 ** np.arange(int(max(most.max(initial=0), 1)).bit_length() + 1) - 1
    edges = np.concatenate([-doublings[:0:-1], doublings])[:, None] + now
    edges = np.clip(edges, 0, most)
    ends = fairness.phi(fill + mean * (edges - now))
    width = np.diff(edges, axis=0)
    reward = np.diff(ends, axis=0) / np.maximum(width, 1)
    rows, columns = np.nonzero(width)
    tail = layout.institution_nodes(columns)
    return tail, width[rows, columns], reward[rows, columns]
