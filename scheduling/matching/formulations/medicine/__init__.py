"""Medicines: one integral min-cost flow per tier, each on the face of the optima before it."""

from dataclasses import replace

import numpy as np

from scheduling.matching.baselines.medicine import filled
from scheduling.matching.candidates import CandidateSet
from scheduling.matching.formulations.medicine import network, rewards
from scheduling.matching.formulations.medicine.climb import Climb
from scheduling.matching.packs import packs_left
from scheduling.matching.plan import OUT_OF_TIME, Control, KindPlan, Status, Tier
from scheduling.matching.problem import Kind, Match, Problem
from scheduling.matching.tiers import measure
from scheduling.matching.travel import Travel


def solve(problem: Problem, candidates: CandidateSet, travel: Travel, control: Control) -> KindPlan:
    """Every tier is proven except equity, which has a bound; the tiers below it are, for the packs
    that it gave each need.  A run that is stopped, or out of time, keeps what it has so far, and
    whom it had not come to gets what is left, the most urgent first."""
    started = control.now()
    packs = packs_left(problem)
    net, layout = network.build(problem, candidates, packs)
    climb = Climb(net, layout, rewards.fairness(problem, candidates, packs, travel), control)
    urgent = rewards.urgent(problem, net, layout)
    routine = np.flatnonzero(urgent[layout.filled][layout.need] == 0)
    price = climb.to("urgent", urgent, idle=routine)
    served, aims = rewards.served(problem, net, layout), problem.parameters
    stays = bool(problem.previous and aims.stability_weight)
    stability = rewards.stability(problem, net, layout) * stays
    if aims.fairness:
        climb.to_fairest(served + stability)
    else:
        climb.to("served", served)
    if aims.waste_weight:
        climb.to("waste", rewards.waste(problem, net, layout))
    if stays:
        climb.to("stability", stability)
    if aims.distance_weight:
        climb.to("travel", rewards.travel(problem, net, layout, travel))
    found = _matches(problem, layout, climb.flow)
    cut_short = climb.status is not Status.OPTIMAL
    matches = filled(problem, candidates, travel, found) if cut_short else packs.kept + found
    tiers = _with_bounds(measure(problem, Kind.MEDICINE, matches, candidates, travel), climb.slack)
    return KindPlan(
        kind=Kind.MEDICINE,
        matches=matches,
        status=climb.ended,
        tiers=tiers,
        seconds=control.now() - started,
        prices=_prices(problem, price),
        notes=(OUT_OF_TIME,) if climb.status is Status.FEASIBLE else (),
    )


def _with_bounds(tiers: tuple[Tier, ...], slack: dict[str, float]) -> tuple[Tier, ...]:
    """What was maximised is at most its slack below the best."""
    return tuple(
        replace(tier, bound=tier.value + slack[tier.name]) if tier.name in slack else tier
        for tier in tiers
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
