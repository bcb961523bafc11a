"""The same tiers said again, slowly: every whole-pack plan one by one, and a linear programme.

Nothing here uses the network: values are reckoned from the problem's dataclasses.
"""

from itertools import product

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_matrix, vstack

from scheduling.matching.problem import Problem
from tests.scheduling.matching.order import best_of

TANGENTS = np.concatenate([np.linspace(0, 0.3, 40), np.linspace(0.32, 1.0, 35)])


def urgent_value(given: Problem, packs: dict[str, int]) -> float:
    return sum(
        given.parameters.weight(need.urgency) * packs[need.id] / need.packs
        for need in given.medicine_needs
        if need.urgency < 3
    )


def equity_value(given: Problem, packs: dict[str, int], possible: set[str]) -> float:
    weight, offset = given.parameters.weight, given.parameters.equity_offset
    asked, met = {}, {}
    for need in given.medicine_needs:
        if need.id in possible:
            home = need.institution
            asked[home] = asked.get(home, 0) + weight(need.urgency)
            part = packs[need.id] / need.packs
            met[home] = met.get(home, 0) + weight(need.urgency) * part
    return sum(-1 / (met[home] / asked[home] + offset) for home in asked)


def every_plan(given: Problem, pairs: list[tuple[int, int]]):
    """Packs per need id of each whole-pack plan over the admissible pairs."""
    needs, lots = given.medicine_needs, given.lots
    limits = {(row.institution, row.lot): row.packs for row in given.use_limits}
    most = [limits.get((needs[n].institution, lots[o].id), lots[o].packs) for n, o in pairs]
    ranges = [
        range(min(needs[n].packs, lots[o].packs, limit) + 1)
        for (n, o), limit in zip(pairs, most, strict=True)
    ]
    for moved in product(*ranges):
        to_need, from_lot = [0] * len(needs), [0] * len(lots)
        for (n, o), packs in zip(pairs, moved, strict=True):
            to_need[n] += packs
            from_lot[o] += packs
        if all(packs <= need.packs for packs, need in zip(to_need, needs, strict=True)) and all(
            packs <= lot.packs for packs, lot in zip(from_lot, lots, strict=True)
        ):
            yield {need.id: packs for need, packs in zip(needs, to_need, strict=True)}


def best_in_whole_packs(given: Problem, pairs, price: float) -> tuple[float, float, float]:
    """Tier 1, then equity within its price, over every plan; and how many needs could be served
    at most."""
    possible = {given.medicine_needs[n].id for n, _ in pairs}
    amount = {need.id: need.packs for need in given.medicine_needs}
    plans = [
        (
            round(urgent_value(given, packs), 9),
            equity_value(given, packs, possible),
            round(sum(packs[name] / amount[name] for name in packs), 9),
        )
        for packs in every_plan(given, pairs)
    ]
    urgent, equity, _served = best_of(plans, price)
    return urgent, equity, max(plan[2] for plan in plans if plan[0] == urgent)


def lexicographic_lp(given: Problem, candidates, price: float) -> tuple[float, float]:
    """Upper bounds: tier 1, then Σ φ by tangents with tier 1 held at its optimum and needs served
    at most by ``price`` below what could be."""
    needs = given.medicine_needs
    pairs = len(candidates.need)
    weight = np.array([given.parameters.weight(row.urgency) for row in needs], dtype=float)
    part = weight / np.array([row.packs for row in needs])
    pressing = np.array([row.urgency < 3 for row in needs])
    limits, room = _capacities(given, candidates)
    reward = (part * pressing)[candidates.need]
    first = linprog(-reward, A_ub=limits, b_ub=room, method="highs")
    homes = sorted({needs[n].institution for n in set(candidates.need.tolist())})
    fill = _fill_rows(given, candidates, homes, part, weight)
    offset = given.parameters.equity_offset
    rows, room_of_rows = [], []
    for tangent in TANGENTS:
        slope = 1 / (tangent + offset) ** 2
        rows.append(np.hstack([-slope * fill, np.eye(len(homes))]))
        room_of_rows += [-1 / (tangent + offset) - slope * tangent] * len(homes)
    each = (part / weight)[candidates.need]
    held, held_room = vstack([limits, coo_matrix(-reward)]), [*room, first.fun * (1 - 1e-9)]
    most = -linprog(-each, A_ub=held.tocsr(), b_ub=held_room, method="highs").fun
    keep = np.hstack([np.stack([-reward, -each]), np.zeros((2, len(homes)))])
    pad = coo_matrix((limits.shape[0], len(homes)))
    second = linprog(
        np.concatenate([np.zeros(pairs), -np.ones(len(homes))]),
        A_ub=vstack([_beside(limits, pad), *map(coo_matrix, rows), coo_matrix(keep)]).tocsr(),
        b_ub=np.concatenate(
            [room, room_of_rows, [first.fun * (1 - 1e-9), -most * (1 - price) + 1e-9]]
        ),
        bounds=[(0, None)] * pairs + [(None, 0)] * len(homes),
        method="highs",
    )
    return -first.fun, -second.fun


def _beside(left, right):
    return coo_matrix(
        (
            np.concatenate([left.data, right.data]),
            (
                np.concatenate([left.row, right.row]),
                np.concatenate([left.col, right.col + left.shape[1]]),
            ),
        ),
        shape=(left.shape[0], left.shape[1] + right.shape[1]),
    )


def _capacities(given: Problem, candidates):
    pairs = np.arange(len(candidates.need))
    ones = np.ones(len(pairs))
    needs, lots = len(given.medicine_needs), len(given.lots)
    rows = vstack(
        [
            coo_matrix((ones, (candidates.need, pairs)), shape=(needs, len(pairs))),
            coo_matrix((ones, (candidates.offer, pairs)), shape=(lots, len(pairs))),
        ]
    ).tocoo()
    room = [row.packs for row in given.medicine_needs] + [row.packs for row in given.lots]
    return rows, np.array(room, dtype=float)


def _fill_rows(given: Problem, candidates, homes: list[str], part, weight) -> np.ndarray:
    possible = set(candidates.need.tolist())
    asked = dict.fromkeys(homes, 0.0)
    for n in possible:
        asked[given.medicine_needs[n].institution] += weight[n]
    fill = np.zeros((len(homes), len(candidates.need)))
    for pair, n in enumerate(candidates.need.tolist()):
        home = given.medicine_needs[n].institution
        fill[homes.index(home), pair] = part[n] / asked[home]
    return fill
