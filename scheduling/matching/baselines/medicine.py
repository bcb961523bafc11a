"""Packs handed out need by need, each from the nearest lots that are left."""

from collections.abc import Iterable

import numpy as np

from scheduling.matching.candidates import CandidateSet
from scheduling.matching.packs import Packs, UseLimits, packs_left
from scheduling.matching.problem import Match, MedicineNeed, Problem
from scheduling.matching.travel import Travel


def first_come(problem: Problem, candidates: CandidateSet, travel: Travel) -> tuple[Match, ...]:
    return _in_order(problem, candidates, travel, lambda need: (need.posted_at, need.id))


def urgency_first(problem: Problem, candidates: CandidateSet, travel: Travel) -> tuple[Match, ...]:
    return _in_order(problem, candidates, travel, _by_urgency)


def filled(
    problem: Problem, candidates: CandidateSet, travel: Travel, found: tuple[Match, ...]
) -> tuple[Match, ...]:
    """What is kept and was ``found``, and of what that leaves for the needs that have nothing, the
    most urgent first."""
    return _in_order(problem, candidates, travel, _by_urgency, found)


def _by_urgency(need: MedicineNeed):
    return need.urgency, need.posted_at, need.id


def _in_order(
    problem: Problem,
    candidates: CandidateSet,
    travel: Travel,
    turn,
    found: tuple[Match, ...] = (),
) -> tuple[Match, ...]:
    packs, limits = packs_left(problem), UseLimits(problem)
    needs = problem.medicine_needs
    places = np.array([travel.index[lot.institution] for lot in problem.lots], dtype=np.int64)
    matches, served = [*packs.kept, *found], {match.need for match in found}
    lot_of = {lot.id: place for place, lot in enumerate(problem.lots)}
    for match in found:
        packs.of_lot[lot_of[match.offer]] -= match.quantity
    for place in sorted(range(len(needs)), key=lambda place: turn(needs[place])):
        if needs[place].id in served:
            continue
        near = _nearest(candidates.offers_of(place), needs[place], places, travel)
        most = limits.of(np.full(len(near), place), np.array(near, dtype=np.int64)).tolist()
        matches += _take(problem, place, zip(near, most, strict=True), packs)
    return tuple(matches)


def _nearest(lots: np.ndarray, need: MedicineNeed, places: np.ndarray, travel: Travel):
    """Ties go to the lot that is listed first."""
    kilometres = travel.kilometres[places[lots], travel.index[need.institution]]
    return lots[np.argsort(kilometres, kind="stable")].tolist()


def _take(problem: Problem, need: int, lots: Iterable[tuple[int, int]], packs: Packs):
    """``lots``: each with how many packs of it may go to the need."""
    for lot, most in lots:
        quantity = int(min(packs.of_need[need], packs.of_lot[lot], most))
        if quantity:
            packs.of_need[need] -= quantity
            packs.of_lot[lot] -= quantity
            yield Match(problem.medicine_needs[need].id, problem.lots[lot].id, quantity)
