"""Which method for which series, and what it says."""

from dataclasses import dataclass

import numpy as np

from reports.forecast.calendar import calendar, knows_dates
from reports.forecast.methods import (
    INTERMITTENT,
    LEVELS,
    NAIVE,
    SEASONAL_MEDIAN,
    SEASONAL_NAIVE,
    Method,
)
from reports.forecast.series import Series, Step
from reports.forecast.trial import FOLDS, LEAST_SEASONS, Backtest, backtest, tried

MOSTLY_ZERO = 0.3
TREND_SEASONS = 8
TREND_CHANGE = 0.5  # of the mean, over these seasons


@dataclass(frozen=True)
class Forecast:
    """``expected``, ``low``, ``high``: per step ahead; the band holds 80 %, so ``high`` is the
    90 % quantile.  Without a band (too short a history) both are None.  ``by``: the method that a
    holdout chose."""

    expected: np.ndarray
    low: np.ndarray | None
    high: np.ndarray | None
    by: Method
    backtest: Backtest | None

    @property
    def method(self) -> str:
        return self.by.name


def forecast(series: Series, horizon: int | None = None, moments: int = FOLDS) -> Forecast:
    """Never fails on a short or an empty history: it forecasts what it can and says how.
    ``moments`` of the past from which it is tried, where there are so many."""
    history, season = series.counted, series.step.season
    horizon = horizon or series.step.horizon
    methods = _methods(history, series)
    cumulated = methods[0] in INTERMITTENT
    trial = tried(history, season, horizon, methods, cumulated, moments)
    folds = len(trial.came)
    chosen = trial.best(folds)
    expected = methods[chosen].predict(history, season, horizon)
    low, high = trial.band_of(chosen, folds, expected) if folds else (None, None)
    result = backtest(trial, history, season)
    return Forecast(expected, low, high, methods[chosen], result)


def _methods(history: np.ndarray, series: Series) -> tuple[Method, ...]:
    """Those that a holdout may choose between; the first is taken where nothing can be tried.
    (Hours are empty at night without being demanded seldom.)"""
    step, season = series.step, series.step.season
    if len(history) < season:
        return (NAIVE,)
    if len(history) < LEAST_SEASONS * season or trending(history, season):
        return (SEASONAL_NAIVE, NAIVE)
    if step is Step.DAY and np.mean(history <= 0) > MOSTLY_ZERO:
        return INTERMITTENT
    dated = step is Step.DAY and knows_dates(history, series.first, series.holidays)
    more = (calendar(series.first, series.holidays),) if dated else ()
    return (*LEVELS, SEASONAL_MEDIAN, SEASONAL_NAIVE, *more)


def trending(history: np.ndarray, season: int) -> bool:
    """Week after week in one direction, and far: a level would limp behind."""
    weeks = len(history) // season
    if weeks < TREND_SEASONS:
        return False
    means = history[-TREND_SEASONS * season :].reshape(TREND_SEASONS, season).mean(axis=1)
    steps = np.diff(means)
    onward = max((steps > 0).mean(), (steps < 0).mean())
    return bool(onward == 1.0 and abs(means[-1] - means[0]) > TREND_CHANGE * means.mean())
