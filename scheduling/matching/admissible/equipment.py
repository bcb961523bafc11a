"""Which unit may serve which equipment need: the pairwise rules, in the order people are told.

``item``: the same class of device; ``own``: another institution's; ``consortium``: offered to the
borrower's groups; ``capability``: it can do what is asked; ``certificate``: the borrower may
operate it; ``travel``: near enough; ``window``: one offered window holds the whole block within
the need's time; ``struck``: not struck by an official.
"""

from collections.abc import Iterator

import numpy as np

from scheduling.matching.candidates import Mask, PairRule, RuleBook, near_enough, struck_rule
from scheduling.matching.problem import Problem
from scheduling.matching.travel import Travel

PAIRS_AT_ONCE = 1 << 18  # bounds the memory of one mask


def rule_book(problem: Problem, travel: Travel) -> RuleBook:
    needs, units = problem.equipment_needs, problem.units
    places = np.array([travel.index[unit.institution] for unit in units], dtype=np.int64)
    homes = np.array([travel.index[need.institution] for need in needs], dtype=np.int64)
    limits = [
        -1 if need.longest_travel_minutes is None else need.longest_travel_minutes
        for need in needs
    ]
    rules = (
        PairRule("item", _same([n.item for n in needs], [u.item for u in units])),
        PairRule("own", lambda n, u: places[u][None, :] != homes[n][:, None]),
        PairRule("consortium", _consortium(problem, homes)),
        PairRule(
            "capability", _holds([n.capabilities for n in needs], [u.capabilities for u in units])
        ),
        PairRule("certificate", _certified(problem, homes)),
        PairRule("travel", near_enough(travel, places, np.column_stack([homes, limits]))),
        PairRule("window", _fits_a_window(problem, travel, homes, places)),
        struck_rule(problem, [need.id for need in needs], [unit.id for unit in units]),
    )
    return RuleBook("equipment", len(needs), len(units), rules, lambda: _blocks(problem))


def _blocks(problem: Problem) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Needs × units of one item, in pieces that bound the memory of a mask."""
    needs, units = _by_item(problem.equipment_needs), _by_item(problem.units)
    for item in sorted(needs.keys() & units.keys()):
        rows, columns = needs[item], units[item]
        step = max(1, PAIRS_AT_ONCE // len(columns))
        for start in range(0, len(rows), step):
            yield rows[start : start + step], columns


def _by_item(rows) -> dict[str, np.ndarray]:
    places: dict[str, list[int]] = {}
    for place, row in enumerate(rows):
        places.setdefault(row.item, []).append(place)
    return {item: np.array(found, dtype=np.int64) for item, found in places.items()}


def _same(asked: list[str], offered: list[str]) -> Mask:
    numbers = {item: place for place, item in enumerate(sorted({*asked, *offered}))}
    left = np.array([numbers[item] for item in asked], dtype=np.int64)
    right = np.array([numbers[item] for item in offered], dtype=np.int64)
    return lambda needs, units: left[needs][:, None] == right[units][None, :]


def _table(asked: list[frozenset[str]], offered: list[frozenset[str]], passes) -> Mask:
    """Distinct sets are few: judge each pair of them once and look the answer up."""
    left, right = sorted(set(asked), key=sorted), sorted(set(offered), key=sorted)
    table = np.array([[passes(a, b) for b in right] for a in left], dtype=bool)
    table = table.reshape(len(left), len(right))
    row = {value: place for place, value in enumerate(left)}
    column = {value: place for place, value in enumerate(right)}
    rows = np.array([row[value] for value in asked], dtype=np.int64)
    columns = np.array([column[value] for value in offered], dtype=np.int64)
    return lambda needs, units: table[rows[needs][:, None], columns[units][None, :]]


def _holds(asked: list[frozenset[str]], offered: list[frozenset[str]]) -> Mask:
    return _table(asked, offered, lambda wanted, held: wanted <= held)


def _consortium(problem: Problem, homes: np.ndarray) -> Mask:
    member = [problem.institutions[home].consortia for home in homes]
    groups = [unit.consortia for unit in problem.units]
    return _table(member, groups, lambda mine, named: not named or bool(mine & named))


def _certified(problem: Problem, homes: np.ndarray) -> Mask:
    held = [problem.institutions[home].certificates for home in homes]
    required = [unit.requires for unit in problem.units]
    return _table(held, required, lambda mine, asked: asked <= mine)


def _fits_a_window(
    problem: Problem, travel: Travel, homes: np.ndarray, places: np.ndarray
) -> Mask:
    """Some slot start within the need's time for which the whole block – the way there, the use,
    the way back, cleaning – lies within one offered window."""
    slot = problem.horizon.slot
    asked = np.array(
        [(n.earliest, n.latest, n.duration_minutes) for n in problem.equipment_needs], np.int64
    ).reshape(-1, 3)
    movable = np.array([unit.movable for unit in problem.units], dtype=bool)
    cleaning = np.array([unit.cleaning_minutes for unit in problem.units], dtype=np.int64)
    windows = _windows_side_by_side(problem)

    def passes(needs: np.ndarray, units: np.ndarray) -> np.ndarray:
        home, place = homes[needs][:, None], places[units][None, :]
        before = travel.minutes[place, home] * movable[units]
        after = travel.minutes[home, place] * movable[units] + cleaning[units]
        earliest, latest, duration = (asked[needs, field][:, None] for field in range(3))
        result = np.zeros(before.shape, dtype=bool)
        for opens, closes in windows[:, :, units]:
            first = -(-np.maximum(earliest, opens + before) // slot) * slot
            result |= first <= np.minimum(latest, closes - after) - duration
        return result

    return passes


def _windows_side_by_side(problem: Problem) -> np.ndarray:
    """[k, 0, u] and [k, 1, u]: when the k-th window of unit u opens and closes; where a unit has
    fewer, an empty one that holds nothing."""
    most = max((len(unit.windows) for unit in problem.units), default=0)
    table = np.zeros((most, 2, len(problem.units)), dtype=np.int64)
    for column, unit in enumerate(problem.units):
        for place, window in enumerate(unit.windows):
            table[place, :, column] = window.starts_at, window.ends_at
    return table
