"""Which method is chosen, how good it is, and that the band holds what it promises."""

import numpy as np
import pytest

from reports.forecast import Series, Step, forecast
from reports.forecast.methods import LEVELS, SEASONAL_NAIVE
from reports.forecast.trial import band, spread, tried

WEEK = np.array([1.2, 1.1, 1.0, 1.0, 1.1, 0.8, 0.8])


def arrivals(mean: float, days: int = 500, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).poisson(mean * np.resize(WEEK, days)).astype(float)


def by_hour(weeks: int = 40, seed: int = 2) -> np.ndarray:
    hours = np.arange(168 * weeks)
    profile = 6 * (1 + 0.7 * np.sin((hours % 24 - 9) / 24 * 2 * np.pi))
    return np.random.default_rng(seed).poisson(profile).astype(float)


def of_days(values) -> Series:
    return Series(np.array(values, dtype=float), Step.DAY)


def seldom(days: int = 700, seed: int = 4) -> np.ndarray:
    random = np.random.default_rng(seed)
    return (random.poisson(5, days) * (random.random(days) < 0.3)).astype(float)


@pytest.mark.parametrize(
    ("series", "bar"),
    [
        *((of_days(arrivals(mean)), 0.80) for mean in (5, 40, 200)),
        (Series(by_hour(), Step.HOUR), 0.75),
    ],
    ids=["5 a day", "40 a day", "200 a day", "hourly"],
)
def test_counts_of_a_weekly_rhythm_are_forecast_within_the_bars(series, bar):
    result = forecast(series)
    assert result.method.startswith("seasonal level")
    assert result.backtest.mase <= bar
    assert result.backtest.beats_naive
    assert 0.75 <= result.backtest.coverage <= 0.87


def test_the_forecast_has_its_horizon_and_lies_in_its_band():
    result = forecast(of_days(arrivals(40)), 21)
    assert len(result.expected) == len(result.low) == len(result.high) == 21
    assert (result.low < result.expected).all()
    assert (result.expected < result.high).all()
    assert result.low.min() >= 0


def test_the_high_end_is_the_quantile_of_nine_in_ten():
    """Forecast again and again, one in ten days is above it."""
    history = arrivals(40, 700)
    above = [
        history[end : end + 14] > forecast(of_days(history[:end])).high
        for end in range(420, 680, 14)
    ]
    assert np.mean(above) == pytest.approx(0.1, abs=0.04)


def test_what_is_mostly_zero_is_forecast_by_size_and_interval():
    result = forecast(of_days(seldom()))
    assert result.method in {"Croston SBA", "TSB"}
    assert result.expected.mean() == pytest.approx(1.5, rel=0.25)


def test_hours_that_are_empty_at_night_are_not_what_is_seldom_used():
    at_work = np.resize(np.repeat([0.0, 3.0, 0.0], [8, 10, 6]), 168 * 12)
    result = forecast(Series(at_work, Step.HOUR), 24)
    assert result.expected == pytest.approx(at_work[:24], abs=1e-9)


def test_a_trend_is_not_forecast_by_a_level_and_says_that_nothing_beats_naive():
    result = forecast(of_days(np.arange(200) + 10))
    assert result.method in {"seasonal naive", "naive"}
    assert not result.backtest.beats_naive


@pytest.mark.parametrize(
    ("days", "method"), [(0, "naive"), (1, "naive"), (6, "naive"), (7, "seasonal naive")]
)
def test_a_short_history_is_repeated_and_has_no_band(days, method):
    result = forecast(of_days(np.arange(days)))
    assert (result.method, result.low, result.backtest) == (method, None, None)
    assert len(result.expected) == 14


def test_three_weeks_are_enough_for_a_rhythm_but_not_for_a_back_test():
    result = forecast(of_days(arrivals(40, 21)))
    assert (result.method, result.backtest) == (LEVELS[0].name, None)


def test_one_fold_gives_a_band_and_no_back_test():
    result = forecast(of_days(arrivals(40, 36)))
    assert result.backtest is None
    assert len(result.high) == 14


@pytest.mark.parametrize("values", [np.zeros(100), np.full(100, np.nan)], ids=["zeros", "gaps"])
def test_nothing_is_forecast_from_nothing(values):
    result = forecast(of_days(values))
    assert result.expected.max() == result.high.max() == 0
    assert not result.backtest.beats_naive


def test_a_day_nobody_counted_is_as_a_week_before():
    values = np.array([1.0, 2, 3, 4, 5, 6, 7, np.nan, 9, np.nan])
    assert of_days(values).counted[[7, 9]].tolist() == [1, 3]
    assert of_days([np.nan, 4.0, 6.0]).counted.tolist() == [5, 4, 6]


def test_a_method_is_chosen_by_what_came_before_only():
    history = arrivals(40)
    disturbed = history.copy()
    disturbed[-14:] = 900
    before, after = (
        tried(values, 7, 14, (*LEVELS, SEASONAL_NAIVE), False) for values in (history, disturbed)
    )
    folds = len(before.came) - 1
    assert before.best(folds) == after.best(folds)
    assert (before.scaled_errors(0, folds) == after.scaled_errors(0, folds)).all()
    assert (before.ahead == after.ahead).all()


def test_the_loss_of_what_is_seldom_used_is_that_of_its_sum():
    trial = tried(seldom(), 7, 14, LEVELS, True)
    errors = trial.came - trial.ahead
    assert trial.losses == pytest.approx(np.abs(errors.sum(axis=2)))


def test_the_band_is_wider_where_errors_are_few():
    many, few = np.linspace(-1, 1, 1001), np.linspace(-1, 1, 5)
    ahead = np.array([0.0, 99.0])
    low, high = band(many, ahead)
    assert high == pytest.approx(ahead + 0.8 * spread(ahead), abs=0.05)
    assert low == pytest.approx([0, 91], abs=0.1)
    assert (band(few, ahead)[1] > high).all()
