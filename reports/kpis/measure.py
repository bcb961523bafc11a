"""A figure and what it is made of."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

Number = int | float | Decimal


class Unit(StrEnum):
    """SHARE is a fraction: 0.642 is shown as 64.2 %; MONEY in the unit that came in."""

    SHARE = "share"
    HOURS = "hours"
    COUNT = "count"
    MONEY = "money"
    INDEX = "index"
    KG = "kg"
    EACH = "each"  # so many per one, as looks per grant


@dataclass(frozen=True, slots=True)
class Measure:
    """``value`` is None ("n/a") where there is nothing to divide by."""

    value: Number | None
    numerator: Number | None
    denominator: Number | None
    unit: Unit

    @property
    def known(self) -> bool:
        return self.value is not None


def ratio(numerator: Number, denominator: Number, unit: Unit = Unit.SHARE) -> Measure:
    """n/a without a denominator, never 0."""
    value = float(numerator) / float(denominator) if denominator > 0 else None
    return Measure(value, numerator, denominator, unit)


def amount(value: Number, unit: Unit) -> Measure:
    """A sum: it has no denominator, and the sum of nothing is 0."""
    return Measure(value, value, None, unit)
