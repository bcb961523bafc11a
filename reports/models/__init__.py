"""What reports keep: facts of use and demand, numbers of days, statements, disputes, forecasts."""

from .demand import DemandFact
from .dispute import LineDispute
from .forecast import Forecast, ForecastNight
from .rollup import CountedDays, DailyRollup, DayMark
from .statement import Statement, StatementLine
from .usage import UsageFact

__all__ = [
    "CountedDays",
    "DailyRollup",
    "DayMark",
    "DemandFact",
    "Forecast",
    "ForecastNight",
    "LineDispute",
    "Statement",
    "StatementLine",
    "UsageFact",
]
