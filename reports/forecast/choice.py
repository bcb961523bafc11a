"""Which method for which series, and what it says."""

from dataclasses import dataclass

import numpy as np

from reports.forecast.methods import (
    INTERMITTENT,
    LEVELS,
    NAIVE,
    SEASONAL_MEDIAN,
    SEASONAL_NAIVE,
    Method,
)
from reports.forecast.series import Series, Step
from reports.forecast.trial import LEAST_SEASONS, Backtest, backtest, band, tried

MOSTLY_ZERO = 0.3
TREND_SEASONS = 8
TREND_CHANGE = 0.5  # of the mean, over these seasons


@dataclass(frozen=True)
class Forecast:
    """``expected``, ``low``, ``high``: per step ahead; the band holds 80 %, so ``high`` is the
    90 % quantile.  Without a band (too short a history) both are None.  ``method``: its name."""

    expected: np.ndarray
    low: np.ndarray | None
    high: np.ndarray | None
    method: str
    backtest: Backtest | None


def forecast(series: Series, horizon: int | None = None) -> Forecast:
    """Never fails on a short or an empty history: it forecasts what it can and says how."""
    history, season = series.counted, series.step.season
    horizon = horizon or series.step.horizon
    methods = _methods(history, series.step)
    cumulated = methods[0] in INTERMITTENT
    trial = tried(history, season, horizon, methods, cumulated)
    folds = len(trial.came)
    chosen = trial.best(folds)
    expected = methods[chosen].predict(history, season, horizon)
    errors = trial.scaled_errors(chosen, folds)
    low, high = band(errors, expected) if len(errors) else (None, None)
    result = backtest(trial, history, season)
    return Forecast(expected, low, high, methods[chosen].name, result)


def _methods(history: np.ndarray, step: Step) -> tuple[Method, ...]:
    """Those that a holdout may choose between; the first is taken where nothing can be tried.
    (Hours are empty at night without being demanded seldom.)"""
    season = step.season
    if len(history) < season:
        return (NAIVE,)
    if len(history) < LEAST_SEASONS * season or trending(history, season):
        return (SEASONAL_NAIVE, NAIVE)
    if step is Step.DAY and np.mean(history <= 0) > MOSTLY_ZERO:
        return INTERMITTENT
    return (*LEVELS, SEASONAL_MEDIAN, SEASONAL_NAIVE)


def trending(history: np.ndarray, season: int) -> bool:
    """Week after week in one direction, and far: a level would limp behind."""
    weeks = len(history) // season
    if weeks < TREND_SEASONS:
        return False
    means = history[-TREND_SEASONS * season :].reshape(TREND_SEASONS, season).mean(axis=1)
    steps = np.diff(means)
    onward = max((steps > 0).mean(), (steps < 0).mean())
    return bool(onward == 1.0 and abs(means[-1] - means[0]) > TREND_CHANGE * means.mean())
