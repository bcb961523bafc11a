"""Lines over time, with a band around what is only expected."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from reports.charts.paper import apart, percent, pixels, round_ticks, scaled
from reports.charts.table import DataTable, TableRow

TALL, TOP, BOTTOM = 190, 16, 26
PLOT = 0.78  # of the width; the names of the lines stand beside it
LEFT, EDGE = 13.0, 2.0  # of a hundred: beside the words of the grid; so that no point is cut
MOST_LABELS, LABEL_GAP = 6, 30
NARROWEST, AIR = 265, 12  # pixels: of the plot on a phone, between two labels
LETTER, CHARACTER = 7, 12  # pixels: as wide as one of the Latin and one of the Chinese script is


@dataclass(frozen=True, slots=True)
class Line:
    """``values`` along the labels, None where nothing is known; one is ours, others compare."""

    name: str
    values: Sequence[float | None]
    ours: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """A label below: ``short`` where another with the same ``year`` stands before it."""

    short: str
    long: str
    year: int


@dataclass(frozen=True, slots=True)
class Drawn:
    path: str
    css: str
    name: str
    words: str
    x: str
    y: str
    name_y: str


@dataclass(frozen=True, slots=True)
class LineChart:
    template: ClassVar[str] = "charts/line.html"
    title: str
    table: DataTable
    lines: tuple[Drawn, ...]
    band: str
    grid: tuple[tuple[str, str], ...]  # (y, words)
    labels: tuple[tuple[str, str, str], ...]  # (x, anchor, words)
    height: int = TALL


def line_chart(
    *,
    title: str,
    labels: Sequence[str],
    lines: Sequence[Line],
    words: Callable[[float], str],
    head: str,
    band: Sequence[tuple[float, float] | None] = (),
    unknown: str = "–",
    steps: Sequence[Step] = (),
) -> LineChart:
    """``head`` names the column of labels; ``band`` holds (low, high) along the labels; ``steps``:
    the labels as they stand below, where they are shorter."""
    known = [v for line in lines for v in line.values if v is not None]
    known += [end for pair in band if pair for end in pair]
    counts = bool(known) and all(isinstance(value, int) for value in known)
    ticks = round_ticks(min(known, default=0), max(known, default=1), whole=counts)
    steps = steps or [Step(words_, words_, 0) for words_ in labels]

    def place(number: int, value: float) -> tuple[float, float]:
        x = scaled(number, 0, len(labels) - 1, LEFT, 100 - EDGE)
        return x, scaled(value, ticks[0], ticks[-1], TALL - BOTTOM, TOP)

    return LineChart(
        title=title,
        table=_table(
            title, head, labels, lines, band, lambda v: unknown if v is None else words(v)
        ),
        lines=_drawn(lines, place, words),
        band=_band(band, place),
        grid=tuple((pixels(place(0, tick)[1]), words(tick)) for tick in ticks),
        labels=_labels(steps, place),
    )


def _drawn(lines, place, words) -> tuple[Drawn, ...]:
    ends = [
        max((n for n, value in enumerate(line.values) if value is not None), default=None)
        for line in lines
    ]
    shown = [(line, end) for line, end in zip(lines, ends, strict=True) if end is not None]
    points = [place(end, line.values[end]) for line, end in shown]
    beside = apart([y for _x, y in points], LABEL_GAP, TALL - BOTTOM)
    return tuple(
        Drawn(
            path=_path(line.values, place),
            css="chart-ours" if line.ours else "chart-compared",
            name=line.name,
            words=words(line.values[end]),
            x=percent(x / 100 * PLOT),
            y=pixels(y),
            name_y=pixels(text_y),
        )
        for (line, end), (x, y), text_y in zip(shown, points, beside, strict=True)
    )


def _path(values, place) -> str:
    """Broken where nothing is known; a point alone is a dot of no length with round ends."""
    parts, open_ = [], False
    for number, value in enumerate(values):
        if value is None:
            open_ = False
            continue
        x, y = place(number, value)
        parts.append(f"{'L' if open_ else 'M'}{x:.2f} {y:.1f}" + ("" if open_ else "h0"))
        open_ = True
    return "".join(parts)


def _band(band, place) -> str:
    known = [(number, pair) for number, pair in enumerate(band) if pair]
    if not known:
        return ""
    there = [place(number, low) for number, (low, _high) in known]
    back = [place(number, high) for number, (_low, high) in reversed(known)]
    return "M" + "L".join(f"{x:.2f} {y:.1f}" for x, y in there + back) + "Z"


def _labels(steps: Sequence[Step], place) -> tuple[tuple[str, str, str], ...]:
    """As many as have room on a phone, two of them long; the last one always; the year where it is
    another."""
    long = AIR + max((_wide(step.long) for step in steps), default=0)
    short = AIR + max((_wide(step.short) for step in steps), default=0)
    most = min(MOST_LABELS, 2 + max(0, NARROWEST - 2 * long) // short)
    last = len(steps) - 1
    shown = range(last, -1, -(-(-len(steps) // most) or 1))
    found, year = [], None
    for number in reversed(shown):
        step, anchor = steps[number], "middle"
        if number in (0, last):
            anchor = "start" if number == 0 else "end"
        text = step.short if step.year == year else step.long
        found.append((percent(place(number, 0)[0] / 100 * PLOT), anchor, text))
        year = step.year
    return tuple(found)


def _wide(text: str) -> int:
    return sum(CHARACTER if ord(letter) > 0x2E7F else LETTER for letter in text)


def _table(title, head, labels, lines, band, words) -> DataTable:
    columns = [head, *[line.name for line in lines], *(["80 %"] if any(band) else [])]
    rows = []
    for number, label in enumerate(labels):
        cells = [words(line.values[number]) for line in lines]
        if any(band):
            pair = band[number]
            cells.append(f"{words(pair[0])} – {words(pair[1])}" if pair else words(None))
        rows.append(TableRow(label, tuple(cells)))
    return DataTable(title, tuple(columns), tuple(rows))
