"""What the matcher must reach, as data: which run, which figure, which limit."""

from collections.abc import Callable
from dataclasses import dataclass

from bench.matching.cities import INSTITUTIONS
from scheduling.matching.problem import Kind

Found = dict  # what ``measure`` prints, under (size, kind, seed)


@dataclass(frozen=True)
class Bar:
    """``figure`` of one run, at most ``limit`` (at least, where ``least``); over several seeds the
    worst counts, or the mean where ``mean``."""

    size: int
    kind: Kind
    name: str
    figure: Callable[[Found], float | None]
    limit: float
    unit: str = ""
    least: bool = False
    mean: bool = False

    def met(self, value: float) -> bool:
        return value >= self.limit if self.least else value <= self.limit


def _gap(*tiers: str):
    """The worst of the tiers' gaps; None where one has no bound."""

    def figure(found: Found) -> float | None:
        gaps = [found["gaps"].get(tier) for tier in tiers if tier in found["gaps"]]
        return None if None in gaps else 100 * max(gaps)

    return figure


def _gain(field: str, baseline: str):
    def figure(found: Found) -> float:
        there = found["standing"][baseline][field]
        return 100 * (found["standing"]["plan"][field] / there - 1) if there else 0.0

    return figure


def _drop(field: str, baseline: str):
    gain = _gain(field, baseline)
    return lambda found: -gain(found)


def _of(name: str, times: float = 1):
    return lambda found: None if found.get(name) is None else times * found[name]


def _of_baselines(found: Found) -> int:
    """Rules that the worse of both breaks."""
    return max(row["broken"] for name, row in found["standing"].items() if name != "plan")


E_, M_, S_ = Kind.EQUIPMENT, Kind.MEDICINE, Kind.STAFF

URGENT = {E_: 8, M_: 5, S_: 8}


def _better(kind: Kind, name: str, figure: Callable, limit: float) -> Bar:
    """At least so many percent, in the mean of the seeds."""
    return Bar(5_000, kind, name, figure, limit, "%", least=True, mean=True)


SMALL = [
    bar
    for kind in Kind
    for bar in (
        Bar(500, kind, "tier 1 from its bound", _gap("urgent"), 1e-6, "%"),
        Bar(500, kind, "time", _of("seconds"), 5, "s"),
    )
]
MIDDLE = [
    Bar(5_000, M_, "from the lexicographic LP", _gap("urgent", "equity"), 0.1, "%"),
    Bar(5_000, M_, "time", _of("seconds"), 3, "s"),
    Bar(5_000, S_, "tier 1 from its bound", _gap("urgent"), 1e-6, "%"),
    Bar(5_000, S_, "equity from its bound", _gap("equity"), 1e-6, "%"),
    Bar(5_000, S_, "time", _of("seconds"), 60, "s"),
    Bar(5_000, E_, "tier 1 from the column LP", _gap("urgent"), 1, "%"),
    Bar(5_000, E_, "time", _of("seconds"), 45, "s"),
]
GAINS = [
    bar
    for kind in Kind
    for bar in (
        _better(kind, "weighted, over first come", _gain("weighted", "first_come"), 35),
        _better(kind, "urgent, over urgency first", _gain("urgent", "urgency_first"), URGENT[kind]),
        _better(kind, "served, over urgency first", _gain("served", "urgency_first"), 8),
        _better(kind, "more alike (Gini), than urgency first", _drop("gini", "urgency_first"), 20),
        Bar(5_000, kind, "fewer served for fairness", _of("fairness_served", 100), 1, "%"),
        Bar(5_000, kind, "urgent lost to fairness", _of("fairness_urgent", 100), 1e-6, "%"),
        _better(kind, "kept after a 3 % shock", _of("replan_kept", 100), 93),
        Bar(5_000, kind, "weight lost by keeping", _of("replan_lost", 100), 2, "%"),
        Bar(5_000, kind, "one changed need", _of("one_change_seconds"), 2, "s"),
        Bar(5_000, kind, "a reason, p99 of CPU", _of("reason_ms_p99"), 15, "ms"),
    )
]
WASTE = [_better(M_, "waste avoided, over urgency first", _gain("waste", "urgency_first"), 12)]
LARGE = [
    Bar(50_000, M_, "from the lexicographic LP", _gap("urgent", "equity"), 0.1, "%"),
    Bar(50_000, M_, "time", _of("seconds"), 60, "s"),
    Bar(50_000, S_, "tier 1 from the LP", _gap("urgent"), 1.5, "%"),
    Bar(50_000, S_, "time", _of("seconds"), 60, "s"),
    Bar(50_000, E_, "tier 1 from the column LP", _gap("urgent"), 3, "%"),
    Bar(50_000, E_, "time", _of("seconds"), 300, "s"),
    *(Bar(50_000, kind, "peak memory", _of("peak_mb"), 1024, "MB") for kind in Kind),
]
RULES = [
    bar
    for size in INSTITUTIONS
    for kind in Kind
    for bar in (
        Bar(size, kind, "broken rules", _of("broken"), 0),
        Bar(size, kind, "broken rules, of a baseline", _of_baselines, 0),
    )
]
SHOCKED = [Bar(5_000, k, "broken rules, after a shock", _of("replan_broken"), 0) for k in Kind]
BARS = [*SMALL, *MIDDLE, *GAINS, *WASTE, *LARGE, *RULES, *SHOCKED]
