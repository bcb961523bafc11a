from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resources.intervals import (
    DayException,
    Window,
    clip,
    covers,
    expand,
    instant_of,
    instants_of,
    merge,
    overlapping_windows,
    subtract,
    total,
    weekly_hours,
)

BERLIN = ZoneInfo("Europe/Berlin")
SHANGHAI = ZoneInfo("Asia/Shanghai")
ZONES = [
    ZoneInfo(name)
    for name in (
        "Europe/Berlin",
        "America/St_Johns",
        "Pacific/Chatham",
        "Asia/Shanghai",
        "Australia/Lord_Howe",
    )
]
ALWAYS = [Window(day, time(0), time(0)) for day in range(7)]
HOUR = timedelta(hours=1)


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


def wall(*parts):
    return datetime(*parts)  # noqa: DTZ001 – what a clock on the wall shows


def at(hour):
    return utc(2026, 1, 1) + hour * HOUR


def test_a_daily_round_the_clock_pattern_is_one_interval():
    assert expand(ALWAYS, [], SHANGHAI, date(2026, 11, 23), date(2026, 11, 29)) == [
        (utc(2026, 11, 22, 16), utc(2026, 11, 29, 16))
    ]


def test_a_window_over_midnight_ends_on_the_next_day():
    night = [Window(0, time(20), time(6))]
    assert expand(night, [], SHANGHAI, date(2026, 11, 23), date(2026, 11, 29)) == [
        (utc(2026, 11, 23, 12), utc(2026, 11, 23, 22))
    ]


@pytest.mark.parametrize(
    ("day", "hours"),
    [(date(2026, 3, 28), 11), (date(2026, 10, 24), 13), (date(2026, 10, 17), 12)],
)
def test_a_night_shift_has_the_hours_that_really_pass(day, hours):
    night = [Window(day.weekday(), time(20), time(8))]
    [(starts_at, ends_at)] = expand(night, [], BERLIN, day, day)
    assert ends_at - starts_at == hours * HOUR


def test_a_start_in_the_gap_is_moved_to_its_end():
    windows = [Window(6, time(2, 30), time(5))]
    assert expand(windows, [], BERLIN, date(2026, 3, 29), date(2026, 3, 29)) == [
        (utc(2026, 3, 29, 1), utc(2026, 3, 29, 3))
    ]


def test_a_window_that_the_gap_swallows_is_left_out():
    windows = [Window(6, time(2, 10), time(2, 50))]
    assert expand(windows, [], BERLIN, date(2026, 3, 29), date(2026, 3, 29)) == []


def test_in_the_fold_a_start_is_the_first_and_an_end_the_second_occurrence():
    windows = [Window(6, time(2, 30), time(2, 45))]
    assert expand(windows, [], BERLIN, date(2026, 10, 25), date(2026, 10, 25)) == [
        (utc(2026, 10, 25, 0, 30), utc(2026, 10, 25, 1, 45))
    ]


def test_a_wall_time_has_none_one_or_two_moments():
    assert instants_of(wall(2026, 3, 29, 2, 30), BERLIN) == []
    assert instants_of(wall(2026, 3, 29, 3, 30), BERLIN) == [utc(2026, 3, 29, 1, 30)]
    assert instants_of(wall(2026, 10, 25, 2, 30), BERLIN) == [
        utc(2026, 10, 25, 0, 30),
        utc(2026, 10, 25, 1, 30),
    ]


def test_the_gap_of_half_an_hour_ends_where_the_clock_says():
    lord_howe = ZoneInfo("Australia/Lord_Howe")
    assert instant_of(wall(2026, 10, 4, 2, 15), lord_howe) == utc(2026, 10, 3, 15, 30)


def test_a_closed_date_also_cuts_the_night_that_runs_into_it():
    nights = [Window(day, time(20), time(6)) for day in range(7)]
    closed = [DayException(date(2026, 11, 24))]
    assert expand(nights, closed, SHANGHAI, date(2026, 11, 23), date(2026, 11, 25)) == [
        (utc(2026, 11, 23, 12), utc(2026, 11, 23, 16)),
        (utc(2026, 11, 25, 12), utc(2026, 11, 25, 22)),
    ]


def test_an_exception_with_hours_replaces_the_pattern_of_its_date():
    other = [DayException(date(2026, 11, 24), time(9), time(12))]
    assert expand(ALWAYS, other, SHANGHAI, date(2026, 11, 23), date(2026, 11, 25)) == [
        (utc(2026, 11, 22, 16), utc(2026, 11, 23, 16)),
        (utc(2026, 11, 24, 1), utc(2026, 11, 24, 4)),
        (utc(2026, 11, 24, 16), utc(2026, 11, 25, 16)),
    ]


