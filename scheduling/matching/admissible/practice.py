"""Practice licences: lent and borrowed is only while they last."""

from collections.abc import Sequence

import numpy as np

from scheduling.matching.candidates import Mask
from scheduling.matching.problem import DAY, Horizon, Institution

ENDLESS = np.iinfo(np.int64).max


def over_on(horizon: Horizon, ends_at: int) -> int:
    """The day on which something is over that ends at a minute; midnight is of the day before."""
    monday = horizon.week_starts_at
    return (ends_at - 1 - monday) // DAY - (-monday) // DAY


def last_days(rows: Sequence[Institution]) -> np.ndarray:
    """Of the licence of each."""
    ends = [ENDLESS if row.licensed_to is None else row.licensed_to for row in rows]
    return np.array(ends, dtype=np.int64)


def of_both(
    borrowers: Sequence[Institution], owners: Sequence[Institution], until: np.ndarray
) -> Mask:
    """``until``: the day on which each need is over, at whatever time it is served."""
    here, there = last_days(borrowers), last_days(owners)
    if min(here.min(initial=ENDLESS), there.min(initial=ENDLESS)) == ENDLESS:
        return lambda needs, offers: np.broadcast_to(True, (len(needs), len(offers)))
    mine = here >= until
    return lambda needs, offers: (
        mine[needs][:, None] & (there[offers][None, :] >= until[needs][:, None])
    )
