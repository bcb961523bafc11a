"""The concave worth of an institution's fill, as segments of falling slope.

What an institution can be served is a sum of its needs' weights.  Between two such sums nothing
can lie, so the chord through them is exact; where there are more of them than ``SEGMENTS``, cuts
are set where all chords fall equally short of the curve, and ``slack`` says by how much.
"""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from scheduling.matching.tiers import Fills, phi

SEGMENTS = 48  # per institution


@dataclass(frozen=True)
class Equity:
    """``institution``, ``length`` (weight) and ``slope`` (worth per weight) of each segment;
    ``base``: Σ φ before anything is served."""

    institution: np.ndarray
    length: np.ndarray
    slope: np.ndarray
    base: float
    slack: float

    def links(self, home: np.ndarray, weight: np.ndarray) -> sparse.csr_array:
        """Rows, one per institution: filled segments − weight served <= 0."""
        count = int(max(home.max(initial=-1), self.institution.max(initial=-1))) + 1
        served = _incidence(home, -weight, count)
        filled = _incidence(self.institution, np.ones(len(self.length)), count)
        return sparse.csr_array(sparse.hstack([served, filled]))

    def filled(self, served: np.ndarray) -> np.ndarray:
        """How full each segment is when institution i is served ``served[i]``."""
        ends = np.zeros(len(self.length))
        first = np.flatnonzero(np.diff(self.institution, prepend=-1))
        for start, end in zip(first, [*first[1:], len(ends)], strict=True):
            ends[start:end] = np.cumsum(self.length[start:end]) - self.length[start:end]
        return np.clip(served[self.institution] - ends, 0, self.length)


def equity(fills: Fills, home: np.ndarray, weight: np.ndarray, offset: float) -> Equity:
    """``fills`` before anything is served but what is kept; ``home`` and ``weight`` of the open
    needs that somebody could serve."""
    institution, lengths, slopes, slack = [], [], [], 0.0
    for place in np.unique(home).tolist():

        def worth(served, place=place):
            return phi((fills.met[place] + served) / fills.asked[place], offset)

        levels = _sums(weight[home == place])
        if len(levels) > SEGMENTS + 1:
            levels = _cuts(worth, levels[-1])
            roots = np.sqrt(-worth(levels))
            slack += float((np.diff(roots) ** 2).max())  # the most between −1/y and its chord
        lengths.append(np.diff(levels))
        slopes.append(np.diff(worth(levels)) / np.diff(levels))
        institution.append(np.full(len(levels) - 1, place))
    base = float(phi(fills.shares, offset).sum())
    if not institution:
        return Equity(np.zeros(0, np.int64), np.zeros(0), np.zeros(0), base, 0.0)
    parts = (np.concatenate(rows) for rows in (institution, lengths, slopes))
    return Equity(*parts, base, slack)


def _sums(weight: np.ndarray) -> np.ndarray:
    """All sums of some of the weights, or too many and the largest one."""
    sums = np.zeros(1)
    for value, count in zip(*np.unique(weight, return_counts=True), strict=True):
        sums = np.unique((sums[:, None] + value * np.arange(count + 1)).ravel())
        if len(sums) > SEGMENTS + 1:
            return np.append(sums, weight.sum())
    return sums


def _cuts(worth, total: float) -> np.ndarray:
    """−1/y and its chords part equally where 1/√y is cut evenly; weights are whole numbers, and
    so are the cuts."""
    none, full = np.sqrt(-worth(np.array([0.0, total])))
    reached = 1 / np.linspace(none, full, SEGMENTS + 1) ** 2
    low, high = 1 / none**2, 1 / full**2
    return np.unique(np.round(total * (reached - low) / (high - low)))


def _incidence(row: np.ndarray, value: np.ndarray, rows: int) -> sparse.csr_array:
    columns = np.arange(len(row))
    return sparse.csr_array((value, (row, columns)), shape=(rows, len(row)))
