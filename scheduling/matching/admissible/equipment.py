"""Which unit may serve which equipment need: the pairwise rules, in the order people are told.

``item``: the same class of device; ``elsewhere``: another institution's; ``consortium``: offered
to the borrower's groups; ``capability``: it can do what is asked; ``certificate``: the borrower
may operate it; ``travel``: near enough; ``window``: one offered time holds the whole block within
the need's time; ``booked``: also beside what is kept; ``struck``: not struck by an official.
"""

from collections.abc import Iterator

import numpy as np

from scheduling.matching.blocks import Blocks, Gap
from scheduling.matching.candidates import Mask, PairRule, RuleBook, near_enough, struck_rule
from scheduling.matching.problem import Kind, Problem
from scheduling.matching.travel import Travel

PAIRS_AT_ONCE = 1 << 18  # in one mask
NEVER = 1 << 40


def rule_book(problem: Problem, travel: Travel) -> RuleBook:
    needs, units = problem.equipment_needs, problem.units
    blocks = Blocks(problem, travel)
    homes, places = blocks.homes, blocks.places
    limits = [
        -1 if need.longest_travel_minutes is None else need.longest_travel_minutes for need in needs
    ]
    rules = (
        PairRule("item", _same([n.item for n in needs], [u.item for u in units])),
        PairRule("elsewhere", lambda n, u: places[u][None, :] != homes[n][:, None]),
        PairRule("consortium", _consortium(problem, homes)),
        PairRule(
            "capability", _holds([n.capabilities for n in needs], [u.capabilities for u in units])
        ),
        PairRule("certificate", _certified(problem, homes)),
        PairRule("travel", near_enough(travel, places, np.column_stack([homes, limits]))),
        PairRule("window", _fits(problem, blocks, blocks.offered)),
        PairRule("booked", _but_for_kept(blocks, _fits(problem, blocks, blocks.free))),
        struck_rule(problem, [need.id for need in needs], [unit.id for unit in units]),
    )
    return RuleBook(Kind.EQUIPMENT, len(needs), len(units), rules, lambda: _blocks(problem))


def _blocks(problem: Problem) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Needs × units of one item (all, when that rule is lifted), in pieces of one stretch of
    time, which bounds the memory of a mask and the windows to look at."""
    lifted = "item" in problem.lifted
    earliest = np.array([need.earliest for need in problem.equipment_needs], dtype=np.int64)
    needs, units = _by_item(problem.equipment_needs, lifted), _by_item(problem.units, lifted)
    for item in sorted(needs.keys() & units.keys()):
        columns = units[item]
        rows = needs[item][np.argsort(earliest[needs[item]], kind="stable")]
        step = max(1, PAIRS_AT_ONCE // len(columns))
        for start in range(0, len(rows), step):
            yield rows[start : start + step], columns


def _by_item(rows, lifted: bool) -> dict[str, np.ndarray]:
    places: dict[str, list[int]] = {}
    for place, row in enumerate(rows):
        places.setdefault("" if lifted else row.item, []).append(place)
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


def _fits(problem: Problem, blocks: Blocks, times: list[list[Gap]]) -> Mask:
    """Some slot start within the need's time for which the whole block lies in one of the unit's
    ``times``."""
    slot = problem.horizon.slot
    asked = np.array(
        [(n.earliest, n.latest, n.duration_minutes) for n in problem.equipment_needs], np.int64
    ).reshape(-1, 3)
    table = _side_by_side(times)

    def passes(needs: np.ndarray, units: np.ndarray) -> np.ndarray:
        before, after = blocks.margins(needs[:, None], units[None, :])
        earliest, latest, duration = (asked[needs, field][:, None] for field in range(3))
        result = np.zeros(before.shape, dtype=bool)
        for opens, closes in _around(table[:, :, units], earliest.min(), latest.max()):
            first = -(-np.maximum(earliest, opens + before) // slot) * slot
            result |= first <= np.minimum(latest, closes - after) - duration
        return result

    return passes


def _side_by_side(times: list[list[Gap]]) -> np.ndarray:
    """[k, 0, u] and [k, 1, u]: from when to when the k-th time of unit u lasts; at least one more
    than any unit has, all of them NEVER."""
    table = np.full((max(map(len, times), default=0) + 1, 2, len(times)), NEVER, dtype=np.int64)
    for unit, gaps in enumerate(times):
        for place, gap in enumerate(gaps):
            table[place, :, unit] = gap
    return table


def _around(table: np.ndarray, start: int, end: int) -> Iterator[np.ndarray]:
    """Row by row, the times of each unit that touch ``start`` … ``end``."""
    at = (table[:, 1] <= start).sum(axis=0)
    columns = np.arange(table.shape[2])
    while len(columns) and (table[at, 0, columns] < end).any():
        yield table[at, :, columns].T
        at = np.minimum(at + 1, len(table) - 1)


def _but_for_kept(blocks: Blocks, mask: Mask) -> Mask:
    """A kept match does not stand in its own way; with none, nothing does."""
    if not blocks.kept_anything:
        return lambda needs, units: np.ones((len(needs), len(units)), dtype=bool)
    return lambda needs, units: (
        mask(needs, units) | (blocks.kept_by[needs][:, None] == units[None, :])
    )
