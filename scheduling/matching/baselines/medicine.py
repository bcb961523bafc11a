"""Packs handed out need by need, each from the nearest lots that are left."""

import numpy as np

from scheduling.matching.candidates import CandidateSet
from scheduling.matching.packs import packs_left
from scheduling.matching.problem import Match, MedicineNeed, Problem
from scheduling.matching.travel import Travel


def first_come(problem: Problem, candidates: CandidateSet, travel: Travel) -> tuple[Match, ...]:
    return _in_order(problem, candidates, travel, lambda need: (need.posted_at, need.id))


def urgency_first(problem: Problem, candidates: CandidateSet, travel: Travel) -> tuple[Match, ...]:
    return _in_order(
        problem, candidates, travel, lambda need: (need.urgency, need.posted_at, need.id)
    )


def _in_order(problem: Problem, candidates: CandidateSet, travel: Travel, turn):
    packs = packs_left(problem)
    needs = problem.medicine_needs
    places = np.array([travel.index[lot.institution] for lot in problem.lots], dtype=np.int64)
    matches = list(packs.kept)
    for place in sorted(range(len(needs)), key=lambda place: turn(needs[place])):
        near = _nearest(candidates.offers_of(place), needs[place], places, travel)
        matches += _take(problem, place, near, packs.of_need, packs.of_lot)
    return tuple(matches)


def _nearest(lots: np.ndarray, need: MedicineNeed, places: np.ndarray, travel: Travel):
    """Ties go to the lot that is listed first."""
    kilometres = travel.kilometres[places[lots], travel.index[need.institution]]
    return lots[np.argsort(kilometres, kind="stable")].tolist()


def _take(problem: Problem, need: int, lots: list[int], of_need: np.ndarray, of_lot: np.ndarray):
    for lot in lots:
        quantity = int(min(of_need[need], of_lot[lot]))
        if quantity:
            of_need[need] -= quantity
            of_lot[lot] -= quantity
            yield Match(problem.medicine_needs[need].id, problem.lots[lot].id, quantity)
