"""What can be lent ahead: capacity beyond what own use will hardly exceed."""

from dataclasses import dataclass

import numpy as np

HOURS_A_DAY = 24
SHORTEST_HOURS = 4


@dataclass(frozen=True, slots=True)
class Idle:
    """Hours from the first of the forecast, half-open, within one day; ``units`` idle in all."""

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
    found = []
    for midnight in range(0, len(spare), HOURS_A_DAY):
        idle = np.concatenate([[False], spare[midnight : midnight + HOURS_A_DAY] > 0, [False]])
        edges = (np.flatnonzero(np.diff(idle.astype(int))) + midnight).tolist()
        found += [
            Idle(first, last, int(spare[first:last].min()))
            for first, last in zip(edges[::2], edges[1::2], strict=True)
            if last - first >= SHORTEST_HOURS
        ]
    return found
