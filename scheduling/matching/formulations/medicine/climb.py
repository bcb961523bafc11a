"""From tier to tier: maximise, narrow the network to the optima, go on."""

import numpy as np

from scheduling.matching.formulations.medicine import equity
from scheduling.matching.formulations.medicine.flow import (
    ROUGH,
    Network,
    face,
    in_whole_numbers,
    most_rewarding,
    prices,
)
from scheduling.matching.formulations.medicine.network import Layout, beyond
from scheduling.matching.formulations.medicine.price import within_price
from scheduling.matching.plan import Control, Progress, Status
from scheduling.matching.problem import Kind
from scheduling.matching.tiers import least_kept

PHASES = ("urgent", "served", "equity", "waste", "stability", "travel")
NOTHING = np.zeros(0, dtype=np.int64)
MANY_PAIRS = 1_000_000
FEWER = 6  # of each need and of each lot: saves most of the time
LAST_STEPS = 2
ROUNDING = 1e-6  # of rewards to whole numbers: what is nearer to its bound is proven


class Climb:
    """``flow`` is the best plan so far, ``slack`` per tier how far below its proven bound it may
    be.  Once stopped or out of time, nothing moves it."""

    def __init__(self, net: Network, layout: Layout, fairness: equity.Fairness, control: Control):
        self.net, self.layout, self.fairness, self.control = net, layout, fairness, control
        self.flow = net.lower
        self.status = Status.OPTIMAL
        self.slack: dict[str, float] = {}
        self.proven = True
        self._ends_at = control.now() + control.seconds

    @property
    def ended(self) -> Status:
        gave_up = self.status is Status.OPTIMAL and not self.proven
        return Status.FEASIBLE if gave_up else self.status

    def going(self) -> bool:
        if self.status is Status.OPTIMAL:
            if self.control.should_stop():
                self.status = Status.STOPPED
            elif self.control.now() > self._ends_at:
                self.status = Status.FEASIBLE
        return self.status is Status.OPTIMAL

    def to(self, tier: str, rewards: np.ndarray, idle: np.ndarray = NOTHING) -> np.ndarray:
        """Maximise a linear tier.  ``idle`` arcs cannot help it: they are left as they are while
        it is sought, and proven with the rest.  What a pack is worth at each node, in units of
        ``rewards``."""
        if not self.going():
            return np.zeros(len(self.net.supply))
        whole, scale = in_whole_numbers(rewards, len(self.net.supply))
        self.flow = most_rewarding(self.net.without(idle, self.flow), whole)
        price = prices(self.net, whole, self.flow)
        self.net = face(self.net, whole, self.flow, price)
        self.slack[tier] = 0.0
        self._report(tier)
        return (price - price[-1]) / scale

    def to_fairest(self, start: np.ndarray) -> None:
        """The equity tier, within its price, from the plan that is best by ``start``; then each
        need keeps its packs, so that what follows only chooses lots.  (Given the first tier, the
        fills of all institutions determine how many needs are served: there is no tier of its own
        for it.)"""
        if self.going():
            whole, _ = in_whole_numbers(start, len(self.net.supply), ROUGH)
            self.flow = most_rewarding(self.net, whole)
            self._report("served")
        if self.going():
            net = self._thinned()
            own = self.fairness.rate
            least = least_kept(self.fairness.needs_served(self.flow[self.layout.filled]))
            self.flow, self.fairness = within_price(
                net, self.layout, self.fairness, self.flow, least, self.going
            )
            if net is not self.net:
                self._among_all_pairs(least)
            if self.going():
                self._bound_equity(own, least)
                self._report("equity")
        packs = self.flow[self.layout.filled]
        self.net = self.net.between(self.layout.filled, packs, packs)

    def _thinned(self) -> Network:
        """Where pairs are millions equity is sought among fewer; its bound is that of all."""
        if self.layout.pairs.stop <= MANY_PAIRS:
            return self.net
        return self.net.without(beyond(self.layout, self.flow, FEWER), self.flow)

    def _among_all_pairs(self, least: float) -> None:
        """A few steps more, without what was left out."""
        found = equity.fairest(
            self.net, self.layout, self.fairness, self.flow, self.going, LAST_STEPS
        )
        if self.fairness.needs_served(found[self.layout.filled]) >= least - ROUNDING:
            self.flow = found

    def _bound_equity(self, own: float, least: float) -> None:
        """No plan within the price is better by more than the tangent and what is served beyond
        ``least`` come to.  Of equity and service weighed against each other (``own`` rate) there
        is no bound that is a tier's."""
        packs = self.flow[self.layout.filled]
        slack = equity.slack(self.net, self.layout, self.fairness, self.flow)
        slack += self.fairness.rate * max(0.0, self.fairness.needs_served(packs) - least)
        if not own:
            self.slack["equity"] = slack
        if slack > ROUNDING * abs(self.fairness.value_at(own, packs)):
            self.proven = False

    def _report(self, tier: str) -> None:
        served = int(np.count_nonzero(self.flow[self.layout.filled]))
        done = (PHASES.index(tier) + 1) / len(PHASES)
        self.control.report(Progress(Kind.MEDICINE, tier, done, served))
