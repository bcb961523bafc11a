"""Medicines that were used instead of thrown away."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from reports.kpis.measure import Measure, Number, Unit, amount, ratio


@dataclass(frozen=True, slots=True)
class Transferred:
    """Packs of a lot that a receiver accepted; ``used`` of them are reported used before expiry."""

    accepted: int
    unit_cost: Number
    days_left: int
    used: int = 0


def at_risk(lots: Iterable[Transferred], near_expiry_days: int) -> list[Transferred]:
    return [lot for lot in lots if 0 <= lot.days_left <= near_expiry_days]


def potential(lots: Iterable[Transferred], near_expiry_days: int) -> Measure:
    """Value of accepted packs that were within the near-expiry window."""
    found = at_risk(lots, near_expiry_days)
    value = sum(lot.accepted * lot.unit_cost for lot in found)
    return amount(value, Unit.MONEY)


def potential_packs(lots: Iterable[Transferred], near_expiry_days: int) -> Measure:
    found = at_risk(lots, near_expiry_days)
    return amount(sum(lot.accepted for lot in found), Unit.COUNT)


def confirmed(lots: Iterable[Transferred], near_expiry_days: int) -> Measure:
    """The part of the potential that was used before it expired."""
    found = at_risk(lots, near_expiry_days)
    value = sum(min(lot.used, lot.accepted) * lot.unit_cost for lot in found)
    return amount(value, Unit.MONEY)


def expiry_loss(expired_value: Number, stock_values: Sequence[Number]) -> Measure:
    """÷ the mean of the stock's value at the ends of the months."""
    average = sum(stock_values) / len(stock_values) if stock_values else 0
    return ratio(expired_value, average)
