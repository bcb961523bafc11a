"""Which unit may serve which equipment need: the pairwise rules, in the order people are told.

``item``: the same class of device; ``own``: another institution's; ``consortium``: offered
to the borrower's groups; ``capability``: it can do what is asked; ``certificate``: the borrower
may operate it; ``practice``: the licences of both last until the end of the need's time;
``travel``: near enough; ``window``: one offered time holds the whole block within
the need's time; ``booked``: also beside what is kept; ``struck``: not struck by an official.
"""

from collections.abc import Callable, Iterator

import numpy as np

from scheduling.matching.admissible.lookups import item_blocks, looked_up, same
from scheduling.matching.admissible.practice import of_both, over_on
from scheduling.matching.blocks import Blocks, Gap
from scheduling.matching.candidates import Mask, PairRule, RuleBook, near_enough, struck_rule
from scheduling.matching.problem import Kind, Problem
from scheduling.matching.travel import Travel

NEVER = 1 << 40


def rule_book(problem: Problem, travel: Travel) -> RuleBook:
    needs, units = problem.equipment_needs, problem.units
    blocks = Blocks(problem, travel)
    homes, places = blocks.homes, blocks.places
    borrowers = [problem.institutions[home] for home in homes]
    asked = [need.capabilities for need in needs]
    rules = (
        PairRule("item", same([need.item for need in needs], [unit.item for unit in units])),
        PairRule("own", lambda rows, columns: homes[rows][:, None] != places[columns][None, :]),
        PairRule(
            "consortium",
            looked_up([b.consortia for b in borrowers], [u.consortia for u in units], _may_ask),
        ),
        PairRule(
            "capability", looked_up(asked, [u.capabilities for u in units], frozenset.issubset)
        ),
        PairRule(
            "certificate",
            looked_up(
                [b.certificates for b in borrowers],
                [u.requires for u in units],
                frozenset.issuperset,
            ),
        ),
        PairRule("practice", _licensed(problem, blocks)),
        PairRule("travel", near_enough(travel, places, _limits(problem, homes))),
        PairRule("window", *_fits(problem, blocks, blocks.offered)),
        PairRule("booked", _not_booked(problem, blocks)),
        struck_rule(problem, [need.id for need in needs], [unit.id for unit in units]),
    )
    return RuleBook(Kind.EQUIPMENT, len(needs), len(units), rules, lambda: _pieces(problem))


def _pieces(problem: Problem) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Needs × units of one item (all, when that rule is lifted), each piece one stretch of time,
    so that a mask looks at few windows."""
    needs, units = problem.equipment_needs, problem.units
    by_time = np.argsort([need.earliest for need in needs], kind="stable")
    lifted = "item" in problem.lifted
    asked = ["" if lifted else needs[place].item for place in by_time]
    for rows, columns in item_blocks(asked, ["" if lifted else unit.item for unit in units]):
        yield by_time[rows], columns


def _may_ask(groups: frozenset[str], named: frozenset[str]) -> bool:
    return not named or not named.isdisjoint(groups)


def _licensed(problem: Problem, blocks: Blocks) -> Mask:
    rows, days = problem.institutions, problem.horizon
    until = np.array(
        [over_on(days, need.latest) for need in problem.equipment_needs], dtype=np.int64
    )
    return of_both([rows[at] for at in blocks.homes], [rows[at] for at in blocks.places], until)


def _limits(problem: Problem, homes: np.ndarray) -> np.ndarray:
    limits = [need.longest_travel_minutes for need in problem.equipment_needs]
    asked = [-1 if limit is None else limit for limit in limits]
    return np.column_stack([homes, np.array(asked, dtype=np.int64)])


def _fits(problem: Problem, blocks: Blocks, times: list[list[Gap]]) -> tuple[Mask, Mask]:
    """Some slot start within the need's time for which the whole block lies in one of the unit's
    ``times``; for needs × units, and for pairs one by one."""
    slot = problem.horizon.slot
    asked = np.array(
        [(n.earliest, n.latest, n.duration_minutes) for n in problem.equipment_needs], np.int64
    ).reshape(-1, 3)
    table = _side_by_side(times)

    def fit(needs: np.ndarray, units: np.ndarray, spread: Callable) -> np.ndarray:
        """Of arrays that broadcast together; ``spread`` brings (opens, closes) into their shape."""
        before, after = blocks.margins(needs, units)
        earliest, latest, duration = (asked[needs, field] for field in range(3))
        result = np.zeros(before.shape, dtype=bool)
        if not result.size:
            return result
        known, at = np.unique(units, return_inverse=True)
        for times in _around(table[:, :, known], earliest.min(), latest.max()):
            opens, closes = spread(times, at)
            first = -(-np.maximum(earliest, opens + before) // slot) * slot
            result |= first <= np.minimum(latest, closes - after) - duration
        return result

    def passes(needs: np.ndarray, units: np.ndarray) -> np.ndarray:
        return fit(needs[:, None], units[None, :], lambda times, at: times[:, at.ravel()])

    def of_pairs(needs: np.ndarray, units: np.ndarray) -> np.ndarray:
        return fit(needs, units, lambda times, at: times[:, at])

    return passes, of_pairs


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


def _not_booked(problem: Problem, blocks: Blocks) -> Mask:
    """Whoever fits a window fits beside what is kept, too; a kept match does not stand in its own
    way."""
    if not blocks.kept_anything:
        return lambda needs, units: np.ones((len(needs), len(units)), dtype=bool)
    window, beside = (_fits(problem, blocks, times)[0] for times in (blocks.offered, blocks.free))

    def passes(needs: np.ndarray, units: np.ndarray) -> np.ndarray:
        own = blocks.kept_by[needs][:, None] == units[None, :]
        return own | beside(needs, units) | ~window(needs, units)

    return passes
