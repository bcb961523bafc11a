"""Which lot may serve which medicine need: the pairwise rules, in the order people are told.

``item``: the same medicine; ``own``: another institution's; ``consortium``: offered to the
borrower's groups; ``recalled``: not called back; ``record``: its record is complete; ``arrival``:
enough of its life is left when it could arrive; ``life``: on the day of need it is usable for as
long as is asked; ``use``: the borrower can use a pack of it before it expires; ``licence``: the
borrower may hold its control class; ``practice``: the borrower's practice licence lasts until it
could arrive; ``cold``: the borrower can store it cold; ``cold_reach``: its box stays cold that far;
``travel``: near enough for the need; ``struck``: not struck by an official.
"""

from functools import partial

import numpy as np

from scheduling.matching.admissible.lookups import item_blocks, looked_up, same
from scheduling.matching.admissible.practice import last_days
from scheduling.matching.candidates import Mask, PairRule, RuleBook, near_enough, struck_rule
from scheduling.matching.packs import UseLimits
from scheduling.matching.problem import Kind, Lot, Problem
from scheduling.matching.travel import Travel


def rule_book(problem: Problem, travel: Travel) -> RuleBook:
    needs, lots = problem.medicine_needs, problem.lots
    items = [need.item for need in needs], [lot.item for lot in lots]
    homes = [travel.index[need.institution] for need in needs]
    places = np.array([travel.index[lot.institution] for lot in lots], dtype=np.int64)
    certificates = [problem.institutions[home].certificates for home in homes]
    rules = (
        PairRule("item", same(*items)),
        PairRule("own", looked_up(homes, places.tolist(), lambda home, place: home != place)),
        PairRule("consortium", _in_consortium(problem, homes)),
        PairRule("recalled", _of_lots([not lot.recalled for lot in lots])),
        PairRule("record", _of_lots([lot.recorded for lot in lots])),
        PairRule("arrival", _of_lots([_lasts_on_arrival(lot) for lot in lots])),
        PairRule("life", _lives_long_enough(problem)),
        PairRule("use", _can_use(problem)),
        PairRule("licence", looked_up(certificates, [lot.control for lot in lots], _licensed)),
        PairRule("practice", _licensed_on_arrival(problem, homes)),
        PairRule("cold", looked_up(certificates, [lot.cold_chain for lot in lots], _stores)),
        PairRule("cold_reach", _stays_cold(problem, travel, homes, places)),
        PairRule("travel", near_enough(travel, places, _limits(problem, homes))),
        struck_rule(problem, [need.id for need in needs], [lot.id for lot in lots]),
    )
    return RuleBook(Kind.MEDICINE, len(needs), len(lots), rules, partial(item_blocks, *items))


def _in_consortium(problem: Problem, homes: list[int]) -> Mask:
    groups = [problem.institutions[home].consortia for home in homes]
    named = [lot.consortia for lot in problem.lots]
    return looked_up(groups, named, lambda mine, those: not those or bool(mine & those))


def _licensed(certificates: frozenset[str], control: str) -> bool:
    return not control or f"licence:{control}" in certificates


def _stores(certificates: frozenset[str], cold_chain: str) -> bool:
    return not cold_chain or f"cold:{cold_chain}" in certificates


def _of_lots(good: list[bool]) -> Mask:
    """What only the lot decides."""
    good = np.array(good, dtype=bool)
    return lambda needs, lots: np.broadcast_to(good[lots], (len(needs), len(lots)))


def _lasts_on_arrival(lot: Lot) -> bool:
    return lot.expiry_day - lot.arrival_day >= lot.arrival_life_days


def _licensed_on_arrival(problem: Problem, homes: list[int]) -> Mask:
    until = last_days([problem.institutions[home] for home in homes])
    arrival = np.array([lot.arrival_day for lot in problem.lots], dtype=np.int64)
    return lambda needs, lots: until[needs][:, None] >= arrival[lots][None, :]


def _lives_long_enough(problem: Problem) -> Mask:
    """What was needed on a day that is past is used today at the earliest."""
    until = np.array(
        [max(need.by_day, 0) + need.minimum_life_days for need in problem.medicine_needs],
        dtype=np.int64,
    )
    expiry = np.array([lot.expiry_day for lot in problem.lots], dtype=np.int64)
    return lambda needs, lots: expiry[lots][None, :] >= until[needs][:, None]


def _can_use(problem: Problem) -> Mask:
    limits = UseLimits(problem)
    return lambda needs, lots: limits.of(needs[:, None], lots[None, :]) > 0


def _stays_cold(problem: Problem, travel: Travel, homes: list[int], places: np.ndarray) -> Mask:
    """A box without a known limit stays cold as long as any journey within a city."""
    at = np.array(homes, dtype=np.int64)
    unlimited = np.iinfo(np.int64).max
    longest = np.array(
        [
            unlimited
            if not lot.cold_chain or lot.longest_cold_minutes is None
            else lot.longest_cold_minutes
            for lot in problem.lots
        ],
        dtype=np.int64,
    )
    return lambda needs, lots: (
        travel.minutes[places[lots][None, :], at[needs][:, None]] <= longest[lots][None, :]
    )


def _limits(problem: Problem, homes: list[int]) -> np.ndarray:
    """Rows for ``near_enough``: where the need is and how far it looks, -1 without a limit."""
    limits = [
        -1 if need.longest_travel_minutes is None else need.longest_travel_minutes
        for need in problem.medicine_needs
    ]
    return np.column_stack([homes, limits]).astype(np.int64).reshape(-1, 2)
