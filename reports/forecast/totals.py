"""How much in all until each of the coming days: what a stock is spent by.

The bands of single days say nothing of their sum: the chances of days even out, while a level that
is wrong is wrong every day.  So the errors of sums are looked at themselves, from many moments of
the past.
"""

from dataclasses import dataclass

import numpy as np

from reports.forecast.methods import Method
from reports.forecast.trial import ends, spread

EVERY = 7  # days from one moment of the past to the next; their sums overlap
MOMENTS = 52
LEAST_TRIED = 8
LEAST_KNOWN = 28  # days before the first moment


@dataclass(frozen=True)
class Totals:
    """``expected``, ``low``, ``high``: from the first day ahead until each day, never falling; the
    band holds 80 %, so ``high`` is the 90 % quantile.  Without a band both are None."""

    expected: np.ndarray
    low: np.ndarray | None
    high: np.ndarray | None


def totals(history: np.ndarray, season: int, horizon: int, method: Method) -> Totals:
    """Beyond the days of which enough sums were tried, the error is taken to grow with the days:
    more than it does where only chance is at work, as much as where the level is wrong."""
    expected = np.cumsum(method.predict(history, season, horizon))
    origins = [
        len(history) - EVERY * back
        for back in range(MOMENTS, 0, -1)
        if len(history) - EVERY * back >= LEAST_KNOWN
    ]
    below, above = _errors(history, season, horizon, method, origins)
    if not len(above):
        return Totals(expected, None, None)
    tried = len(above)
    wide = spread(expected)
    grown = np.arange(tried + 1, horizon + 1) / tried
    below = np.concatenate([below * wide[:tried], below[-1] * wide[tried - 1] * grown])
    above = np.concatenate([above * wide[:tried], above[-1] * wide[tried - 1] * grown])
    low = np.maximum.accumulate(np.maximum(expected + below, 0.0))
    high = np.maximum.accumulate(np.maximum(expected + above, 0.0))
    return Totals(expected, np.minimum(low, expected), np.maximum(high, expected))


def _errors(history, season: int, horizon: int, method: Method, origins: list[int]):
    """The ends of the band of scaled errors, for each day of which enough sums are known."""
    scaled: list[np.ndarray] = []
    for origin in origins:
        came = np.cumsum(history[origin : origin + horizon])
        ahead = np.cumsum(method.predict(history[:origin], season, len(came)))
        scaled.append((came - ahead) / spread(ahead))
    found = []
    for day in range(horizon):
        known = np.array([errors[day] for errors in scaled if len(errors) > day])
        if len(known) < LEAST_TRIED:
            break
        found.append(ends(known))
    return tuple(np.array(side) for side in zip(*found, strict=True)) if found else ((), ())
