"""A search that finds something, and the form filled for it."""

from datetime import UTC, datetime
from urllib.parse import urlencode

from django.urls import reverse

NOW = datetime(2026, 11, 24, 4, tzinfo=UTC)
START, END = datetime(2026, 11, 25, 0, tzinfo=UTC), datetime(2026, 11, 27, 12, tzinfo=UTC)
SEARCH = {
    "what": "Ventilator",
    "units": "1",
    "starts_at": "2026-11-25T08:00",
    "ends_at": "2026-11-27T20:00",
}


def address(**changes):
    return reverse("scheduling:find", args=["renhe"]) + "?" + urlencode(SEARCH | changes)


def filled(borrower, **changes):
    return {
        "do": "send",
        "idempotency_key": "0123456789abcdef",
        "starts_at": SEARCH["starts_at"],
        "ends_at": SEARCH["ends_at"],
        "units": "1",
        "priority": "urgent",
        "mode": "loan",
        "purpose": "Own unit failed",
        "delivery_site": borrower.sites.get().pk,
        "delivery_place": "ICU 3",
        "transport": "city_van",
        "agreement_accepted": "on",
    } | changes
