"""The home card of what is beyond its limit, each a link to the rows behind it."""

from reports.alert_words import alert_row
from reports.queries.alerts import alerts_of
from scheduling.home_cards import HomeCard, Visit, register


def alerts_here(visit: Visit) -> dict | None:
    rows = [alert_row(alert, visit.institution) for alert in alerts_of(visit.institution)]
    return {"rows": rows} if rows else None


register(
    HomeCard(name="alerts", template="reports/home/alerts.html", context=alerts_here, order=10)
)
