"""Medicines: one integral min-cost flow per tier, each on the face of the optima before it."""

import time

import numpy as np

from scheduling.matching.candidates import CandidateSet
from scheduling.matching.formulations.medicine import network, rewards
from scheduling.matching.formulations.medicine.climb import Climb
from scheduling.matching.packs import packs_left
from scheduling.matching.plan import Control, KindPlan
from scheduling.matching.problem import Kind, Match, Problem
from scheduling.matching.travel import Travel


def solve(problem: Problem, candidates: CandidateSet, travel: Travel, control: Control) -> KindPlan:
    """Every tier is proven except equity, which has a bound.  A run that is stopped, or out of
    time, keeps what the tiers so far have made."""
    started = time.monotonic()
    packs = packs_left(problem)
    net, layout = network.build(problem, candidates, packs)
    climb = Climb(net, layout, rewards.fairness(problem, layout, packs, travel), control)
    price = climb.to("urgent", rewards.urgent(problem, net, layout))
    climb.to_fairest(rewards.served(problem, net, layout))
    climb.to("waste", rewards.waste(problem, net, layout))
    if problem.previous:
        climb.to("stability", rewards.stability(problem, net, layout))
    climb.to("travel", rewards.travel(problem, net, layout, travel))
    return KindPlan(
        kind=Kind.MEDICINE,
        matches=packs.kept + _matches(problem, layout, climb.flow),
        status=climb.ended,
        tiers=tuple(climb.tiers),
        seconds=time.monotonic() - started,
        prices=_prices(problem, price),
    )


def _matches(problem: Problem, layout: network.Layout, flow: np.ndarray) -> tuple[Match, ...]:
    """One match per need and lot, in their order."""
    packs = flow[: layout.again.stop]
    moved: dict[tuple[int, int], int] = {}
    for arc in np.flatnonzero(packs).tolist():
        pair = int(layout.need[arc]), int(layout.lot[arc])
        moved[pair] = moved.get(pair, 0) + int(packs[arc])
    return tuple(
        Match(problem.medicine_needs[need].id, problem.lots[lot].id, quantity)
        for (need, lot), quantity in sorted(moved.items())
    )


def _prices(problem: Problem, price: np.ndarray) -> dict[str, float]:
    """Per pack, of lots for which urgent needs compete."""
    return {
        lot.id: float(worth) for lot, worth in zip(problem.lots, price, strict=False) if worth > 0
    }
