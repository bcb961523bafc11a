"""Flows, their prices and the face of their optima, on networks small enough to see through."""

from dataclasses import replace

import numpy as np
import pytest

from scheduling.matching.formulations.medicine import flow as module
from scheduling.matching.formulations.medicine.flow import (
    Network,
    NoFlow,
    NotOptimal,
    face,
    in_whole_numbers,
    most_rewarding,
    prices,
)
from scheduling.matching.formulations.medicine.network import Layout, beyond


def network(arcs, supply) -> Network:
    tail, head, lower, upper = np.array(arcs).T
    return Network(
        tail.astype(np.int32),
        head.astype(np.int32),
        lower.astype(np.int64),
        upper.astype(np.int64),
        np.array(supply, dtype=np.int64),
    )


# One source (0) of 5, two ways to the sink (3).
TWO_WAYS = [(0, 1, 0, 4), (0, 2, 0, 4), (1, 3, 0, 9), (2, 3, 0, 9)]
SUPPLY = [5, 0, 0, -5]


def rewards(*values) -> np.ndarray:
    return np.array(values, dtype=np.int64)


def test_the_better_way_is_filled_first():
    flow = most_rewarding(network(TWO_WAYS, SUPPLY), rewards(7, 3, 0, 0))
    assert flow.tolist() == [4, 1, 4, 1]


def test_an_arc_carries_at_least_its_lower_bound():
    arcs = [(0, 1, 0, 4), (0, 2, 3, 4), *TWO_WAYS[2:]]
    assert most_rewarding(network(arcs, SUPPLY), rewards(7, 3, 0, 0)).tolist() == [2, 3, 2, 3]


def test_bounds_that_contradict_each_other_are_said():
    arcs = [(0, 1, 0, 1), (0, 2, 0, 1), *TWO_WAYS[2:]]
    with pytest.raises(NoFlow):
        most_rewarding(network(arcs, SUPPLY), rewards(1, 1, 0, 0))


def test_the_face_leaves_ties_open_and_fixes_the_rest():
    tied = rewards(2, 2, 0, 0)
    whole = network(TWO_WAYS, SUPPLY)
    flow = most_rewarding(whole, tied)
    same = face(whole, tied, flow, prices(whole, tied, flow))
    assert most_rewarding(same, rewards(0, 1, 0, 0))[:2].tolist() == [1, 4]
    better = rewards(3, 2, 0, 0)
    flow = most_rewarding(whole, better)
    fixed = face(whole, better, flow, prices(whole, better, flow))
    assert most_rewarding(fixed, rewards(0, 9, 0, 0))[:2].tolist() == [4, 1]


def test_a_flow_that_is_not_the_best_has_no_prices():
    worse = np.array([1, 4, 1, 4], dtype=np.int64)
    with pytest.raises(NotOptimal):
        prices(network(TWO_WAYS, SUPPLY), rewards(7, 3, 0, 0), worse)


@pytest.mark.parametrize("nodes", [3, 100_000])
@pytest.mark.parametrize("largest", [1e-9, 1.0, 1e15])
def test_whole_rewards_keep_their_order_and_their_headroom(nodes, largest):
    values = np.array([0.0, -largest, largest / 3, largest])
    whole, scale = in_whole_numbers(values, nodes)
    assert np.argsort(whole).tolist() == np.argsort(values).tolist()
    assert whole / scale == pytest.approx(values, rel=1e-9)
    assert int(np.abs(whole).max()) * (nodes + 1) < 2**60


def test_of_many_pairs_those_in_use_and_some_of_every_need_and_lot_are_left():
    need, lot = np.repeat(np.arange(6), 7), np.tile(np.arange(7), 6)
    rare = lot == 6
    need, lot = need[~rare | (need == 0)], lot[~rare | (need == 0)]  # one need alone asks for it
    pairs = len(need)
    ends = (pairs, pairs, pairs + 6, pairs + 13)
    layout = Layout(*(slice(a, b) for a, b in zip((0, *ends), ends, strict=False)), need, lot, 7)
    flow = np.zeros(ends[-1], dtype=np.int64)
    flow[[1, 4]] = 5

    dropped = beyond(layout, flow, 2)

    left = np.setdiff1d(np.arange(pairs), dropped)
    assert 0 < len(dropped) < pairs
    assert {1, 4, *np.flatnonzero(lot == 6).tolist()} <= set(left.tolist())
    assert np.bincount(need[left]).min() >= 2
    assert np.bincount(lot[left])[:6].min() >= 2


def test_parts_that_share_the_sink_alone_are_as_good_as_the_whole(monkeypatch):
    """Lots 0–5, needs 6–11, three medicines of two each, and the sink; every fourth arc is held."""
    draw = np.random.default_rng(5)
    for _ in range(20):
        pairs = [(2 * item + lot, 6 + 2 * item + need) for item in range(3) for lot in (0, 1)
                 for need in (0, 1)]  # fmt: skip
        tail = np.array([a for a, _ in pairs] + list(range(12)), dtype=np.int32)
        head = np.array([b for _, b in pairs] + [12] * 12, dtype=np.int32)
        stock = draw.integers(0, 9, 6)
        upper = np.concatenate([draw.integers(0, 9, 12), np.full(6, 99), draw.integers(1, 9, 6)])
        supply = np.concatenate([stock, np.zeros(6, dtype=np.int64), [-stock.sum()]])
        whole = Network(tail, head, np.zeros(24, dtype=np.int64), upper, supply)
        first = most_rewarding(whole, draw.integers(-5, 9, 24))
        held = replace(whole, lower=np.where(np.arange(24) % 4, 0, first))
        gains = draw.integers(-5, 9, 24)
        found = []
        for size in (1, 10**9):
            monkeypatch.setattr(module, "TOGETHER", size)
            flow = most_rewarding(held, gains)
            assert (held.lower <= flow).all()
            assert (flow <= held.upper).all()
            gone = np.bincount(tail, flow, 13) - np.bincount(head, flow, 13)
            assert gone.tolist() == supply.tolist()
            found.append(int(gains @ flow))
        assert found[0] == found[1]


def test_what_no_arc_can_carry_away_is_no_flow():
    stuck = Network(*(np.zeros(0, dtype=np.int64) for _ in range(4)), np.array([3, -3]))
    with pytest.raises(NoFlow):
        most_rewarding(stuck, np.zeros(0, dtype=np.int64))
