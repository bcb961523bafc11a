"""A file of numbers as series; what is wrong is said with line and column."""

import numpy as np
import pytest

from reports.forecast import Step
from reports.forecast.table import LONGEST, BadTable, read


def of(text: str, **more):
    return read(text.strip().splitlines(), **{"moment": "date", "number": "value"} | more)


def test_days_are_read_in_any_order_and_gaps_were_not_counted():
    (series,) = of("date,value\n2026-01-04,4\n2026-01-01,1\n2026-01-02,").values()
    assert series.step is Step.DAY
    assert np.array_equal(series.values, [1, np.nan, np.nan, 4], equal_nan=True)


def test_hours_are_known_by_their_time_and_rows_of_one_hour_are_added():
    text = "date,value\n2026-01-01 08:05,1\n2026-01-01 08:40,1\n2026-01-01 10:00,3"
    (series,) = of(text).values()
    assert series.step is Step.HOUR
    assert np.array_equal(series.values, [2, np.nan, 3], equal_nan=True)


def test_a_column_names_the_series():
    found = of("date,ward,value\n2026-01-01,a,1\n2026-01-01,b,2\n2026-01-02,a,3", name="ward")
    assert {name: series.values.tolist() for name, series in found.items()} == {
        "a": [1, 3],
        "b": [2],
    }


def test_other_ways_to_write_a_day_are_said():
    (series,) = of("date,value\n22/01/17,170", moment_format="%d/%m/%y").values()
    assert series.values.tolist() == [170]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("day,value\n2026-01-01,1", "no column named date"),
        ("", "no column named date, value"),
        ("date,value", "the file has no rows"),
        ("date,value\n2026-01-01,1\nyesterday,2", "line 3, column date: 'yesterday'"),
        ("date,value\n2026-02-30,1", "line 2, column date: '2026-02-30'"),
        ("date,value\n2026-01-01,many", "line 2, column value: 'many'"),
        ("date,value\n2026-01-01,-1", "line 2, column value: '-1'"),
        ("date,value\n2026-01-01,nan", "line 2, column value: 'nan'"),
        ("date,value\n2026-01-01,inf", "line 2, column value: 'inf'"),
        ("date,value\n0001-01-01,1\n9999-01-01,1", f"more than {LONGEST} steps"),
        ("date,value\n2026-01-01," + "9" * 200_000, "field larger than field limit"),
    ],
)
def test_what_is_wrong_is_named(text, told):
    with pytest.raises(BadTable, match=told.replace("(", r"\(")):
        of(text)
