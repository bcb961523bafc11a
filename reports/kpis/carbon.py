"""An estimate of greenhouse gas avoided; spend factors are useful as an overall estimate only."""

from dataclasses import dataclass

from reports.kpis.measure import Measure, Number, Unit, amount


@dataclass(frozen=True, slots=True)
class Factors:
    """To be edited. ``per_pound``: kg CO2e per £ of medicines (NICE); ``per_kilometre`` of a small
    van; ``pounds``: what one unit of the city's currency is in £."""

    pounds: float
    per_pound: float = 0.1558
    per_kilometre: float = 0.25


def avoided(value: Number, kilometres: float, factors: Factors) -> Measure:
    """Of the value of medicines that were not thrown away, the way they went taken off."""
    made = float(value) * factors.pounds * factors.per_pound
    return amount(made - kilometres * factors.per_kilometre, Unit.KG)
