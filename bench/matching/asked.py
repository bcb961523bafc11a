"""What the needs of all kinds have in common: who asks, how urgently, and since when."""

from dataclasses import dataclass

import numpy as np

from bench.matching.places import Places
from scheduling.matching.problem import DAY, Urgency

MIX = (0.08, 0.27, 0.65)
SURGE_MIX = (0.18, 0.42, 0.40)


@dataclass(frozen=True)
class Asked:
    """Arrays with one entry per need."""

    institution: np.ndarray
    urgency: tuple[Urgency, ...]
    posted_at: np.ndarray


def asked(around: Places, needs: int, random: np.random.Generator) -> Asked:
    institution = random.choice(len(around.institutions), needs, p=around.demand)
    bounds = np.cumsum(np.where(around.surge[institution, None], SURGE_MIX, MIX), axis=1)
    urgency = (random.random((needs, 1)) > bounds).sum(axis=1).clip(0, 2) + 1
    posted = -random.integers(0, 3 * DAY, needs)
    return Asked(institution, tuple(Urgency(int(value)) for value in urgency), posted)
