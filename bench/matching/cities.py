"""A generated city: more is needed than there is, some institutions are overrun.

``city(5_000)`` has 5,000 needs of *each* kind at 200 institutions; demand is 1.3 × supply in
hours of devices, shifts that people can take and packs per item.  The same size and seed give the
same problem.
"""

import numpy as np

from bench.matching import devices, lots, places, shifts
from scheduling.matching.problem import Horizon, Kind, Problem

DEMAND = 1.3
INSTITUTIONS = {500: 40, 5_000: 200, 50_000: 1_000}
STARTS_AT = "2026-11-30T00:00:00+08:00"  # a Monday


def city(
    needs: int,
    *,
    seed: int = 1,
    institutions: int | None = None,
    kinds: tuple[Kind, ...] = tuple(Kind),
) -> Problem:
    """``institutions``: as the bars say for their sizes, else one for every 25 needs.  A kind has
    the same needs and offers whichever others are made beside it."""
    count = institutions or INSTITUTIONS.get(needs) or max(4, min(1_000, needs // 25))
    around = places.places(count, devices.OPERATED, np.random.default_rng([seed, 0]))
    parts: dict = {}
    for place, (kind, make) in enumerate(MAKERS.items(), start=1):
        if kind in kinds:
            parts |= make(around, needs, DEMAND, np.random.default_rng([seed, place]))
    return Problem(Horizon(STARTS_AT), around.institutions, **parts)


MAKERS = {
    Kind.EQUIPMENT: devices.devices,
    Kind.MEDICINE: lots.lots,
    Kind.STAFF: shifts.shifts,
}
