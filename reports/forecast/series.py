"""A history that repeats itself: by the day or by the hour, week after week."""

from dataclasses import dataclass
from datetime import date
from enum import Enum

import numpy as np


class Step(Enum):
    """How long one step is; ``season``: steps of a week; ``horizon``: steps ahead that a forecast
    looks unless told otherwise."""

    DAY = ("day", 7, 14)
    HOUR = ("hour", 168, 168)

    def __init__(self, word: str, season: int, horizon: int):
        self.word, self.season, self.horizon = word, season, horizon


@dataclass(frozen=True)
class Series:
    """``values``: one per step without gaps, NaN where nobody counted; never negative.  ``first``:
    the day of the first; ``holidays``: days, past or to come, that are unlike their weekday."""

    values: np.ndarray
    step: Step
    first: date | None = None
    holidays: frozenset[date] = frozenset()

    @property
    def counted(self) -> np.ndarray:
        """Every step with a number: what is missing is taken from a week before, else it is the
        median."""
        values, season = np.array(self.values, dtype=np.float64), self.step.season
        known = values[~np.isnan(values)]
        middle = float(np.median(known)) if len(known) else 0.0
        for place in np.flatnonzero(np.isnan(values)).tolist():
            values[place] = values[place - season] if place >= season else middle
        return values
