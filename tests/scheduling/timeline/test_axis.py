"""Every moment has its place, also on the nights on which the clocks change."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from scheduling.timeline.axis import (
    axis_around,
    day_axis,
    month_axis,
    percent,
    week_axis,
)

BERLIN, SHANGHAI = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Shanghai")
SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)


@pytest.mark.parametrize(("day", "hours"), [(SPRING, 23), (AUTUMN, 25), (date(2026, 7, 1), 24)])
def test_a_day_is_drawn_with_its_true_length(day, hours):
    axis = day_axis(day, BERLIN)
    assert axis.ends_at - axis.starts_at == timedelta(hours=hours)


def test_a_week_runs_from_local_monday_to_local_monday():
    axis = week_axis(date(2026, 11, 25), SHANGHAI)
    assert axis.starts_at == datetime(2026, 11, 22, 16, tzinfo=UTC)
    assert axis.ends_at == datetime(2026, 11, 29, 16, tzinfo=UTC)
    assert [tick.number for tick in axis.day_ticks()] == ["23", "24", "25", "26", "27", "28", "29"]


def test_the_ticks_of_a_week_with_a_short_day_are_unequal():
    places = [tick.x for tick in week_axis(SPRING, BERLIN).day_ticks()]
    assert places[1] == pytest.approx(100 * 24 / 167)
    assert places[6] == pytest.approx(100 * 144 / 167)


def test_an_hour_that_the_clocks_skip_has_no_tick():
    names = [tick.number for tick in day_axis(SPRING, BERLIN).hour_ticks(1)]
    assert "02" not in names
    assert len(names) == 23


def test_a_month_ends_where_the_next_begins():
    assert month_axis(date(2026, 12, 31), SHANGHAI).after == date(2027, 1, 1)
    assert month_axis(date(2028, 2, 10), SHANGHAI).number_of_days == 29


def test_what_lies_outside_is_cut_at_the_edges():
    axis = day_axis(date(2026, 11, 25), SHANGHAI)
    assert axis.span(axis.starts_at - timedelta(hours=5), axis.starts_at + timedelta(hours=6)) == (
        0,
        25,
    )
    assert axis.x(axis.ends_at + timedelta(days=3)) == 100


def test_the_search_shows_a_day_more_on_either_side():
    start = datetime(2026, 11, 25, 0, tzinfo=UTC)
    axis = axis_around(start, start + timedelta(hours=16), SHANGHAI)  # until local midnight
    assert (axis.first, axis.after) == (date(2026, 11, 24), date(2026, 11, 27))


def test_percent_is_short():
    assert [percent(value) for value in (0, 12.5, 100 / 3, 100)] == [
        "0%",
        "12.5%",
        "33.33%",
        "100%",
    ]
