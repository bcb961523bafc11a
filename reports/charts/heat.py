"""Hour × weekday as a field of tones, the value in each cell."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from reports.charts.paper import percent
from reports.charts.small import FEWEST_PEOPLE, hidden
from reports.charts.table import DataTable, TableRow

HOURS = 24
LEFT, RIGHT = 0.09, 0.07  # of the width: names of the days, means
TOP, ROW = 18, 20
TONES = 6
EVERY = 3  # hours that are named


@dataclass(frozen=True, slots=True)
class Cell:
    x: str
    middle: str
    y: int
    css: str
    words: str

    @property
    def text_y(self) -> int:
        return self.y + 14


@dataclass(frozen=True, slots=True)
class HeatMap:
    template: ClassVar[str] = "charts/heat.html"
    title: str
    table: DataTable
    cells: tuple[Cell, ...]
    days: tuple[tuple[str, int, str], ...]  # (name, y, mean)
    hours: tuple[tuple[str, str], ...]  # (x, words)
    width: str
    height: int
    suppressed: int  # cells that rest on too few people


def heat_map(
    *,
    title: str,
    days: Sequence[str],
    shares: Sequence[Sequence[float | None]],
    words: Callable[[float], str],
    head: str,
    mean_name: str,
    people: Sequence[Sequence[int]] | None = None,
    few: str = f"<{FEWEST_PEOPLE}",
    unknown: str = "–",
) -> HeatMap:
    """``shares``: a row of 24 per day, from 0 to 1; ``people`` behind each cell, where it rests
    on people: a cell of too few is not shown, and has no part in its mean."""
    secret = [hidden(row) if people else set() for row in (people or shares)]
    said = [_said(row, hide, words, few, unknown) for row, hide in zip(shares, secret, strict=True)]
    means = [_mean(row, hide, words, unknown) for row, hide in zip(shares, secret, strict=True)]
    step = (1 - LEFT - RIGHT) / HOURS
    cells = tuple(
        Cell(
            x=percent(LEFT + hour * step),
            middle=percent(LEFT + (hour + 0.5) * step),
            y=TOP + place * ROW,
            css=_tone(None if hour in secret[place] else row[hour]),
            words=said[place][hour],
        )
        for place, row in enumerate(shares)
        for hour in range(HOURS)
    )
    return HeatMap(
        title=title,
        table=_table(title, days, said, means, (head, mean_name)),
        cells=cells,
        days=tuple((day, TOP + n * ROW + 14, means[n]) for n, day in enumerate(days)),
        hours=tuple((percent(LEFT + h * step), f"{h:02d}") for h in range(0, HOURS, EVERY)),
        width=percent(step * 0.96),
        height=TOP + len(days) * ROW,
        suppressed=sum(len(places) for places in secret),
    )


def _tone(share: float | None) -> str:
    if share is None:
        return "heat-none"
    return f"heat-{min(int(max(share, 0) * TONES), TONES - 1)}"


def _said(row, hide, words, few, unknown) -> list[str]:
    if len(row) != HOURS:
        raise ValueError("a day has 24 hours")
    return [
        few if hour in hide else unknown if share is None else words(share)
        for hour, share in enumerate(row)
    ]


def _mean(row, hide, words, unknown) -> str:
    seen = [share for hour, share in enumerate(row) if share is not None and hour not in hide]
    return words(sum(seen) / len(seen)) if seen else unknown


def _table(title, days, said, means, names) -> DataTable:
    columns = (names[0], *[f"{hour:02d}" for hour in range(HOURS)], names[1])
    rows = tuple(
        TableRow(day, (*cells, mean)) for day, cells, mean in zip(days, said, means, strict=True)
    )
    return DataTable(title, columns, rows)
