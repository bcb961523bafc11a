"""What a round proposes, with the proof of how good it is."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from scheduling.matching.problem import Kind, Match

# A note: the clock ended it; a faster machine may come to another plan.
OUT_OF_TIME = "out_of_time"


class Status(StrEnum):
    """How a formulation ended.  ``OPTIMAL``: every tier proven; ``FEASIBLE``: a plan with a bound;
    ``STOPPED``: the best plan so far, because somebody stopped it."""

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Progress:
    """``done`` of 1; ``served``: needs in the best plan so far."""

    kind: Kind
    phase: str
    done: float
    served: int


@dataclass(frozen=True, slots=True)
class Control:
    """How a caller watches and ends a run.  ``seconds`` is the limit of one kind, counted by
    ``now``: the wall clock, or ``time.process_time`` where others use the machine too;
    ``should_stop`` is asked between steps and inside long ones."""

    seed: int = 1
    seconds: float = 60.0
    should_stop: Callable[[], bool] = lambda: False
    report: Callable[[Progress], None] = lambda progress: None
    now: Callable[[], float] = time.monotonic


@dataclass(frozen=True, slots=True)
class Tier:
    """One objective in lexicographic order: its value in the plan and the best bound known.
    ``name``: urgent, equity, served, waste, stability, travel.  More is better everywhere
    (travel is negative kilometres)."""

    name: str
    value: float
    bound: float | None = None

    @property
    def gap(self) -> float | None:
        """Relative distance to the bound, 0 when proven; None without a bound."""
        if self.bound is None:
            return None
        return max(0.0, self.bound - self.value) / max(1.0, abs(self.bound))


@dataclass(frozen=True, slots=True)
class KindPlan:
    """``matches`` include those that were kept.  ``prices``: offer id → shadow price in tier-1
    weight, where the formulation has duals."""

    kind: Kind
    matches: tuple[Match, ...]
    status: Status
    tiers: tuple[Tier, ...]
    seconds: float
    prices: dict[str, float] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether it ended of itself: nobody and no clock cut it short, nothing went wrong."""
        return self.status is not Status.STOPPED and not self.notes


@dataclass(frozen=True, slots=True)
class Plan:
    """``inputs_hash``: SHA-256 of the problem's canonical JSON; ``versions``: of the solver and
    its packages; ``rejections``: kind → rule code → pairs that this rule was first to refuse."""

    kinds: tuple[KindPlan, ...]
    seed: int
    inputs_hash: str
    versions: dict[str, str]
    rejections: dict[str, dict[str, int]] = field(default_factory=dict)

    @property
    def matches(self) -> tuple[Match, ...]:
        return tuple(match for kind in self.kinds for match in kind.matches)
