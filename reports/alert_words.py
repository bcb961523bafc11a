"""Alerts and their limits in words, and where the rows behind a figure are."""

from django.urls import reverse
from django.utils.translation import gettext as _

from medshare_portal.local_times import describe_date
from reports.models import Alert, AlertSort
from reports.queries.alerts import DAYS, WITHIN, Limits

PERIOD = f"?period={DAYS}"
# (address, what stands behind it); {pk} is the institution's.
BEHIND = {
    AlertSort.UTILISATION: ("reports:uses", PERIOD),
    AlertSort.OVERDUE: ("scheduling:lending", "?state=overdue"),
    AlertSort.LOTS: ("resources:medicine-at-risk", f"?within={WITHIN}"),
}
BEHIND_IN_CITY = {
    AlertSort.UTILISATION: ("city:uses", f"{PERIOD}&institution={{pk}}"),
    AlertSort.OVERDUE: ("city:bookings", "?late=return&owner={pk}"),
    AlertSort.LOTS: ("city:lots-at-risk", f"?within={WITHIN}&institution={{pk}}"),
}


def alert_row(alert: Alert, institution) -> dict:
    name, more = BEHIND[alert.sort]
    return _row(alert, reverse(name, args=[institution.slug]) + more)


def city_alert_row(alert: Alert) -> dict:
    name, more = BEHIND_IN_CITY[alert.sort]
    return _row(alert, reverse(name) + more.format(pk=alert.institution_id))


def _row(alert: Alert, url: str) -> dict:
    return {
        "name": alert.get_sort_display(),
        "figure": figure_words(alert.sort, alert.figure),
        "limit": limit_words(alert.sort, alert.limit),
        "since": describe_date(alert.since),
        "url": url,
    }


def figure_words(sort: str, figure) -> str:
    words = f"{figure.normalize():f}"
    return f"{words} %" if sort == AlertSort.UTILISATION else words


def limit_words(sort: str, limit: int | None) -> str:
    if limit is None:
        return _("no warning")
    below = sort == AlertSort.UTILISATION
    words = _("below %(limit)s %%") if below else _("%(limit)s or more")
    return words % {"limit": limit}


def limit_lines(limits: Limits) -> list[tuple[str, str]]:
    """(what, from when on) of each limit."""
    names = {
        AlertSort.UTILISATION: _("Scheduled utilisation"),
        AlertSort.OVERDUE: _("Overdue loans"),
        AlertSort.LOTS: _("Lots at risk of expiry"),
    }
    return [(name, limit_words(sort, limits.of(sort))) for sort, name in names.items()]
