"""The table beside a chart: the same numbers, in words."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TableRow:
    head: str
    cells: tuple[str, ...]
    url: str = ""


@dataclass(frozen=True, slots=True)
class DataTable:
    """``columns`` with that of the heads first."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[TableRow, ...]
