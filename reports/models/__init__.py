"""What reports keep: facts of use and demand, numbers of days, statements, disputes, forecasts,
assumptions, alerts."""

from .alert import Alert, AlertCheck, AlertLimits, AlertSort
from .assumption import Assumption
from .demand import DemandFact
from .dispute import LineDispute
from .forecast import Forecast, ForecastNight
from .people import PeopleOfMonth
from .rollup import CountedDays, DailyRollup, DayMark
from .saved import ReportMail, SavedReport
from .statement import Statement, StatementLine
from .sums import RollupSum
from .unmet import UnmetOfDay
from .usage import UsageFact
from .waits import Step, WaitsOfDay

__all__ = [
    "Alert",
    "AlertCheck",
    "AlertLimits",
    "AlertSort",
    "Assumption",
    "CountedDays",
    "DailyRollup",
    "DayMark",
    "DemandFact",
    "Forecast",
    "ForecastNight",
    "LineDispute",
    "PeopleOfMonth",
    "ReportMail",
    "RollupSum",
    "SavedReport",
    "Statement",
    "StatementLine",
    "Step",
    "UnmetOfDay",
    "UsageFact",
    "WaitsOfDay",
]
