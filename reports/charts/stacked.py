"""Bars of one length, cut into shares: what mixed units have in common."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from reports.charts.paper import percent
from reports.charts.table import DataTable, TableRow

ROW = 46
NARROW, SLIVER = 0.36, 0.1  # of the width, on a phone


@dataclass(frozen=True, slots=True)
class Part:
    """Of a row: an amount and what it is called there."""

    value: float
    words: str


@dataclass(frozen=True, slots=True)
class Stack:
    """``parts`` in the order of the chart's names."""

    name: str
    parts: tuple[Part, ...]
    url: str = ""


@dataclass(frozen=True, slots=True)
class DrawnPart:
    x: str
    width: str
    css: str
    words: str


@dataclass(frozen=True, slots=True)
class DrawnStack:
    name: str
    parts: tuple[DrawnPart, ...]
    y: int

    @property
    def text_y(self) -> int:
        return self.y + 13

    @property
    def bar_y(self) -> int:
        return self.y + 18


@dataclass(frozen=True, slots=True)
class StackedBars:
    template: ClassVar[str] = "charts/stacked.html"
    title: str
    table: DataTable
    rows: tuple[DrawnStack, ...]
    key: tuple[tuple[str, str], ...]  # (css, name)
    height: int


def stacked_bars(
    *, title: str, names: Sequence[tuple[str, str]], rows: Sequence[Stack], head: str
) -> StackedBars:
    """``names``: (css, name) of the parts.  A row of nothing has no bar."""
    drawn = tuple(
        DrawnStack(row.name, _parts(row, names), number * ROW) for number, row in enumerate(rows)
    )
    table = DataTable(
        title,
        (head, *[name for _css, name in names]),
        tuple(TableRow(row.name, tuple(part.words for part in row.parts), row.url) for row in rows),
    )
    return StackedBars(title, table, drawn, tuple(names), max(len(rows), 1) * ROW)


def _parts(row: Stack, names) -> tuple[DrawnPart, ...]:
    whole, so_far, found = sum(part.value for part in row.parts), 0.0, []
    for part, (css, _name) in zip(row.parts, names, strict=True):
        if part.value <= 0:
            continue
        share = part.value / whole
        said = _that_fits(share, part.words)
        found.append(DrawnPart(percent(so_far), percent(share), css, said))
        so_far += share
    return tuple(found)


def _that_fits(share: float, words: str) -> str:
    """Of a narrow part the share only, of a sliver nothing: the table says it all."""
    if share < NARROW:
        return f"{share * 100:.0f}%" if share >= SLIVER else ""
    return f"{share * 100:.0f}% · {words}"
