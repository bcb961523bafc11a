"""What a use takes from a device, and when the device is free for it.

The *block* of a use is, for a movable unit, the way there, the use, the way back and cleaning; for
a fixed one, to which the patient travels, the use and cleaning.  A use starts on a slot; a block
need not.
"""

from collections.abc import Iterable

import numpy as np

from scheduling.matching.problem import Interval, Match, Problem
from scheduling.matching.travel import Travel

Gap = tuple[int, int]  # half-open minutes
Placed = tuple[int, int]  # a unit (its index) and the start of use on it


class Blocks:
    """The units of a problem.  ``offered[u]``: its windows, those that touch joined; ``free[u]``:
    the same without what kept matches take; ``kept``: need → where it is kept; ``kept_by[n]``:
    the unit that keeps need n, else -1; ``kept_anything``: some unit is kept for somebody."""

    def __init__(self, problem: Problem, travel: Travel):
        needs, units = problem.equipment_needs, problem.units
        self.minutes = travel.minutes
        self.homes = _rows(travel, needs)
        self.places = _rows(travel, units)
        self.movable = np.array([unit.movable for unit in units], dtype=np.int64)
        self.cleaning = np.array([unit.cleaning_minutes for unit in units], dtype=np.int64)
        self.offered = [joined(unit.windows) for unit in units]
        self.kept = placed(problem, (row.match for row in problem.kept))
        self.kept_by = np.full(len(needs), -1, dtype=np.int64)
        for need, (unit, _) in self.kept.items():
            self.kept_by[need] = unit
        self.free = [list(gaps) for gaps in self.offered]
        self.kept_anything = False
        for unit, block in self._kept_blocks(problem):
            self.kept_anything = True
            self.free[unit] = without(self.free[unit], block)

    def margins(self, needs: np.ndarray, units: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Minutes that a block adds before and after the use; arrays that broadcast together."""
        home, place = self.homes[needs], self.places[units]
        before = self.minutes[place, home] * self.movable[units]
        after = self.minutes[home, place] * self.movable[units] + self.cleaning[units]
        return before, after

    def _kept_blocks(self, problem: Problem):
        """A kept match may be of a need that the problem does not list: then no way is known."""
        need_of = {need.id: place for place, need in enumerate(problem.equipment_needs)}
        unit_of = {unit.id: place for place, unit in enumerate(problem.units)}
        for match in (row.match for row in problem.kept):
            unit = unit_of.get(match.offer)
            if unit is None or match.starts_at is None or match.ends_at is None:
                continue
            before, after = 0, int(self.cleaning[unit])
            if match.need in need_of:
                before, after = map(int, self.margins(need_of[match.need], unit))
            yield unit, (match.starts_at - before, match.ends_at + after)


def placed(problem: Problem, matches: Iterable[Match]) -> dict[int, Placed]:
    """The matches of listed needs and units; one that names what is no longer there is left out."""
    need_of = {need.id: place for place, need in enumerate(problem.equipment_needs)}
    unit_of = {unit.id: place for place, unit in enumerate(problem.units)}
    return {
        need_of[match.need]: (unit_of[match.offer], match.starts_at)
        for match in matches
        if match.need in need_of and match.offer in unit_of and match.starts_at is not None
    }


def joined(windows: Iterable[Interval]) -> list[Gap]:
    """Sorted and disjoint: windows that touch or overlap are one."""
    gaps: list[Gap] = []
    for window in sorted((row.starts_at, row.ends_at) for row in windows):
        if gaps and window[0] <= gaps[-1][1]:
            gaps[-1] = (gaps[-1][0], max(gaps[-1][1], window[1]))
        else:
            gaps.append(window)
    return gaps


def without(gaps: list[Gap], block: Gap) -> list[Gap]:
    left = []
    for opens, closes in gaps:
        left += [(opens, min(closes, block[0])), (max(opens, block[1]), closes)]
    return [(opens, closes) for opens, closes in left if opens < closes]


def _rows(travel: Travel, rows) -> np.ndarray:
    return np.array([travel.index[row.institution] for row in rows], dtype=np.int64)
