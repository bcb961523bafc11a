"""Shifts and people: 0/1 packing, solved exactly and by regions where a city is too large."""

from scheduling.matching.formulations.staff.solving import solve

__all__ = ["solve"]
