"""Cut a city into regions of about so many offers, so that each can be solved by itself.

A region holds offers that lie near each other and the needs that lie with them.  Every sweep cuts
elsewhere: what one cut parts, another keeps together (POP, Narayanan et al., SOSP 2021).  The same
points, size, sweep and seed give the same regions.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from scheduling.matching.problem import Problem

JITTER = 1e-6  # degrees: a hand's breadth


@dataclass(frozen=True)
class Region:
    """Sorted indexes (int64) into the lists that were cut."""

    needs: np.ndarray
    offers: np.ndarray


def points(problem: Problem) -> np.ndarray:
    """(institutions, 2): east and north in degrees of latitude, good enough to cut by."""
    latitude = np.array([row.latitude for row in problem.institutions], dtype=np.float64)
    longitude = np.array([row.longitude for row in problem.institutions], dtype=np.float64)
    narrow = np.cos(np.radians(latitude.mean())) if len(latitude) else 1.0
    return np.stack([longitude * narrow, latitude], axis=1)


def regions(
    needs: np.ndarray, offers: np.ndarray, *, size: int, sweep: int = 0, seed: int = 1
) -> Iterator[Region]:
    """``needs`` and ``offers``: their points, (n, 2).  Each is in exactly one region; a region has
    at most ``size`` offers, and about as many unless there are fewer."""
    random = np.random.default_rng([seed, sweep])
    angle = random.uniform(0, np.pi)
    turned = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    sides = [(_jittered(rows, random) @ turned, np.arange(len(rows))) for rows in (needs, offers)]
    yield from _cut(*sides, max(1, size), random)


def _jittered(rows: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Many stand at the same point: so a cut through it parts needs and offers alike."""
    return rows + random.uniform(-JITTER, JITTER, rows.shape)


def _cut(needs, offers, size: int, random: np.random.Generator) -> Iterator[Region]:
    """Halve along the longer side of the offers until a part is small enough.  The cut is not
    always the middle one, so that two sweeps of like angle differ too."""
    (need_points, need_rows), (offer_points, offer_rows) = needs, offers
    if len(offer_rows) <= size:
        yield Region(np.sort(need_rows), np.sort(offer_rows))
        return
    axis = int(np.argmax(np.ptp(offer_points, axis=0)))
    order = np.argsort(offer_points[:, axis], kind="stable")
    near = order[: _share(len(order), size, random)]
    edge = offer_points[near[-1], axis]
    left = np.zeros(len(offer_rows), dtype=bool)
    left[near] = True
    below = need_points[:, axis] <= edge
    for part, side in ((left, below), (~left, ~below)):
        yield from _cut(
            (need_points[side], need_rows[side]),
            (offer_points[part], offer_rows[part]),
            size,
            random,
        )


def _share(count: int, size: int, random: np.random.Generator) -> int:
    """How many offers go to the first part: whole regions' worth on both sides."""
    parts = -(-count // size)
    first = parts // 2 if parts % 2 == 0 else parts // 2 + int(random.integers(2))
    return round(count * first / parts)
