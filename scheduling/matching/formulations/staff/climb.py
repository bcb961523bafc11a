"""One tier after the other over the same 0/1 packing, each at the best the tiers above allow.

Of every tier the linear relaxation is solved first.  It is the bound, it is often integral, and
its reduced costs settle columns: one that would cost more than what lies between the bound and
the plan is the same in every plan that is as good.  What is left open goes to branch and bound.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
from scipy import optimize, sparse

from scheduling.matching.tiers import least_kept

WHOLE = 1e-6
WITHIN = 1e-6  # relative: how near to its bound a tier without a step must come


@dataclass(frozen=True)
class Objective:
    """To be made large.  ``step``: its values are multiples of it; 0 when they are not."""

    name: str
    gain: np.ndarray
    step: float = 0.0


@dataclass(frozen=True)
class Rung:
    """What a tier came to and what nothing can exceed (None: not known).  ``duals``: of the rows,
    from the relaxation, empty without one."""

    objective: Objective
    value: float
    bound: float | None = None
    duals: np.ndarray = field(default_factory=lambda: np.zeros(0))

    @property
    def proven(self) -> bool:
        if self.bound is None:
            return False
        step = self.objective.step
        within = 0.9 * step if step else 2 * WITHIN * max(1.0, abs(self.bound))
        return self.bound - self.value <= within


class Climb:
    """``rows @ v <= room``, ``0 <= v <= upper``; the first ``whole`` variables are 0 or 1.
    ``best``: the plan so far, feasible from the start.  ``seconds_left`` is asked before each
    step and limits it; ``nodes`` limits branch and bound without a clock."""

    def __init__(self, rows, room, upper, *, whole: int, best, seconds_left, nodes: int):
        self.rows, self.room = rows, room
        self.lower, self.upper = np.zeros(len(upper)), upper.copy()
        self.whole, self.best = whole, best
        self.seconds_left: Callable[[], float] = seconds_left
        self.nodes = nodes

    def maximise(self, objective: Objective) -> Rung:
        """Better ``best``, and from now on never let go of what it reached."""
        gain = objective.gain
        relaxed = self._relaxation(gain)
        if relaxed is None:
            rung = Rung(objective, float(gain @ self.best))
        else:
            rung = self._integral(objective, relaxed)
            # Reduced costs count from the relaxation, whatever bound branching has proven since.
            self.lower, self.upper = self._settled(gain, relaxed, -relaxed.fun - rung.value)
        self._floor(gain, rung.value, objective.step)
        return rung

    def relaxed(self, objective: Objective) -> Rung:
        """What the plan has and the linear bound; nothing is sought."""
        found, value = self._relaxation(objective.gain), float(objective.gain @ self.best)
        if found is None:
            return Rung(objective, value)
        return Rung(objective, value, -float(found.fun), -found.ineqlin.marginals)

    def limit(self, objective: Objective) -> None:
        """Seek the most of it; from now on never let go of more than fairness may cost."""
        relaxed = self._relaxation(objective.gain)
        if relaxed is not None:
            self._integral(objective, relaxed)
        self.keep(objective.gain, least_kept(float(objective.gain @ self.best)))

    def keep(self, gain: np.ndarray, least: float) -> None:
        self.rows = sparse.csr_array(sparse.vstack([self.rows, sparse.csr_array(-gain[None, :])]))
        self.room = np.append(self.room, -least)

    def hold(self, rows: sparse.csr_array) -> None:
        """From now on each of ``rows @ v`` is at least what the plan has, instead of what is
        known of their sum."""
        self.rows = sparse.csr_array(sparse.vstack([self.rows[:-1], -rows]))
        self.room = np.concatenate([self.room[:-1], -(rows @ self.best)])

    def _integral(self, objective: Objective, relaxed) -> Rung:
        gain, bound = objective.gain, -float(relaxed.fun)
        self._take(gain, relaxed.x)
        value = float(gain @ self.best)
        rung = Rung(objective, value, max(bound, value), -relaxed.ineqlin.marginals)
        if rung.proven or self.seconds_left() <= 0:
            return rung
        exact = self._branch(objective, relaxed, bound - value)
        if exact.x is not None:
            self._take(gain, exact.x)
        if exact.mip_dual_bound is not None and exact.status in (0, 1):
            bound = min(bound, -float(exact.mip_dual_bound))
        value = float(gain @ self.best)
        return replace(rung, value=value, bound=max(bound, value))

    def _take(self, gain: np.ndarray, found: np.ndarray) -> None:
        """Keep what was found if it is whole, keeps every row, and is better."""
        rounded = found.copy()
        rounded[: self.whole] = np.round(found[: self.whole])
        if np.abs(rounded - found).max(initial=0) > WHOLE * 10:
            return
        if gain @ rounded > gain @ self.best and np.all(self.rows @ rounded <= self.room + 1e-6):
            self.best = rounded

    def _relaxation(self, gain: np.ndarray):
        if self.seconds_left() <= 0:
            return None
        found = optimize.linprog(
            -gain,
            A_ub=self.rows,
            b_ub=self.room,
            bounds=np.stack([self.lower, self.upper], axis=1),
            method="highs",
            options={"time_limit": self.seconds_left()},
        )
        return found if found.status == 0 else None

    def _branch(self, objective: Objective, relaxed, gap: float):
        lower, upper = self._settled(objective.gain, relaxed, gap)
        whole = np.zeros(len(upper))
        whole[: self.whole] = 1
        size = max(1.0, abs(relaxed.fun))
        within = 0.9 * objective.step / size if objective.step else WITHIN
        return optimize.milp(
            -objective.gain,
            integrality=whole,
            bounds=optimize.Bounds(lower, upper),
            constraints=optimize.LinearConstraint(self.rows, -np.inf, self.room),
            options={
                "time_limit": max(0.1, self.seconds_left()),
                "mip_rel_gap": within,
                "node_limit": self.nodes,
            },
        )

    def _settled(self, gain: np.ndarray, relaxed, gap: float) -> tuple[np.ndarray, np.ndarray]:
        """Bounds after fixing the 0/1 columns whose reduced cost exceeds the gap."""
        cost = -gain - self.rows.T @ relaxed.ineqlin.marginals
        cost[self.whole :] = 0
        enough = max(0.0, gap) + 1e-6 * max(1.0, np.abs(gain).max(initial=0))
        lower, upper = self.lower.copy(), self.upper.copy()
        upper[(cost > enough) & (relaxed.x < 0.5)] = 0
        lower[(cost < -enough) & (relaxed.x > 0.5)] = 1
        return lower, upper

    def _floor(self, gain: np.ndarray, value: float, step: float) -> None:
        """Of a whole tier nothing may be lost; of another no more than rounding."""
        slack = step / 2 if step else 1e-7 * max(1.0, abs(value))
        self.keep(gain, value - slack)
