"""How the methods would have done: forecasts from many moments of the past, compared with what
came.  At each moment a method is chosen and a band drawn from earlier moments only, so that the
result is that of somebody who did not know the future."""

from dataclasses import dataclass

import numpy as np

from reports.forecast.methods import Method, seasonal_naive

FOLDS = 24
LEAST_SEASONS = 3
COVERAGE = 0.8
LEARNING, LEAST_OUTSIDE = 0.1, 0.04  # how fast bands are widened after those that held too little


@dataclass(frozen=True)
class Trial:
    """``ahead[m, f, h]``: what method m said in fold f about step h; ``came[f, h]``: what came."""

    methods: tuple[Method, ...]
    ahead: np.ndarray
    came: np.ndarray
    cumulated: bool

    @property
    def losses(self) -> np.ndarray:
        """Per method and fold.  For what is mostly zero, how wrong the sum is – what a stock
        would be wrong by –, because the smallest error per day is that of forecasting nothing."""
        errors = self.came - self.ahead
        if self.cumulated:
            return np.abs(errors.sum(axis=2))
        return np.abs(errors).mean(axis=2)

    def best(self, folds: int) -> int:
        """The method chosen by the first ``folds`` folds; the first one before any."""
        return int(self.losses[:, :folds].mean(axis=1).argmin()) if folds else 0

    def scaled_errors(self, method: int, folds: int) -> np.ndarray:
        """Errors over the root of what was forecast: counts spread about so."""
        ahead = self.ahead[method, :folds]
        return ((self.came[:folds] - ahead) / spread(ahead)).ravel()

    def band_of(self, method: int, folds: int, ahead: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return band(self.scaled_errors(method, folds), ahead, self._outside(method, folds))

    def _outside(self, method: int, folds: int) -> float:
        """Which part is left outside of the band: less after bands that held too little (adaptive
        conformal, Gibbs and Candès 2021).  Never more than is said: what is idle is promised by
        it."""
        outside = 1 - COVERAGE
        for fold in range(1, folds):
            ahead, came = self.ahead[method, fold], self.came[fold]
            low, high = band(self.scaled_errors(method, fold), ahead, outside)
            missed = float(np.mean((came < low) | (came > high)))
            outside += LEARNING * (1 - COVERAGE - missed)
            outside = float(np.clip(outside, LEAST_OUTSIDE, 1 - COVERAGE))
        return outside


@dataclass(frozen=True)
class Backtest:
    """``mase``: mean absolute error over the mean absolute week-to-week change before it;
    ``naive``: the same of "as a week ago"; ``coverage``: part of what came that lay within the
    band; ``steps``: how many steps were tried."""

    mase: float
    naive: float
    coverage: float
    steps: int

    @property
    def beats_naive(self) -> bool:
        return self.mase < self.naive


def spread(ahead: np.ndarray) -> np.ndarray:
    return np.sqrt(np.maximum(ahead, 0.0) + 1.0)


def tried(
    history: np.ndarray,
    season: int,
    horizon: int,
    methods: tuple[Method, ...],
    cumulated: bool,
    moments: int = FOLDS,
) -> Trial:
    """Folds end where the history ends, one horizon apart, oldest first; none reaches back to
    where fewer than three seasons were known."""
    most = (len(history) - LEAST_SEASONS * season) // horizon
    folds = max(0, min(moments, most))
    origins = [len(history) - horizon * back for back in range(folds, 0, -1)]
    ahead = np.array(
        [
            [method.predict(history[:origin], season, horizon) for origin in origins]
            for method in methods
        ]
    ).reshape(len(methods), folds, horizon)
    came = np.array([history[origin : origin + horizon] for origin in origins])
    return Trial(methods, ahead, came.reshape(folds, horizon), cumulated)


def ends(errors: np.ndarray, outside: float = 1 - COVERAGE) -> tuple[float, float]:
    """Conformal: the quantiles of earlier errors, a little wider where these are few."""
    widened = min(1.0, (1 - outside / 2) * (len(errors) + 1) / len(errors))
    low = np.quantile(errors, 1 - widened, method="lower")
    return float(low), float(np.quantile(errors, widened, method="higher"))


def band(
    errors: np.ndarray, ahead: np.ndarray, outside: float = 1 - COVERAGE
) -> tuple[np.ndarray, np.ndarray]:
    """Of what is ahead, from earlier scaled errors."""
    low, high = ends(errors, outside)
    wide = spread(ahead)
    return np.maximum(ahead + low * wide, 0.0), np.maximum(ahead + high * wide, 0.0)


def backtest(trial: Trial, history: np.ndarray, season: int) -> Backtest | None:
    """Over the later half of the folds; None where there are not two."""
    folds, horizon = trial.came.shape
    first = folds // 2
    if not first:
        return None
    errors, naive_errors, inside = [], [], []
    for fold in range(first, folds):
        origin = len(history) - horizon * (folds - fold)
        chosen = trial.best(fold)
        ahead, came = trial.ahead[chosen, fold], trial.came[fold]
        low, high = trial.band_of(chosen, fold, ahead)
        errors.append(np.abs(came - ahead))
        naive_errors.append(np.abs(came - seasonal_naive(history[:origin], season, horizon)))
        inside.append((low <= came) & (came <= high))
    known = history[: len(history) - horizon * (folds - first)]
    usual = float(np.abs(known[season:] - known[:-season]).mean()) or np.nan
    return Backtest(
        mase=float(np.mean(errors)) / usual,
        naive=float(np.mean(naive_errors)) / usual,
        coverage=float(np.mean(inside)),
        steps=int(np.size(errors)),
    )
