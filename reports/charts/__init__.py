"""Charts as SVG: numbers in, places on paper out; ``templates/charts`` draws them.

Places are text: a number would be written in the reader's language.  Along the width they are
percent, so that letters keep their size on a phone and at a desk.  Every chart brings the table
that says the same, and names its template: ``{% include chart.template with chart=chart only %}``.
"""

from reports.charts.bars import Bar, Bars, bars
from reports.charts.flow import Flow, FlowChart, flow_chart
from reports.charts.heat import HeatMap, heat_map
from reports.charts.lines import Line, LineChart, Step, line_chart
from reports.charts.lorenz import LorenzCurve, lorenz_curve
from reports.charts.pareto import Cause, ParetoChart, behind_most, pareto_chart
from reports.charts.places import Place, PlaceMap, place_map
from reports.charts.stacked import Part, Stack, StackedBars, stacked_bars
from reports.charts.table import DataTable, TableRow

__all__ = [
    "Bar",
    "Bars",
    "Cause",
    "DataTable",
    "Flow",
    "FlowChart",
    "HeatMap",
    "Line",
    "LineChart",
    "LorenzCurve",
    "ParetoChart",
    "Part",
    "Place",
    "PlaceMap",
    "Stack",
    "StackedBars",
    "Step",
    "TableRow",
    "bars",
    "behind_most",
    "flow_chart",
    "heat_map",
    "line_chart",
    "lorenz_curve",
    "pareto_chart",
    "place_map",
    "stacked_bars",
]
