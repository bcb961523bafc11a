"""Plain methods: ``predict(history, season, horizon)`` → what the next ``horizon`` steps will be.

All take a history without NaN, oldest first.  The first step ahead has the phase of
``history[-season]``.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

SEASONS_OF_INDEX = 26  # half a year of weeks: long enough for a median, short enough to follow

WEEKS_OF_MEDIAN = 9


@dataclass(frozen=True)
class Method:
    """``name`` is stored and told; it never changes its meaning."""

    name: str
    predict: Callable[[np.ndarray, int, int], np.ndarray]


def naive(history: np.ndarray, season: int, horizon: int) -> np.ndarray:
    """As it was last."""
    return np.full(horizon, history[-1] if len(history) else 0.0)


def seasonal_naive(history: np.ndarray, season: int, horizon: int) -> np.ndarray:
    """As it was a week ago."""
    if len(history) < season:
        return naive(history, season, horizon)
    return np.resize(history[-season:], horizon)


def seasonal_level(smoothing: float) -> Callable[[np.ndarray, int, int], np.ndarray]:
    """A smoothed level plus what the hour of the week, or the weekday, usually differs from it."""

    def predict(history: np.ndarray, season: int, horizon: int) -> np.ndarray:
        index = seasonal_index(history, season)
        whole = history[len(history) % season :]
        level = smoothed(whole - np.resize(index, len(whole)), smoothing)
        return np.maximum(level + np.resize(index, horizon), 0.0)

    return predict


def seasonal_index(history: np.ndarray, season: int) -> np.ndarray:
    """Median difference of each phase from the mean of its week; of mean 0.  Begins with the
    phase of ``history[-season]``."""
    weeks = min(len(history) // season, SEASONS_OF_INDEX)
    rows = history[len(history) - weeks * season :].reshape(weeks, season)
    index = np.median(rows - rows.mean(axis=1, keepdims=True), axis=0)
    return index - index.mean()


def seasonal_median(history: np.ndarray, season: int, horizon: int) -> np.ndarray:
    """What each phase of the week usually was: right where a rhythm is kept to the hour, and a
    mean would promise a tenth of a unit all night."""
    weeks = min(len(history) // season, WEEKS_OF_MEDIAN)
    rows = history[len(history) - weeks * season :].reshape(weeks, season)
    return np.resize(np.median(rows, axis=0), horizon)


def smoothed(values: np.ndarray, smoothing: float) -> float:
    """Simple exponential smoothing, started at the oldest value: its last level."""
    weights = smoothing * (1 - smoothing) ** np.arange(len(values))
    weights[-1] += 1 - weights.sum()
    return float(weights @ values[::-1])


def croston_sba(history: np.ndarray, season: int, horizon: int, smoothing: float = 0.1):
    """Syntetos–Boylan: size of a demand over the interval between demands, both smoothed, with
    Croston's bias taken off."""
    places = np.flatnonzero(history > 0)
    if not len(places):
        return np.zeros(horizon)
    size = smoothed(history[places], smoothing)
    interval = smoothed(np.diff(places, prepend=-1).astype(np.float64), smoothing)
    return np.full(horizon, (1 - smoothing / 2) * size / interval)


def tsb(history: np.ndarray, season: int, horizon: int, smoothing: float = 0.1) -> np.ndarray:
    """Teunter–Syntetos–Babai: the chance of a demand is smoothed at every step, so that what is
    used no more fades away."""
    sizes = history[history > 0]
    if not len(sizes):
        return np.zeros(horizon)
    chance = smoothed((history > 0).astype(np.float64), smoothing)
    return np.full(horizon, chance * smoothed(sizes, smoothing))


NAIVE = Method("naive", naive)
SEASONAL_NAIVE = Method("seasonal naive", seasonal_naive)
LEVELS = tuple(
    Method(f"seasonal level {smoothing}", seasonal_level(smoothing))
    for smoothing in (0.05, 0.02, 0.2)
)
SEASONAL_MEDIAN = Method("seasonal median", seasonal_median)
INTERMITTENT = (Method("Croston SBA", croston_sba), Method("TSB", tsb))
BY_NAME = {
    method.name: method
    for method in (NAIVE, SEASONAL_NAIVE, *LEVELS, SEASONAL_MEDIAN, *INTERMITTENT)
}
