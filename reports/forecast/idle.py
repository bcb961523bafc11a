"""What can be lent ahead: capacity beyond what own use will hardly exceed; and what will lack:
where capacity will hardly suffice."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

HOURS_A_DAY = 24
SHORTEST_HOURS = 4
SHORTEST_LACK = 2  # hours on end


@dataclass(frozen=True, slots=True)
class Idle:
    """Hours from the first of the forecast, half-open, within one day; ``units``: how many are
    idle all the time, or lack at its worst."""

    first: int
    last: int
    units: int

    @property
    def hours(self) -> int:
        return (self.last - self.first) * self.units


def idle_times(high: np.ndarray, capacity: int) -> list[Idle]:
    """``high``: the 90 % quantile of own use by the hour, from a midnight on; units are whole, so
    that less than one in use is none.  Never reckoned from the mean: by it every second hour would
    be promised away wrongly."""
    spare = np.maximum(capacity - np.floor(high + 1e-9), 0).astype(int)
    return [
        Idle(first, last, int(spare[first:last].min()))
        for first, last in _stretches(spare > 0, SHORTEST_HOURS)
    ]


def short_times(low: np.ndarray, capacity: np.ndarray) -> list[Idle]:
    """``low``: the 10 % quantile of what is needed by the hour, from a midnight on; ``capacity``:
    units that are there.  Nine times in ten more lacks than this."""
    lack = np.maximum(np.floor(low + 1e-9) - capacity, 0).astype(int)
    return [
        Idle(first, last, int(lack[first:last].max()))
        for first, last in _stretches(lack > 0, SHORTEST_LACK)
    ]


def _stretches(hours: np.ndarray, shortest: int) -> Iterator[tuple[int, int]]:
    """Where all hours on end are so, day by day."""
    for midnight in range(0, len(hours), HOURS_A_DAY):
        of_day = np.concatenate([[False], hours[midnight : midnight + HOURS_A_DAY], [False]])
        edges = (np.flatnonzero(np.diff(of_day.astype(int))) + midnight).tolist()
        for first, last in zip(edges[::2], edges[1::2], strict=True):
            if last - first >= shortest:
                yield first, last
