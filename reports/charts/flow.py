"""From whom to whom: bands whose thickness is what flows."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from reports.charts.paper import pixels
from reports.charts.table import DataTable, TableRow

ROW, GAP, LEAST = 26, 8, 1.0  # a node is as tall as its name at least; a band never vanishes
TALLEST = 360  # of all bands together


@dataclass(frozen=True, slots=True)
class Flow:
    giver: str
    taker: str
    value: float
    url: str = ""


@dataclass(frozen=True, slots=True)
class Node:
    name: str
    words: str
    y: float
    tall: float

    @property
    def top(self) -> str:
        return pixels(self.y)

    @property
    def height(self) -> str:
        return pixels(self.tall)

    @property
    def text_y(self) -> str:
        return pixels(self.y + self.tall / 2 + 4)


@dataclass(frozen=True, slots=True)
class FlowChart:
    template: ClassVar[str] = "charts/flow.html"
    title: str
    table: DataTable
    givers: tuple[Node, ...]
    takers: tuple[Node, ...]
    bands: tuple[tuple[str, str], ...]  # (path, words)
    height: int


def flow_chart(
    *,
    title: str,
    flows: Sequence[Flow],
    words: Callable[[float], str],
    columns: tuple[str, str, str],
) -> FlowChart:
    """The greatest on top on both sides; ``columns``: giver, taker, what flows."""
    seen = sorted(
        (flow for flow in flows if flow.value > 0), key=lambda f: (-f.value, f.giver, f.taker)
    )
    scale = min(
        4 * ROW / max((flow.value for flow in seen), default=1),
        TALLEST / (sum(flow.value for flow in seen) or 1),
    )
    givers = _nodes([(flow.giver, flow.value) for flow in seen], scale, words)
    takers = _nodes([(flow.taker, flow.value) for flow in seen], scale, words)
    tall = max((node.y + node.tall for node in (*givers, *takers)), default=0)
    table = DataTable(
        title,
        columns,
        tuple(TableRow(flow.giver, (flow.taker, words(flow.value)), flow.url) for flow in seen),
    )
    return FlowChart(title, table, givers, takers, _bands(seen, givers, takers, scale, words),
                     round(tall) + GAP)  # fmt: skip


def _nodes(amounts, scale: float, words) -> tuple[Node, ...]:
    totals: dict[str, float] = defaultdict(float)
    for name, value in amounts:
        totals[name] += value
    found, y = [], 0.0
    for name, value in sorted(totals.items(), key=lambda item: (-item[1], item[0])):
        tall = max(value * scale, ROW)
        found.append(Node(name, words(value), y, tall))
        y += tall + GAP
    return tuple(found)


def _bands(flows, givers, takers, scale: float, words) -> tuple[tuple[str, str], ...]:
    """Across a field 100 wide, from the foot of those before on either side."""
    left = {node.name: node.y for node in givers}
    right = {node.name: node.y for node in takers}
    found = []
    for flow in flows:
        thick = max(flow.value * scale, LEAST)
        a, b = left[flow.giver], right[flow.taker]
        path = (
            f"M0 {a:.1f}C50 {a:.1f} 50 {b:.1f} 100 {b:.1f}V{b + thick:.1f}"
            f"C50 {b + thick:.1f} 50 {a + thick:.1f} 0 {a + thick:.1f}Z"
        )
        found.append((path, f"{flow.giver} → {flow.taker}: {words(flow.value)}"))
        left[flow.giver] += thick
        right[flow.taker] += thick
    return tuple(found)
