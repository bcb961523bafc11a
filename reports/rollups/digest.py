"""How long people waited, as a histogram that adds up: days, kinds and institutions together.

Buckets grow by a fixed factor, so a median read from them is off by 2.2 % or half a minute,
whatever the wait: one minute to the longest wait are some 270 of them.
"""

from collections.abc import Mapping
from math import ceil, log2

PER_DOUBLING = 16
MINUTE = 60


def bucket(seconds: float) -> int:
    return round(PER_DOUBLING * log2(max(seconds, 0) / MINUTE + 1))


def middle(number: int) -> float:
    """Seconds that stand for a bucket."""
    return (2 ** (number / PER_DOUBLING) - 1) * MINUTE


def quantile(counts: Mapping[int, int], share: float) -> float | None:
    """Seconds that this share does not exceed, by nearest rank; None of nothing."""
    rank = ceil(sum(counts.values()) * share)
    for number in sorted(counts):
        rank -= counts[number]
        if rank <= 0 and counts[number]:
            return middle(number)
    return None


def median(counts: Mapping[int, int]) -> float | None:
    """Between the two in the middle where their number is even."""
    total = sum(counts.values())
    if not total:
        return None
    lower, upper = (_at(counts, place) for place in ((total - 1) // 2, total // 2))
    return (lower + upper) / 2


def _at(counts: Mapping[int, int], place: int) -> float:
    for number in sorted(counts):
        place -= counts[number]
        if place < 0:
            return middle(number)
    raise IndexError(place)
