"""Counting in working hours, against a reference that looks at every minute."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medshare_portal.working_hours import NeverOpen, WorkingHours, merged, minutes_of
from tests.medshare_portal import slow_minutes

SHANGHAI = ZoneInfo("Asia/Shanghai")
OFFICE = ((8 * 60, 12 * 60), (14 * 60, 17 * 60 + 30))
WEEK = (OFFICE,) * 5 + ((), ())
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
NATIONAL = {date(2026, 10, day): () for day in range(1, 8)} | {
    date(2026, 9, 20): OFFICE,
    date(2026, 10, 10): OFFICE,
}
# Both nights of Berlin, of an island whose clock moves by half an hour, and one that does at
# midnight; the last had no 30 December 2011 at all.
NIGHTS = [
    ("Europe/Berlin", datetime(2026, 3, 29, 1, tzinfo=UTC)),
    ("Europe/Berlin", datetime(2026, 10, 25, 1, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime(2026, 4, 4, 15, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime(2026, 10, 3, 15, 30, tzinfo=UTC)),
    ("Africa/Cairo", datetime(2026, 4, 23, 22, tzinfo=UTC)),
    ("America/New_York", datetime(2026, 11, 1, 6, tzinfo=UTC)),
    ("Asia/Shanghai", datetime(2026, 10, 1, 0, tzinfo=UTC)),
    ("Pacific/Apia", datetime(2011, 12, 30, 10, tzinfo=UTC)),
]

spans = st.tuples(st.integers(0, 1439), st.integers(1, 1440)).map(
    lambda pair: (pair[0], min(1440, pair[0] + pair[1]))
)
hours = st.lists(spans, max_size=3).map(tuple)
some_hours = st.lists(spans, min_size=1, max_size=2).map(tuple)
weeks = st.tuples(some_hours, st.lists(hours, min_size=6, max_size=6), st.integers(0, 6)).map(
    lambda drawn: [*drawn[1][: drawn[2]], drawn[0], *drawn[1][drawn[2] :]]
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def shanghai(days=NATIONAL) -> WorkingHours:
    return WorkingHours(SHANGHAI, WEEK, days)


@pytest.mark.parametrize(
    ("start", "worked", "due"),
    [
        ("2026-11-27T09:00", 2, "2026-11-27T11:00"),
        ("2026-11-27T11:00", 2, "2026-11-27T15:00"),  # over lunch
        ("2026-11-27T17:00", 1, "2026-11-30T08:30"),  # over the week-end
        ("2026-11-28T10:00", 1, "2026-11-30T09:00"),  # asked on a Saturday
        ("2026-11-27T12:00", 3.5, "2026-11-27T17:30"),  # to the day's last minute
        ("2026-09-30T17:00", 1, "2026-10-08T08:30"),  # over the seven days of October
        ("2026-10-09T17:00", 1, "2026-10-10T08:30"),  # a Saturday that is worked
        ("2026-09-19T09:00", 1, "2026-09-20T09:00"),  # a Sunday that is worked
    ],
)
def test_add_counts_only_what_is_worked(start, worked, due):
    assert shanghai().add(at(start), worked * HOUR) == at(due)
    assert shanghai().between(at(start), at(due)) == worked * HOUR


def test_nothing_added_stays_where_it_is():
    assert shanghai().add(at("2026-11-28T10:00"), timedelta(0)) == at("2026-11-28T10:00")


def test_between_counts_backwards_too():
    assert shanghai().between(at("2026-11-30T09:00"), at("2026-11-27T17:00")) == -1.5 * HOUR


def test_open_is_said_of_a_moment():
    open_at = {
        text: shanghai().is_open(at(text)) for text in ("2026-11-27T11:59", "2026-11-27T12:00")
    }
    assert open_at == {"2026-11-27T11:59": True, "2026-11-27T12:00": False}


def test_seconds_are_kept():
    start = at("2026-11-27T17:29:30.250")
    assert shanghai().add(start, MINUTE) == at("2026-11-30T08:00:30.250")


def test_midnight_at_the_end_is_the_days_end():
    assert minutes_of(time(22), time(0)) == (22 * 60, 24 * 60)


def test_hours_that_meet_or_overlap_are_counted_once():
    assert merged(((60, 120), (30, 90), (120, 130), (200, 200))) == ((30, 130),)


def test_a_week_without_hours_is_refused():
    with pytest.raises(NeverOpen):
        WorkingHours(SHANGHAI, [()] * 7, {date(2026, 11, 27): OFFICE})


@st.composite
def cases(draw):
    """A site, a moment near a night on which something happens, and some minutes of work."""
    zone, night = draw(st.sampled_from(NIGHTS))
    start = night + MINUTE * draw(st.integers(-2 * 1440, 2 * 1440))
    around = [(night + timedelta(days=n)).date() for n in range(-2, 4)]
    days = draw(st.dictionaries(st.sampled_from(around), hours, max_size=3))
    return ZoneInfo(zone), draw(weeks), days, start


@settings(max_examples=150, deadline=None)
@given(cases(), st.integers(1, 900))
def test_add_says_what_the_minutes_say(case, minutes):
    zone, week, days, start = case
    found = WorkingHours(zone, week, days).add(start, minutes * MINUTE)
    assert found == slow_minutes.add(start, minutes, zone, week, days)


@settings(max_examples=150, deadline=None)
@given(cases(), st.integers(0, 3 * 1440))
def test_between_says_what_the_minutes_say(case, minutes):
    zone, week, days, start = case
    later = start + minutes * MINUTE
    worked = WorkingHours(zone, week, days).between(start, later)
    assert worked == slow_minutes.between(start, later, zone, week, days) * MINUTE
