"""How long people wait: of submit → decision, decision → hand-over, submit → hand-over."""

from collections.abc import Iterable
from math import ceil
from statistics import median

from reports.kpis.measure import Measure, Unit, ratio


def median_hours(waits: Iterable[float]) -> Measure:
    return _measure(sorted(waits), median)


def slowest_tenth(waits: Iterable[float]) -> Measure:
    """P90 by nearest rank: a wait that really was, and nine in ten were no longer."""
    return _measure(sorted(waits), lambda ordered: ordered[ceil(len(ordered) * 0.9) - 1])


def _measure(ordered: list[float], of) -> Measure:
    value = of(ordered) if ordered else None
    return Measure(value, None, len(ordered), Unit.HOURS)


def answered_in_time(in_time: int, decided: int, never_answered: int = 0) -> Measure:
    """Against the answer time of the urgency; what ran out without an answer counts as missed."""
    return ratio(in_time, decided + never_answered)
