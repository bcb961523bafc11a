"""What reports keep: statements, their lines and disputes, demand that has ended, forecasts."""

from .demand import DemandFact
from .dispute import LineDispute
from .forecast import Forecast, ForecastNight
from .statement import Statement, StatementLine

__all__ = [
    "DemandFact",
    "Forecast",
    "ForecastNight",
    "LineDispute",
    "Statement",
    "StatementLine",
]
