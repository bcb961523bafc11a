"""Numbers as places on paper, and scales."""

from itertools import pairwise
from math import ceil, floor, isfinite, log10

MOST_GRID_LINES = 5
ROUND_STEPS = (1, 2, 2.5, 5, 10)


def percent(share: float) -> str:
    """0.4231 → '42.31%'."""
    return f"{_finite(share) * 100:.2f}%"


def pixels(value: float) -> str:
    return f"{_finite(value):.1f}"


def _finite(value: float) -> float:
    if not isfinite(value):
        raise ValueError("a place on paper is a number")
    return value


def scaled(value: float, least: float, most: float, first: float, last: float) -> float:
    """In the middle where there is but one value."""
    share = (value - least) / (most - least) if most > least else 0.5
    return first + share * (last - first)


def round_ticks(least: float, most: float, *, whole: bool = False) -> list[float]:
    """At most five round numbers that hold all between ``least`` and ``most``, evenly apart;
    ``whole`` ones of what is counted."""
    if most <= least:
        most = least + (abs(least) or 1)
    rough = (most - least) / (MOST_GRID_LINES - 1)
    power = 10 ** floor(log10(rough))
    for step in [factor * power * more for more in (1, 10) for factor in ROUND_STEPS]:
        if whole and step % 1:
            continue
        first, last = floor(least / step + 1e-9), ceil(most / step - 1e-9)
        if last - first < MOST_GRID_LINES:
            return [step * place for place in range(first, last + 1)]
    raise AssertionError("a step of ten times the power always fits")


def apart(places: list[float], gap: float, last: float) -> list[float]:
    """The same places, at least ``gap`` from each other in their order, none below ``last``."""
    order = sorted(range(len(places)), key=lambda n: places[n])
    found = list(places)
    for before, after in pairwise(order):
        found[after] = max(found[after], found[before] + gap)
    limit = last
    for place in reversed(order):
        found[place] = min(found[place], limit)
        limit = found[place] - gap
    return found
