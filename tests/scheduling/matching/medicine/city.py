"""Small cities for the tests of medicines: only what a test is about needs saying."""

import random

from scheduling.matching.admissible.medicine import rule_book
from scheduling.matching.candidates import CandidateSet, collect
from scheduling.matching.formulations.medicine import solve
from scheduling.matching.plan import Control, KindPlan
from scheduling.matching.problem import (
    Horizon,
    Institution,
    Lot,
    MedicineNeed,
    Parameters,
    Problem,
    Urgency,
)
from scheduling.matching.travel import Travel

MIDNIGHT = Horizon("2026-11-30T00:00+08:00")


def place(name: str, east: float = 0.0, **more) -> Institution:
    """``east``: degrees of longitude; 0.1 are about 9.5 km of straight line."""
    return Institution(name, 31.2, 121.4 + east, **more)


def lot(name: str, at: str = "owner", packs: int = 10, expiry_day: int = 100, **more) -> Lot:
    return Lot(name, at, more.pop("item", "insulin"), packs, expiry_day, **more)


def need(name: str, at: str = "borrower", packs: int = 10, **more) -> MedicineNeed:
    return MedicineNeed(name, at, more.pop("item", "insulin"), packs, more.pop("by_day", 7), **more)


def problem(institutions, lots=(), needs=(), **more) -> Problem:
    return Problem(
        MIDNIGHT, tuple(institutions), lots=tuple(lots), medicine_needs=tuple(needs), **more
    )


def two(lots, needs, **more) -> Problem:
    return problem([place("owner"), place("borrower", 0.1)], lots, needs, **more)


def candidates_of(given: Problem) -> tuple[CandidateSet, Travel]:
    travel = Travel(given)
    return collect(rule_book(given, travel), given), travel


def solved(given: Problem, **control) -> KindPlan:
    candidates, travel = candidates_of(given)
    return solve(given, candidates, travel, Control(**control))


def packs_of(plan) -> dict[tuple[str, str], int]:
    return {(match.need, match.offer): match.quantity for match in plan.matches}


def served(given: Problem, matches) -> dict[str, int]:
    packs = dict.fromkeys((need.id for need in given.medicine_needs), 0)
    for match in matches:
        packs[match.need] += match.quantity
    return packs


def made_up(*, needs: int, institutions: int, seed: int, parameters=None) -> Problem:
    """Demand of 1.3 × supply, one institution in ten with a surge."""
    draw = random.Random(seed)
    places = [
        Institution(f"h{k}", draw.gauss(31.2, 0.1), draw.gauss(121.4, 0.1))
        for k in range(institutions)
    ]
    pull = [4.0 if k % 10 == 0 else draw.uniform(0.3, 1.5) for k in range(institutions)]
    asked = [
        MedicineNeed(
            f"n{k}",
            draw.choices(places, pull)[0].id,
            f"item{draw.randrange(max(2, needs // 40))}",
            max(1, int(draw.lognormvariate(2.3, 0.9))),
            draw.randrange(14),
            urgency=Urgency(draw.choices([1, 2, 3], [0.1, 0.3, 0.6])[0]),
            posted_at=-draw.randrange(5000),
            longest_travel_minutes=draw.choice([None, 60, 40]),
        )
        for k in range(needs)
    ]
    return problem(
        places, _lots_for(asked, places, draw), asked, parameters=parameters or Parameters()
    )


def _lots_for(asked, places, draw: random.Random):
    left: dict[str, int] = {}
    for row in asked:
        left[row.item] = left.get(row.item, 0) + row.packs
    number = 0
    for item, total in sorted(left.items()):
        rest = int(total / 1.3)
        while rest > 0:
            packs = min(rest, max(1, int(draw.lognormvariate(2.9, 0.8))))
            yield Lot(
                f"l{number}",
                draw.choice(places).id,
                item,
                packs,
                draw.choice([20, 45, 80, 300]),
                draw.randrange(100, 90000),
            )
            rest, number = rest - packs, number + 1