def test_nothing_is_offered_when_the_horizon_ends_before_the_start():
    assert expand(ALWAYS, [], SHANGHAI, date(2026, 11, 23), date(2026, 11, 22)) == []


def test_merge_joins_neighbours_that_touch_and_drops_empty_ones():
    assert merge([(at(5), at(6)), (at(1), at(2)), (at(2), at(3)), (at(9), at(9))]) == [
        (at(1), at(3)),
        (at(5), at(6)),
    ]


def test_subtract_cuts_holes_out():
    assert subtract([(at(0), at(10)), (at(20), at(22))], [(at(2), at(3)), (at(9), at(21))]) == [
        (at(0), at(2)),
        (at(3), at(9)),
        (at(21), at(22)),
    ]


def test_clip_covers_and_total():
    assert clip([(at(0), at(4)), (at(6), at(9))], at(2), at(7)) == [(at(2), at(4)), (at(6), at(7))]
    assert total([(at(0), at(4)), (at(3), at(5))]) == 5 * HOUR
    assert covers([(at(0), at(4))], at(0), at(4))
    assert not covers([(at(0), at(4))], at(3), at(5))


def test_overlapping_windows_are_found_over_midnight_and_over_the_week_end():
    sunday, monday = Window(6, time(20), time(6)), Window(0, time(5), time(9))
    tuesday = Window(1, time(9), time(12))
    assert overlapping_windows([monday, sunday, tuesday]) == [(sunday, monday)]
    assert overlapping_windows(ALWAYS) == []
    assert weekly_hours(ALWAYS) == 168


windows_strategy = st.lists(
    st.builds(
        Window,
        weekday=st.integers(0, 6),
        starts=st.times(max_value=time(23, 59)).map(lambda t: t.replace(second=0, microsecond=0)),
        ends=st.times(max_value=time(23, 59)).map(lambda t: t.replace(second=0, microsecond=0)),
    ),
    max_size=6,
)
days = st.dates(date(2025, 1, 1), date(2027, 12, 31))


@settings(max_examples=150, deadline=None)
@given(windows_strategy, st.sampled_from(ZONES), days, st.integers(0, 20))
def test_expanded_intervals_are_sorted_apart_and_within_their_days(windows, zone, first, length):
    until = first + timedelta(days=length)
    found = expand(windows, [], zone, first, until)
    assert found == merge(found)
    for starts_at, ends_at in found:
        assert starts_at.utcoffset() == timedelta(0)
        assert first <= starts_at.astimezone(zone).date() <= until
        assert ends_at.astimezone(zone).date() <= until + timedelta(days=2)


@settings(max_examples=150, deadline=None)
@given(windows_strategy, st.sampled_from(ZONES), days, st.integers(0, 23 * 60 + 59))
def test_a_moment_is_offered_when_its_wall_time_is_in_a_window(windows, zone, day, minute):
    """On nights without a clock change, membership is that of the wall clock."""
    naive = datetime.combine(day, time(minute // 60, minute % 60))
    around = [zone.utcoffset(naive + timedelta(days=shift)) for shift in (-2, 2)]
    if around[0] != around[1]:
        return
    found = expand(windows, [], zone, day - timedelta(days=8), day + timedelta(days=8))
    moment = naive.replace(tzinfo=zone).astimezone(UTC)
    assert any(a <= moment < b for a, b in found) == any(_holds(w, naive) for w in windows)


def _holds(window, naive):
    for begin in (naive.date(), naive.date() - timedelta(days=1)):
        if begin.weekday() != window.weekday:
            continue
        starts = datetime.combine(begin, window.starts)
        last = begin if window.ends > window.starts else begin + timedelta(days=1)
        if starts <= naive < datetime.combine(last, window.ends):
            return True
    return False


points = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=8)


@settings(max_examples=200, deadline=None)
@given(points, points)
def test_subtract_keeps_exactly_what_is_in_the_first_and_not_in_the_second(first, second):
    spans = [(at(a), at(b)) for a, b in first]
    holes = [(at(a), at(b)) for a, b in second]
    left = subtract(spans, holes)
    assert left == merge(left)
    for hour in range(60):
        inside = any(a <= at(hour) < b for a, b in spans)
        hole = any(a <= at(hour) < b for a, b in holes)
        assert any(a <= at(hour) < b for a, b in left) == (inside and not hole)
