"""Bars that lie, one per row, from 0 on: to the right what is given, to the left received."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from reports.charts.paper import percent
from reports.charts.table import DataTable, TableRow

ROW = 38


@dataclass(frozen=True, slots=True)
class Bar:
    """``value`` None: not known, no bar.  ``tick`` is what it is compared with, as the median."""

    name: str
    value: float | None
    tick: float | None = None
    url: str = ""


@dataclass(frozen=True, slots=True)
class Drawn:
    name: str
    words: str
    css: str
    x: str
    width: str
    tick: str
    y: int

    @property
    def text_y(self) -> int:
        return self.y + 13

    @property
    def bar_y(self) -> int:
        return self.y + 19


@dataclass(frozen=True, slots=True)
class Bars:
    template: ClassVar[str] = "charts/bars.html"
    title: str
    table: DataTable
    rows: tuple[Drawn, ...]
    zero: str
    height: int


def bars(
    *,
    title: str,
    rows: Sequence[Bar],
    words: Callable[[float], str],
    columns: tuple[str, str],
    tick_name: str = "",
    unknown: str = "–",
) -> Bars:
    """``columns`` of the table: what a row is, what is counted.  One scale for all rows."""
    known = [v for row in rows for v in (row.value, row.tick) if v is not None]
    least, most = min([0, *known]), max([0, *known])
    wide = (most - least) or 1

    def share(value: float) -> float:
        return (value - least) / wide

    def said(value: float | None) -> str:
        return unknown if value is None else words(value)

    drawn = tuple(
        Drawn(
            name=row.name,
            words=said(row.value),
            css="chart-receive" if (row.value or 0) < 0 else "chart-bar",
            x=percent(share(min(row.value or 0, 0))),
            width=percent(abs(row.value or 0) / wide),
            tick="" if row.tick is None else percent(share(row.tick)),
            y=number * ROW,
        )
        for number, row in enumerate(rows)
    )
    ticks = (lambda row: (said(row.tick),)) if tick_name else (lambda row: ())
    table = DataTable(
        title,
        (*columns, *([tick_name] if tick_name else [])),
        tuple(TableRow(row.name, (said(row.value), *ticks(row)), row.url) for row in rows),
    )
    return Bars(title, table, drawn, percent(share(0)), max(len(rows), 1) * ROW)
