"""Integral min-cost flows, one objective after the other.

An optimal flow and its node prices say which arcs every other optimum shares: an arc with a
positive reduced cost is empty in all of them, one with a negative cost is full.  With these fixed
what remains is the *face* of all optima, itself a network, on which the next objective is
maximised.  So any number of tiers is strictly lexicographic, in whole packs, without branching
and without one objective having to outweigh the next (dominance per pack holds only while no need
asks for more than about 190 packs; here nothing depends on it).
"""

from dataclasses import dataclass, replace

import numpy as np
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow
from scipy import sparse
from scipy.sparse import csgraph

# OR-Tools multiplies costs by the number of nodes and adds them along paths, all in int64.
HEADROOM = 2**58
# Enough where the rewards are themselves a model's; a third faster.
ROUGH = 2**44
TOGETHER = 5_000  # arcs


@dataclass(frozen=True)
class Network:
    """``tail``, ``head``: nodes of the arcs (int32); ``lower``, ``upper``: what an arc must and
    may carry (int64); ``supply``: per node, positive at a source (int64, sum 0)."""

    tail: np.ndarray
    head: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    supply: np.ndarray

    def between(self, arcs: slice, lower: np.ndarray, upper: np.ndarray) -> "Network":
        """The same network with these arcs narrowed."""
        lowers, uppers = self.lower.copy(), self.upper.copy()
        lowers[arcs] = np.maximum(lowers[arcs], lower)
        uppers[arcs] = np.minimum(uppers[arcs], upper)
        return replace(self, lower=lowers, upper=uppers)

    def without(self, arcs: np.ndarray, flow: np.ndarray) -> "Network":
        """The same network with what flows over these arcs as it is."""
        lowers, uppers = self.lower.copy(), self.upper.copy()
        lowers[arcs] = uppers[arcs] = flow[arcs]
        return replace(self, lower=lowers, upper=uppers)


class NoFlow(Exception):
    """The network carries no flow: its bounds contradict each other."""


class NotOptimal(Exception):
    """A flow that is not the best has no prices that prove it."""


def in_whole_numbers(
    rewards: np.ndarray, nodes: int, headroom: int = HEADROOM
) -> tuple[np.ndarray, float]:
    """Rewards as int64 and the factor, as fine as int64 allows for so many nodes."""
    largest = float(np.abs(rewards).max(initial=0.0))
    if not largest:
        return np.zeros(len(rewards), dtype=np.int64), 1.0
    scale = headroom / (nodes + 1) / largest
    whole = np.rint(rewards * scale).astype(np.int64)
    if int(np.abs(whole).max()) * (nodes + 1) > 2 * headroom:
        raise OverflowError("rewards leave no headroom in int64")
    return whole, scale


def most_rewarding(network: Network, rewards: np.ndarray) -> np.ndarray:
    """The flow per arc (int64) whose sum of ``rewards`` (int64 per unit) is largest.  Parts that
    only the last node connects (medicines, mostly) are solved one after the other: time grows
    faster than size."""
    supply, free = network.supply.copy(), np.flatnonzero(network.upper > network.lower)
    np.subtract.at(supply, network.tail, network.lower)
    np.add.at(supply, network.head, network.lower)
    flow, local = network.lower.copy(), np.empty(len(supply), dtype=np.int32)
    for arcs in _apart(network, free):
        tail, head = network.tail[arcs], network.head[arcs]
        nodes = np.unique(np.concatenate([tail, head]))
        local[nodes] = np.arange(len(nodes), dtype=np.int32)
        here = supply[nodes]
        supply[nodes] = 0
        if nodes[-1] == len(supply) - 1:
            supply[-1] = here.sum()  # what the other parts bring
            here[-1] -= supply[-1]
        room = network.upper[arcs] - network.lower[arcs]
        flow[arcs] += _solved(local[tail], local[head], room, -rewards[arcs], here)
    if supply.any():
        raise NoFlow("supply without a way out")
    return flow


def _apart(network: Network, free: np.ndarray) -> list[np.ndarray]:
    """The ``free`` arcs in parts that have no node in common but the last one; small parts are
    put together."""
    last = len(network.supply) - 1
    tail, head = network.tail[free], network.head[free]
    inner = (tail != last) & (head != last)
    links = sparse.coo_array(
        (np.ones(inner.sum(), dtype=np.int8), (tail[inner], head[inner])), (last + 1, last + 1)
    )
    _, part = csgraph.connected_components(links, directed=False)
    of = np.where(tail == last, part[head], part[tail])
    order = np.argsort(of, kind="stable")
    first = np.flatnonzero(np.diff(of[order], prepend=-1))
    cuts = first[np.flatnonzero(np.diff(first // TOGETHER)) + 1]
    return [arcs for arcs in np.split(free[order], cuts) if len(arcs)]


def _solved(tail, head, room, cost, supply) -> np.ndarray:
    solver = SimpleMinCostFlow()
    solver.add_arcs_with_capacity_and_unit_cost(tail, head, room, cost)
    solver.set_nodes_supplies(np.arange(len(supply), dtype=np.int32), supply)
    status = solver.solve()
    if status != solver.OPTIMAL:
        raise NoFlow(status.name)
    return solver.flows(np.arange(len(tail), dtype=np.int32))


def prices(network: Network, rewards: np.ndarray, flow: np.ndarray) -> np.ndarray:
    """Node prices that prove ``flow`` optimal: shortest paths in the residual network, found by
    rounds over all arcs at once (a path alternates between few lots and needs: few rounds)."""
    forth = np.flatnonzero(flow < network.upper)
    back = np.flatnonzero(flow > network.lower)
    tail = np.concatenate([network.tail[forth], network.head[back]])
    head = np.concatenate([network.head[forth], network.tail[back]])
    cost = np.concatenate([-rewards[forth], rewards[back]])
    order = np.argsort(head, kind="stable")
    tail, head, cost = tail[order], head[order], cost[order]
    starts = np.flatnonzero(np.diff(head, prepend=-1))
    found = np.zeros(len(network.supply), dtype=np.int64)
    for _ in range(len(found) + 1):
        nearer = np.minimum.reduceat(found[tail] + cost, starts) if len(starts) else starts
        if not np.any(nearer < found[head[starts]]):
            return found
        found[head[starts]] = np.minimum(found[head[starts]], nearer)
    raise NotOptimal


def face(network: Network, rewards: np.ndarray, flow: np.ndarray, price: np.ndarray) -> Network:
    """The network of all flows as good as ``flow``."""
    reduced = price[network.tail] - price[network.head] - rewards
    return replace(
        network,
        lower=np.where(reduced < 0, flow, network.lower),
        upper=np.where(reduced > 0, flow, network.upper),
    )
