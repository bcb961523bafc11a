"""Sums of coming days: the band holds what it promises, and never falls."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from reports.forecast.methods import BY_NAME, INTERMITTENT, LEVELS, NAIVE, SEASONAL_NAIVE
from reports.forecast.totals import EVERY, LEAST_KNOWN, LEAST_TRIED, totals
from tests.reports.forecast.slow_totals import slow_high

pytestmark = pytest.mark.once
METHODS = (LEVELS[0], *INTERMITTENT, NAIVE, SEASONAL_NAIVE)
SHORTEST = LEAST_KNOWN + EVERY * LEAST_TRIED


def daily(days, seed, mean=8.0):
    week = np.resize([1.2, 1.1, 1.0, 1.0, 1.1, 0.8, 0.8], days)
    return np.random.default_rng(seed).poisson(mean * week).astype(float)


def seldom(days, seed):
    random = np.random.default_rng(seed)
    return (random.poisson(5, days) + 1.0) * (random.random(days) < 0.2)


HISTORIES = arrays.arrays(
    np.float64,
    st.integers(min_value=7, max_value=120),
    elements=st.integers(min_value=0, max_value=60).map(float),
)


@settings(max_examples=60, deadline=None)
@given(HISTORIES, st.integers(min_value=1, max_value=40), st.sampled_from(METHODS))
def test_the_band_is_that_of_the_slow_reference(history, horizon, method):
    found = totals(history, 7, horizon, method)
    slow = slow_high(history, 7, horizon, method)
    if slow is None:
        assert found.high is None
    else:
        assert found.high == pytest.approx(slow, abs=1e-6)


@settings(max_examples=80, deadline=None)
@given(HISTORIES, st.integers(min_value=1, max_value=60), st.sampled_from(METHODS))
def test_sums_never_fall_and_lie_in_their_band(history, horizon, method):
    found = totals(history, 7, horizon, method)
    assert len(found.expected) == horizon
    assert (np.diff(found.expected) >= -1e-9).all()
    if found.high is None:
        assert found.low is None
        return
    for side in (found.low, found.high):
        assert len(side) == horizon
        assert (np.diff(side) >= -1e-9).all()
    assert (found.low >= 0).all()
    assert (found.low <= found.expected + 1e-9).all()
    assert (found.high >= found.expected - 1e-9).all()


@pytest.mark.parametrize(
    ("make", "method"),
    [(daily, LEVELS[0]), (seldom, BY_NAME["TSB"]), (seldom, BY_NAME["Croston SBA"])],
    ids=["daily", "seldom, TSB", "seldom, Croston"],
)
@pytest.mark.parametrize("days", [14, 30])
def test_sums_are_exceeded_one_time_in_ten(make, method, days):
    """Two hundred futures that nobody knew."""
    above = 0
    for seed in range(200):
        series = make(300 + days, seed)
        high = totals(series[:300], 7, days, method).high
        above += series[300:].sum() > high[-1]
    assert 0.03 <= above / 200 <= 0.17


def test_a_short_history_has_sums_and_no_band():
    assert totals(daily(SHORTEST - 1, 1), 7, 10, LEVELS[0]).high is None
    assert totals(daily(SHORTEST, 1), 7, 10, LEVELS[0]).high is not None


def test_beyond_what_was_tried_the_error_grows_with_the_days():
    history = daily(SHORTEST, 3)  # eight sums of seven days, seven of fourteen
    found = totals(history, 7, 70, NAIVE)
    over = found.high - found.expected
    assert over[69] == pytest.approx(over[6] * 70 / 7)
