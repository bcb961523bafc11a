"""The pages of figures of an institution and of the city, as tabs that keep the period."""

from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

LONGEST_ADDRESS = 600
KEPT = ("period", "first", "last", "compare", "kind", "district")
OWN = (
    ("reports:scorecard", _("Scorecard")),
    ("reports:register", _("Equipment")),
    ("reports:expiry", _("Near expiry")),
    ("reports:staff-figures", _("Staff")),
    ("reports:privacy", _("Privacy")),
)
CITY = (
    ("city:figures", _("Overview")),
    ("city:register", _("Equipment")),
    ("city:expiry", _("Near expiry")),
    ("city:staff-figures", _("Staff")),
    ("city:privacy", _("Privacy")),
    ("city:equity", _("Equity")),
)
# What is made of the figures.
OWN_LAST = (
    ("reports:alerts", _("Alerts")),
    ("reports:evaluation", _("Evaluation report")),
    ("reports:saved-reports", _("Saved reports")),
)
CITY_LAST = (
    ("city:alerts", _("Alerts")),
    ("city:evaluation", _("Evaluation report")),
    ("city:saved-reports", _("Saved reports")),
)


def tabs_of(page, *, keep: bool = True) -> list[dict]:
    """``page`` is a view; the one that is open is marked.  ``keep``: it can be kept."""
    here = page.request.resolver_match
    of_city = here.namespace == "city"
    names = CITY + CITY_LAST if of_city else OWN + OWN_LAST
    args = [] if of_city else [page.request.institution.slug]
    kept = {name: page.request.GET[name] for name in KEPT if page.request.GET.get(name)}
    query = f"?{urlencode(kept)}" if kept else ""
    tabs = [
        {"label": label, "url": reverse(name, args=args) + query, "active": name == here.view_name}
        for name, label in names
    ]
    if not keep:
        return tabs
    new = reverse(f"{here.namespace}:saved-report-new", args=args)
    of = urlencode({"of": page.request.get_full_path()[:LONGEST_ADDRESS]})
    return [*tabs, {"label": _("Keep this report"), "url": f"{new}?{of}", "active": False}]
