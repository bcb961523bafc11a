"""Equity within its price: the fairest plan that hardly serves fewer than could be served.

That limit is no arc of a network, so a need served gets a rate in equity, which is raised while the
fairest plan serves too few and lowered while it serves more than it must.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import exp, log

import numpy as np

from scheduling.matching.formulations.medicine.equity import Fairness, fairest
from scheduling.matching.formulations.medicine.flow import Network
from scheduling.matching.formulations.medicine.network import Layout

GUESS = 0.35  # rate × needs ÷ institutions at which cities of any size are near their limit
TRIES, STEP = 8, 1.5
CLOSE = 1e-3  # of the needs served: nearer to the limit is at it
LEAST = 1e-3  # of the guess: a lower rate is none


def within_price(
    network: Network,
    layout: Layout,
    fairness: Fairness,
    start: np.ndarray,
    least: float,
    going: Callable[[], bool],
) -> tuple[np.ndarray, Fairness]:
    """The best flow found that serves ``least``, as ``start`` does, and the fairness, with the
    rate, that it is the best of."""
    rates = _Rates(fairness, least)
    best, found, flow = start, replace(fairness, rate=rates.now), start
    for _ in range(TRIES):
        if not going():
            break
        mixed = replace(fairness, rate=rates.now)
        flow = fairest(network, layout, mixed, flow, going)
        packs, kept = flow[layout.filled], best[layout.filled]
        served = mixed.needs_served(packs)
        if served >= least - 1e-9 and fairness.value(packs) >= fairness.value(kept):
            best, found = flow, mixed
        if not rates.tried(served):
            break
        flow = best
    return best, found


@dataclass
class _Rates:
    """``now``: the rate to try; ``low``, ``high``: (rate, served) on both sides of the limit."""

    fairness: Fairness
    least: float

    def __post_init__(self):
        self.own = self.fairness.rate
        guess = GUESS * max(1, self.fairness.institutions) / max(1, len(self.fairness.home))
        self.now, self.lowest = max(self.own, guess), guess * LEAST
        self.low = self.high = None
        self.step = STEP

    def tried(self, served: float) -> bool:
        """Whether another rate is worth a try; it is ``now``."""
        enough = served >= self.least - 1e-9
        if enough and (self.now == self.own or served - self.least <= CLOSE * self.least):
            return False
        if enough:
            self.high = self.now, served
        else:
            self.low = self.now, served
        self.now = self._next()
        return True

    def _next(self) -> float:
        if self.low and self.high:
            return self._inside()
        self.step, step = self.step**2, self.step
        if self.low:
            return self.low[0] * step
        lower = self.high[0] / step
        return lower if lower > max(self.lowest, self.own) else self.own

    def _inside(self) -> float:
        """Where a line between both, a little to the safe side, meets the limit."""
        (low, few), (high, many) = self.low, self.high
        if not low:
            return high / 2
        aim = self.least * (1 + CLOSE / 2)
        part = min(0.9, max(0.1, (aim - few) / max(many - few, 1e-9)))
        return exp(log(low) + part * (log(high) - log(low)))
