"""What only medicines know about a what-if."""

from collections.abc import Iterable
from dataclasses import replace

from scheduling.matching.problem import Interval, Kind, Lot, Problem
from scheduling.matching.trial import edits

TIMED = False


def _far(problem: Problem, needs: Iterable) -> Problem:
    return edits.needs_with(problem, Kind.MEDICINE, needs, longest_travel_minutes=None)


def _used_at_once(problem: Problem, needs: Iterable) -> Problem:
    return edits.needs_with(problem, Kind.MEDICINE, needs, minimum_life_days=0, by_day=0)


def _addressed(problem: Problem, needs: Iterable) -> Problem:
    return edits.in_every_group(problem, edits.of_items(problem.lots, needs), needs)


def _licensed(problem: Problem, needs: Iterable) -> Problem:
    lots = edits.of_items(problem.lots, needs)
    licences = frozenset(f"licence:{lot.control}" for lot in lots if lot.control)
    return edits.institutions_with(problem, needs, "certificates", licences)


def _kept_cold(problem: Problem, needs: Iterable) -> Problem:
    lots = edits.of_items(problem.lots, needs)
    stores = frozenset(f"cold:{lot.cold_chain}" for lot in lots if lot.cold_chain)
    return edits.institutions_with(problem, needs, "certificates", stores)


def _cold_all_the_way(problem: Problem, needs: Iterable) -> Problem:
    items = {need.item for need in needs}
    return edits.offers_with(
        problem,
        Kind.MEDICINE,
        lambda lot: replace(lot, longest_cold_minutes=None) if lot.item in items else lot,
    )


LIFTS = {
    "travel": _far,
    "life": _used_at_once,
    "consortium": _addressed,
    "cold_reach": _cold_all_the_way,
    "cold": _kept_cold,
    "licence": _licensed,
    "struck": edits.not_struck,
}


def more(problem: Problem, offer: str, amount: int) -> Problem:
    return edits.one_offer_with(
        problem, Kind.MEDICINE, offer, lambda lot: replace(lot, packs=lot.packs + amount)
    )


def offered(
    problem: Problem, need, institution: str, amount: int, *, expiry_day: int = 0
) -> Problem:
    lot = Lot(
        id=edits.NEW,
        institution=institution,
        item=need.item,
        packs=amount,
        expiry_day=expiry_day,
    )
    return edits.one_more(problem, Kind.MEDICINE, lot)


def times(offer) -> tuple[Interval, ...]:
    return ()
