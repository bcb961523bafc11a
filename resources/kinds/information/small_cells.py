"""INF-11: counts of people so small that somebody could be recognised, and their suppression."""

import re
from dataclasses import dataclass, replace

from resources.kinds.information.tabular import Table

COUNTING = re.compile(
    r"人数|例数|病例|患者数|人次|数量|合计|总计|^n$|^(?:count|cases|patients|people|number|total)s?$"
    r"|^(?:number|no\.?) of ",
    re.IGNORECASE,
)
WHOLE = re.compile(r"\d{1,3}(?:,\d{3})+|\d+")
LOOKS_LIKE_A_YEAR = range(1900, 2101)


@dataclass(frozen=True, kw_only=True)
class SmallCell:
    """A count from 1 to k − 1: where it stands, as a reader of the file sees it."""

    sheet: str
    column: str
    row: int
    value: int


def small_cells(table: Table, *, k: int) -> list[SmallCell]:
    """Every cell of a counting column that is above 0 and below ``k``."""
    return [
        SmallCell(sheet=table.name, column=table.heading(place), row=table.first + row, value=value)
        for place in counting_columns(table)
        for row, value in _small(table, place, k)
    ]


def counting_columns(table: Table) -> list[int]:
    """Columns whose heading says that they count; where none does, all that hold whole numbers."""
    places = range(table.width)
    said = [place for place in places if COUNTING.search(table.heading(place))]
    return said or [place for place in places if _holds_counts(table.column(place))]


def _holds_counts(values: list[str]) -> bool:
    filled = [value for value in values if value]
    if not filled or not all(WHOLE.fullmatch(value) for value in filled):
        return False
    return not all(_number(value) in LOOKS_LIKE_A_YEAR for value in filled)


def _number(value: str) -> int | None:
    return int(value.replace(",", "")) if WHOLE.fullmatch(value) else None


def _small(table: Table, place: int, k: int) -> list[tuple[int, int]]:
    numbers = [(row, _number(value)) for row, value in enumerate(table.column(place))]
    return [(row, number) for row, number in numbers if number is not None and 0 < number < k]


def suppressed(table: Table, *, k: int) -> Table:
    """The table with its small cells as ``<k``.

    Where a column loses only one cell, a total would give it back: the next smallest goes too.
    """
    rows = [list(row) for row in table.rows]
    for place in counting_columns(table):
        hidden = {row for row, _value in _small(table, place, k)}
        if len(hidden) == 1:
            hidden |= _next_smallest(table, place, hidden)
        for row in hidden:
            rows[row][place] = f"<{k}" if _is_small(rows[row][place], k) else "*"
    return replace(table, rows=tuple(tuple(row) for row in rows))


def _is_small(value: str, k: int) -> bool:
    number = _number(value.strip())
    return number is not None and number < k


def _next_smallest(table: Table, place: int, hidden: set[int]) -> set[int]:
    rest = [
        (number, row)
        for row, value in enumerate(table.column(place))
        if row not in hidden and (number := _number(value))
    ]
    return {min(rest)[1]} if rest else set()
