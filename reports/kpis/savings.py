"""What sharing saved, with what it cost taken off and what was assumed beside it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from reports.kpis.measure import Measure, Number, Unit, amount


class Instead(StrEnum):
    """What would have been paid without sharing."""

    PURCHASE = "purchase"
    RENTAL = "rental"
    AGENCY = "agency"


@dataclass(frozen=True, slots=True)
class Avoided:
    """``price`` is assumed: per hour, shift or pack, whatever ``quantity`` counts."""

    instead: Instead
    quantity: Number
    price: Number

    @property
    def value(self) -> Number:
        return self.quantity * self.price


@dataclass(frozen=True, slots=True)
class Costs:
    transport: Number = 0
    fees: Number = 0
    admin: Number = 0

    @property
    def total(self) -> Number:
        return self.transport + self.fees + self.admin


@dataclass(frozen=True, slots=True)
class Savings:
    """``measure`` never without ``avoided`` and ``costs`` beside it."""

    measure: Measure
    costs: Costs
    avoided: Mapping[Instead, Number] = field(default_factory=dict)


def net(avoided: Iterable[Avoided], costs: Costs) -> Savings:
    """May be below 0: sharing that cost more than it saved is said so."""
    by_kind: dict[Instead, Number] = {}
    for row in avoided:
        by_kind[row.instead] = by_kind.get(row.instead, 0) + row.value
    saved = sum(by_kind.values()) - costs.total
    return Savings(amount(saved, Unit.MONEY), costs, by_kind)
