"""A CSV file as series: one column of moments, one of numbers, if need be one that names series.

Rows of one moment are added up; moments between the first and the last that have no row were not
counted.  Errors name line and column.
"""

import csv
from collections.abc import Iterable
from datetime import datetime, timedelta

import numpy as np

from reports.forecast.series import Series, Step

FORMATS = (
    "%Y-%m-%d",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%dT%H:%M",
    "%Y/%m/%d",
)
LONGEST = 200_000  # steps: 22 years of hours
LENGTH = {Step.HOUR: timedelta(hours=1), Step.DAY: timedelta(days=1)}


class BadTable(Exception):
    """What is wrong, with line and column."""


def read(
    lines: Iterable[str],
    *,
    moment: str,
    number: str,
    name: str | None = None,
    moment_format: str | None = None,
) -> dict[str, Series]:
    """Series by name (the column of numbers names the only one)."""
    try:
        return _read(csv.DictReader(lines), moment, number, name, moment_format)
    except csv.Error as fault:
        raise BadTable(str(fault)) from fault


def _read(rows: csv.DictReader, moment: str, number: str, name, moment_format):
    missing = {moment, number, *([name] if name else [])} - set(rows.fieldnames or ())
    if missing:
        raise BadTable(f"no column named {', '.join(sorted(missing))}")
    rows_of: dict[str, dict[datetime, list[float]]] = {}
    for row in rows:
        at = _moment(row[moment], moment_format, rows.line_num, moment)
        series = rows_of.setdefault((row[name] or "-") if name else number, {})
        value = _number(row[number], rows.line_num, number)
        series.setdefault(at, []).append(value)
    if not rows_of:
        raise BadTable("the file has no rows")
    return {key: _series(values) for key, values in rows_of.items()}


def _moment(text: str | None, moment_format: str | None, line: int, column: str) -> datetime:
    for known in [moment_format] if moment_format else FORMATS:
        try:
            return datetime.strptime((text or "").strip(), known)  # noqa: DTZ007 - the clock of the place
        except ValueError:
            continue
    raise BadTable(f"line {line}, column {column}: {text!r} is no date or time")


def _number(text: str | None, line: int, column: str) -> float:
    """An empty cell was not counted."""
    if not (text or "").strip():
        return float("nan")
    try:
        number = float(text)
    except ValueError:
        number = float("inf")
    if not np.isfinite(number) or number < 0:
        raise BadTable(f"line {line}, column {column}: {text!r} is no number from 0")
    return number


def _series(values: dict[datetime, list[float]]) -> Series:
    step = Step.DAY if all(at.hour == at.minute == 0 for at in values) else Step.HOUR
    first = min(values).replace(minute=0, second=0)
    steps = (max(values) - first) // LENGTH[step] + 1
    if steps > LONGEST:
        raise BadTable(f"more than {LONGEST} steps between the first moment and the last")
    counted = np.full(steps, np.nan)
    for at, numbers in values.items():
        place = (at - first) // LENGTH[step]
        for number in numbers:
            if not np.isnan(number):
                counted[place] = np.nan_to_num(counted[place]) + number
    return Series(counted, step, first.date())
