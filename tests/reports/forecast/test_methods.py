"""Each plain method on histories whose future is known."""

import numpy as np
import pytest

from reports.forecast.methods import (
    WEEKS_OF_MEDIAN,
    croston_sba,
    naive,
    seasonal_index,
    seasonal_level,
    seasonal_median,
    seasonal_naive,
    smoothed,
    tsb,
)

WEEK = np.array([10.0, 12, 14, 16, 18, 4, 3])


def test_naive_repeats_the_last_step():
    assert naive(np.array([1.0, 5.0]), 7, 3).tolist() == [5, 5, 5]


def test_seasonal_naive_repeats_the_last_week_from_the_next_weekday_on():
    history = np.resize(WEEK, 17)
    assert seasonal_naive(history, 7, 9).tolist() == np.resize(WEEK, 26)[17:].tolist()


def test_seasonal_naive_of_less_than_a_week_is_the_last_step():
    assert seasonal_naive(np.array([2.0, 3.0]), 7, 2).tolist() == [3, 3]


@pytest.mark.parametrize("length", [21, 23, 40])
def test_a_week_that_repeats_is_continued_on_the_right_weekday(length):
    ahead = seasonal_level(0.1)(np.resize(WEEK, length), 7, 14)
    assert ahead == pytest.approx(np.resize(WEEK, length + 14)[length:])


def test_one_odd_week_does_not_move_the_index():
    history = np.resize(WEEK, 70)
    odd = history.copy()
    odd[30] = 500
    assert seasonal_index(odd, 7) == pytest.approx(seasonal_index(history, 7))


def test_a_rhythm_kept_to_the_hour_is_repeated_as_it_usually_was():
    history = np.resize(WEEK, 7 * (WEEKS_OF_MEDIAN + 3) + 2)
    history[20::31] = 500
    assert seasonal_median(history, 7, 9).tolist() == np.resize(WEEK, 200)[2:11].tolist()


def test_the_index_has_no_level_of_its_own():
    assert seasonal_index(np.resize(WEEK, 70), 7).sum() == pytest.approx(0)


def test_the_level_follows_a_change_as_fast_as_it_is_smoothed():
    history = np.concatenate([np.resize(WEEK, 70), np.resize(WEEK, 14) + 10])
    slow, quick = (seasonal_level(rate)(history, 7, 7).mean() for rate in (0.02, 0.2))
    assert WEEK.mean() < slow < quick < WEEK.mean() + 10


def test_what_is_forecast_is_never_negative():
    history = np.concatenate([np.resize(WEEK, 70), np.zeros(14)])
    assert seasonal_level(0.2)(history, 7, 7).min() == 0


def test_smoothing_is_that_of_the_textbook():
    level, values = 3.0, [3.0, 8.0, 1.0, 4.0]
    for value in values[1:]:
        level += 0.3 * (value - level)
    assert smoothed(np.array(values), 0.3) == pytest.approx(level)


def test_croston_forecasts_the_size_over_the_interval():
    history = np.resize([0.0, 0, 0, 8], 80)
    assert croston_sba(history, 7, 2) == pytest.approx([0.95 * 2] * 2)


def test_tsb_fades_when_nothing_is_used_any_more():
    used = np.resize([0.0, 6], 60)
    idle = np.concatenate([used, np.zeros(40)])
    assert tsb(used, 7, 1)[0] == pytest.approx(3, rel=0.1)
    assert tsb(idle, 7, 1)[0] < 0.1
    assert croston_sba(idle, 7, 1)[0] == pytest.approx(croston_sba(used, 7, 1)[0])


@pytest.mark.parametrize("method", [croston_sba, tsb])
def test_what_was_never_used_is_forecast_as_nothing(method):
    assert method(np.zeros(30), 7, 2).tolist() == [0, 0]
