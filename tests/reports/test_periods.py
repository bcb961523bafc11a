"""The days of a report, and those before."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as some

from reports.periods import EARLIEST, LONGEST_DAYS, Period, ending, piece_of

pytestmark = pytest.mark.once
periods = some.builds(
    ending, some.dates(date(2004, 1, 1), date(2090, 1, 1)), some.integers(1, LONGEST_DAYS)
)


@given(periods)
def test_as_many_days_before_end_on_the_day_before(period):
    before = period.before
    assert before.days == period.days
    assert (period.first - before.last).days == 1


@given(periods)
def test_a_year_before_is_the_same_days(period):
    before = period.a_year_before
    assert before.first.year == period.first.year - 1
    assert abs(before.days - period.days) <= 1
    assert before.first <= before.last


@given(periods)
def test_the_pieces_hold_every_day_and_are_few(period):
    pieces = list(period.pieces())
    assert pieces == sorted(set(pieces))
    assert len(pieces) <= 38
    assert pieces[0] <= period.first
    assert pieces[-1] <= period.last
    days = [period.first, period.last]
    assert {piece_of(day, period.step) for day in days} <= set(pieces)


def test_the_29th_of_february_was_the_28th():
    assert Period(date(2028, 2, 29), date(2028, 2, 29)).a_year_before.first == date(2027, 2, 28)


def test_the_earliest_period_can_be_compared():
    first = Period(EARLIEST, ending(EARLIEST, 1).last)
    assert first.before.days == first.a_year_before.days == 1
