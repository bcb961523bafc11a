"""Hours and rest of one person over all employers (domain.md 4.4): a leaf without the ORM."""

from resources.kinds.staff.working_time.check import assess, needed, reference_period
from resources.kinds.staff.working_time.facts import (
    Assessment,
    Breach,
    Duty,
    Level,
    Limits,
    Measure,
    limits_of,
)

__all__ = [
    "Assessment",
    "Breach",
    "Duty",
    "Level",
    "Limits",
    "Measure",
    "assess",
    "limits_of",
    "needed",
    "reference_period",
]
