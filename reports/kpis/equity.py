"""Whether what is shared goes where it is needed.

``x`` is need-standardised: hours received per 1,000 residents or per bed.  Shares of nothing are
n/a.  Weighted forms take the residents (or beds) of each institution as ``weights``.
"""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import isfinite, log

from reports.kpis.measure import Measure, Number, Unit, ratio

Point = tuple[float, float]


def per_need(received: Number, need: Number, per: Number = 1000) -> float | None:
    """None where nobody is known to need it: left out of the figure, and counted as left out."""
    return float(received) * float(per) / float(need) if need > 0 else None


def gini(x: Iterable[float]) -> Measure:
    """Σ(2i−n−1)·x(i) ÷ (n·Σx); 0 is equal."""
    ordered = sorted(_checked(x))
    n, total = len(ordered), sum(ordered)
    spread = sum((2 * place - n - 1) * value for place, value in enumerate(ordered, start=1))
    return ratio(spread, n * total, Unit.INDEX)


def lorenz(x: Sequence[float], weights: Sequence[float]) -> list[Point]:
    """(share of the weight, share of what was received), the least served first; from (0, 0)."""
    rows = _rows(x, weights)
    weight, received = sum(w for _x, w in rows), sum(x * w for x, w in rows)
    if not received:
        return []
    points, so_far, got = [(0.0, 0.0)], 0.0, 0.0
    for value, part in sorted(rows):
        so_far, got = so_far + part, got + value * part
        points.append((so_far / weight, got / received))
    return points


def gini_weighted(x: Sequence[float], weights: Sequence[float]) -> Measure:
    """The area between the diagonal and the Lorenz curve, of all below the diagonal; by
    trapezoids."""
    points = lorenz(x, weights)
    if not points:
        return Measure(None, None, None, Unit.INDEX)
    area = sum((p2 - p1) * (l1 + l2) for (p1, l1), (p2, l2) in pairwise(points))
    return Measure(1 - area, (1 - area) / 2, 0.5, Unit.INDEX)


@dataclass(frozen=True, slots=True)
class Theil:
    """``total`` is ``between`` plus ``within`` the groups."""

    total: Measure
    between: Measure
    within: Measure


def theil(
    x: Sequence[float], weights: Sequence[float] | None = None, groups: Sequence[Hashable] = ()
) -> Theil:
    """Without weights everyone counts the same; without groups all is within one."""
    rows = _rows(x, weights)
    if not rows or not _mean(rows):
        return Theil(*[Measure(None, None, None, Unit.INDEX)] * 3)
    by_group = _grouped(x, weights, groups or [None] * len(x))
    means = [(_mean(part), sum(w for _x, w in part)) for part in by_group.values()]
    weight = sum(w for _x, w in rows)
    values = _theil(rows), _theil(means), _within(by_group, rows)
    return Theil(*[Measure(value, value * weight, weight, Unit.INDEX) for value in values])


def _grouped(x, weights, groups: Sequence[Hashable]) -> dict[Hashable, list]:
    if len(groups) != len(x):
        raise ValueError("as many groups as values")
    by_group: dict[Hashable, list[tuple[float, float]]] = {}
    for (value, weight), name in zip(_pairs(x, weights), groups, strict=True):
        if weight > 0:
            by_group.setdefault(name, []).append((value, weight))
    return by_group


def _within(by_group: dict, rows: list) -> float:
    """Each group by its share of what was received."""
    received = sum(x * w for x, w in rows)
    parts = [(sum(x * w for x, w in part), part) for part in by_group.values()]
    return sum(got / received * _theil(part) for got, part in parts if got)


def _theil(rows: list[tuple[float, float]]) -> float:
    """Σ w/W · (x/μ)·ln(x/μ); where nothing was received, 0·ln 0 = 0."""
    mean, weight = _mean(rows), sum(w for _x, w in rows)
    return sum(w / weight * (x / mean) * log(x / mean) for x, w in rows if x)


def jain(x: Iterable[float]) -> Measure:
    """(Σx)² ÷ (n·Σx²): 1 is equal, 1/n all to one."""
    values = _checked(x)
    return ratio(sum(values) ** 2, len(values) * sum(v * v for v in values), Unit.INDEX)


def concentration(
    x: Sequence[float], need: Sequence[float], weights: Sequence[float] | None = None
) -> Measure:
    """2·cov_w(x, R) ÷ μ, R the weighted fractional rank from the greatest need on.

    Below 0 those in need receive more; equal needs share one rank.
    """
    if len(need) != len(x):
        raise ValueError("as many needs as values")
    rows = [
        (value, weight, _finite(want))
        for (value, weight), want in zip(_pairs(x, weights), need, strict=True)
        if weight > 0
    ]
    total = sum(w for _x, w, _need in rows)
    mean = sum(x * w for x, w, _need in rows) / total if total else 0
    if not mean:
        return Measure(None, None, None, Unit.INDEX)
    rank = _ranks(rows, total)
    spread = sum(w / total * (x - mean) * (rank[want] - 0.5) for x, w, want in rows)
    return ratio(2 * spread, mean, Unit.INDEX)


def _ranks(rows: list, total: float) -> dict[float, float]:
    """The middle of the weight that has this need; those in greatest need come first."""
    weight_of: dict[float, float] = {}
    for _x, weight, want in rows:
        weight_of[want] = weight_of.get(want, 0) + weight
    ranks, before = {}, 0.0
    for want in sorted(weight_of, reverse=True):
        ranks[want] = (before + weight_of[want] / 2) / total
        before += weight_of[want]
    return ranks


def received_share(given: Number, received: Number) -> Measure:
    """Received ÷ (given + received) of one institution: ½ is balanced, 1 only receives."""
    return ratio(received, given + received)


def _mean(rows: list[tuple[float, float]]) -> float:
    return sum(x * w for x, w in rows) / sum(w for _x, w in rows)


def _rows(x: Sequence[float], weights: Sequence[float] | None) -> list[tuple[float, float]]:
    return [(value, weight) for value, weight in _pairs(x, weights) if weight > 0]


def _pairs(x: Sequence[float], weights: Sequence[float] | None) -> list[tuple[float, float]]:
    parts = [1] * len(x) if weights is None else weights
    if len(parts) != len(x):
        raise ValueError("as many weights as values")
    return list(zip(_checked(x), _checked(parts), strict=True))


def _checked(values: Iterable[float]) -> list[float]:
    found = [_finite(value) for value in values]
    if any(value < 0 for value in found):
        raise ValueError("shares of what is below 0 mean nothing")
    return found


def _finite(value: Number) -> float:
    if not isfinite(value):
        raise ValueError("not a number")
    return float(value)
