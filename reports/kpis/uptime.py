"""Whether equipment runs when it should."""

from collections.abc import Iterable
from dataclasses import dataclass

from reports.kpis.measure import Measure, Unit, ratio

HARD, PARTIAL = 1.0, 0.5


@dataclass(frozen=True, slots=True)
class Outage:
    """Within the covered hours; a partial fault weighs half."""

    hours: float
    weight: float = HARD


def availability(covered_hours: float, outages: Iterable[Outage]) -> Measure:
    down = sum(outage.hours * outage.weight for outage in outages)
    return ratio(max(covered_hours - down, 0), covered_hours)


def mean_time_between_failures(uptime_hours: float, failures: int) -> Measure:
    return ratio(uptime_hours, failures, Unit.HOURS)


def mean_time_to_repair(repair_hours: float, failures: int) -> Measure:
    return ratio(repair_hours, failures, Unit.HOURS)


def maintenance_compliance(done_on_time: int, due: int) -> Measure:
    return ratio(done_on_time, due)
