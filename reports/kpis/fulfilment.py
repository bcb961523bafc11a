"""Whether those who ask get what they need, and why not."""

from collections.abc import Mapping
from dataclasses import dataclass

from reports.kpis.measure import Measure, ratio


def rate(
    fulfilled: int, submitted: int, withdrawn_before_decision: int, open_within_time: int
) -> Measure:
    """Of what was due: neither withdrawn before the decision nor open within its answer time."""
    return ratio(fulfilled, submitted - withdrawn_before_decision - open_within_time)


def line_fill(met_in_full: int, lines: int) -> Measure:
    return ratio(met_in_full, lines)


def quantity_fill(accepted: float, requested: float) -> Measure:
    return ratio(accepted, requested)


@dataclass(frozen=True, slots=True)
class Reason:
    """``share`` of all that stayed unmet; ``cumulative`` with those before it."""

    code: str
    count: int
    share: float
    cumulative: float


def pareto(counts: Mapping[str, int]) -> list[Reason]:
    """The most frequent reason first; equal ones by their code."""
    total = sum(counts.values())
    found, so_far = [], 0
    for code, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        if count > 0:
            so_far += count
            found.append(Reason(code, count, count / total, so_far / total))
    return found
