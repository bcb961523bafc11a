"""Seconds of days out of intervals, against a count minute by minute."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reports.rollups.spans import Days, levels, seconds_by_day, within, without

MINUTE = 60
MOMENTS = st.integers(0, 200)
SPANS = st.lists(st.tuples(MOMENTS, MOMENTS, st.integers(1, 3)), max_size=8)
CAP = 4
# However busy the machine is.
QUIET = settings(
    max_examples=60, deadline=None, derandomize=True, database=None,
    suppress_health_check=[HealthCheck.too_slow],
)  # fmt: skip


def at(spans, moment, cap=CAP):
    """Units at a moment, the slow way."""
    return min(sum(units for first, last, units in spans if first <= moment < last), cap)


@QUIET
@given(SPANS)
def test_units_at_once_are_never_more_than_there_are(spans):
    found = levels(spans, CAP)
    assert [at(found, moment) for moment in range(200)] == [
        at(spans, moment) for moment in range(200)
    ]
    assert all(one[1] <= other[0] for one, other in pairwise(found))


@QUIET
@given(SPANS, SPANS)
def test_what_is_left_and_what_is_met(spans, taken):
    mine, others = levels(spans, CAP), levels(taken, CAP)
    left, met = without(mine, others), within(mine, others)
    for moment in range(200):
        here, there = at(mine, moment), at(others, moment)
        assert at(left, moment) == max(here - there, 0)
        assert at(met, moment) == min(here, there)


def day_of(moment: int, zone: ZoneInfo) -> date:
    return datetime.fromtimestamp(moment, UTC).astimezone(zone).date()


@QUIET
@given(st.lists(st.tuples(st.integers(0, 5760), st.integers(0, 5760)), max_size=4), st.booleans())
def test_each_minute_counts_on_its_own_day_also_on_the_nights_of_a_clock_change(pairs, spring):
    zone = ZoneInfo("Europe/Berlin")
    first = date(2026, 3, 28) if spring else date(2026, 10, 24)
    begin = int(datetime(first.year, first.month, first.day, tzinfo=UTC).timestamp())
    spans = [(begin + a * MINUTE, begin + b * MINUTE, 2) for a, b in pairs if a < b]
    slow: dict[date, int] = {}
    for one, last, units in spans:
        for moment in range(one, last, MINUTE):
            day = day_of(moment, zone)
            if first <= day <= first + timedelta(days=2):
                slow[day] = slow.get(day, 0) + MINUTE * units
    days = Days(first, first + timedelta(days=2), zone)
    assert dict(seconds_by_day(spans, days)) == slow


def test_the_days_of_a_clock_change_have_23_and_25_hours():
    zone = ZoneInfo("Europe/Berlin")
    for day, hours in ((date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 7, 1), 24)):
        days = Days(day, day, zone)
        assert days.cuts[1] - days.cuts[0] == hours * 3600
