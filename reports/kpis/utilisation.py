"""How much of the time that equipment is there for is used.

The sources disagree about the denominator, so each has a name of its own: the requirement's
scheduled ÷ total is the headline, IRIS PI5743 expects no deduction for faults (gross), Chinese
practice knows rated hours and, for large equipment, time and capacity utilisation.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from reports.kpis.measure import Measure, ratio

DAYS_A_WEEK = 7
DAYS_A_YEAR = 365


@dataclass(frozen=True, slots=True)
class RatedHours:
    """Hours that one device is expected to run."""

    day: float = 6
    week: float = 30
    year: float = 1500

    def of(self, days: float, units: int = 1) -> float:
        """By the year where a year is asked for, by the week from a week on."""
        if days >= DAYS_A_YEAR:
            return self.year * units * days / DAYS_A_YEAR
        if days >= DAYS_A_WEEK:
            return self.week * units * days / DAYS_A_WEEK
        return self.day * units * days


def scheduled(booked_hours: float, offered_hours: float) -> Measure:
    """The headline: booked ÷ total offered hours."""
    return ratio(booked_hours, offered_hours)


def gross(used_hours: float, expected_hours: float) -> Measure:
    """Nothing is taken off for faults."""
    return ratio(used_hours, expected_hours)


def net(
    used_hours: float, available_hours: float, planned_down: float, unplanned_down: float
) -> Measure:
    """Of the hours in which it could run."""
    return ratio(used_hours, available_hours - planned_down - unplanned_down)


def rated(used_hours: float, rated_hours: float) -> Measure:
    return ratio(used_hours, rated_hours)


def by_time(exams: float, hours_per_exam: float, days: float, hours_a_day: float) -> Measure:
    """N·T ÷ (D·H), of large equipment."""
    return ratio(exams * hours_per_exam, days * hours_a_day)


def by_capacity(exams: float, exams_a_day: float, days: float) -> Measure:
    """N ÷ (Q·D), of large equipment."""
    return ratio(exams, exams_a_day * days)


def by_load(loads: Iterable[tuple[float, float]], greatest_load: float) -> Measure:
    """Of (load, hours), as of dialysis chairs: what was run ÷ what the greatest load would be."""
    rows = list(loads)
    run = sum(load * hours for load, hours in rows)
    return ratio(run, greatest_load * sum(hours for _load, hours in rows))
