"""The few reasons behind most of it: the most frequent first, each with the share of all that it
and those before it come to."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from reports.charts.paper import percent
from reports.charts.table import DataTable, TableRow

MOST_OF_IT = 0.8


@dataclass(frozen=True, slots=True)
class Cause:
    """``share`` and ``cumulative`` of all, from 0 to 1."""

    name: str
    number: str
    share: float
    cumulative: float
    url: str = ""


@dataclass(frozen=True, slots=True)
class DrawnCause:
    cause: Cause
    width: str
    tick: str
    share: str
    cumulative: str


@dataclass(frozen=True, slots=True)
class ParetoChart:
    template: ClassVar[str] = "charts/pareto.html"
    title: str
    table: DataTable
    rows: tuple[DrawnCause, ...]


def pareto_chart(*, title: str, causes: Sequence[Cause], columns: Sequence[str]) -> ParetoChart:
    """``columns`` of the table: the reason, how many, their share, the share so far."""
    rows = tuple(
        DrawnCause(
            cause, percent(cause.share), percent(cause.cumulative), _words(cause.share),
            _words(cause.cumulative),
        )
        for cause in causes
    )  # fmt: skip
    table = DataTable(
        title,
        tuple(columns),
        tuple(
            TableRow(row.cause.name, (row.cause.number, row.share, row.cumulative), row.cause.url)
            for row in rows
        ),
    )
    return ParetoChart(title, table, rows)


def behind_most(causes: Sequence[Cause]) -> int:
    """How many of them come to most of it."""
    return sum(cause.cumulative - cause.share < MOST_OF_IT for cause in causes)


def _words(share: float) -> str:
    return f"{share * 100:.1f} %"
