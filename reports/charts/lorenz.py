"""The Lorenz curve: how much the least served part receives."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar

from reports.charts.paper import pixels
from reports.charts.table import DataTable, TableRow

SIDE, LEFT, TOP = 200, 34, 8
HALF = 0.5


@dataclass(frozen=True, slots=True)
class LorenzCurve:
    template: ClassVar[str] = "charts/lorenz.html"
    title: str
    table: DataTable
    curve: str
    gap: str  # between the curve and the diagonal
    halves: tuple[tuple[str, str, str], ...]  # (x, y, words): what the least served half receives
    side: int = SIDE
    left: int = LEFT
    top: int = TOP

    @property
    def right(self) -> int:
        return self.left + self.side

    @property
    def foot(self) -> int:
        return self.top + self.side


def lorenz_curve(
    *,
    title: str,
    points: Sequence[tuple[float, float]],
    words: Callable[[float], str],
    columns: tuple[str, str],
) -> LorenzCurve:
    """``points`` of ``kpis.equity.lorenz``; none where nothing was received."""
    places = [(LEFT + p * SIDE, TOP + (1 - got) * SIDE) for p, got in points]
    path = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in places) if places else ""
    got = at(points, HALF)
    halves = ()
    if got is not None:
        halves = ((pixels(LEFT + HALF * SIDE), pixels(TOP + (1 - got) * SIDE), words(got)),)
    table = DataTable(
        title, columns, tuple(TableRow(words(p), (words(share),)) for p, share in points)
    )
    return LorenzCurve(title, table, path, f"{path}Z" if path else "", halves)


def at(points: Sequence[tuple[float, float]], share: float) -> float | None:
    """What the least served ``share`` receives, between the points in a straight line."""
    for (p1, l1), (p2, l2) in pairwise(points):
        if p1 <= share <= p2 and p2 > p1:
            return l1 + (l2 - l1) * (share - p1) / (p2 - p1)
    return None
