"""What a department, a pharmacy or a city will probably need: numpy only, no Django.

``forecast(series, horizon)`` chooses a plain method for each series by how well it would have done
before, draws its band from its own past errors, and brings the back-test along.
"""

from reports.forecast.choice import Forecast, forecast
from reports.forecast.series import Series, Step

__all__ = ["Forecast", "Series", "Step", "forecast"]
