"""The facts of use as the lines of a file: the rows behind the figures, no person in them."""

from collections.abc import Iterator

from django.db.models import QuerySet

from medshare_portal.db.streams import streamed
from medshare_portal.money import decimal_of
from medshare_portal.spreadsheets import neutral

# Column of the file → field.
COLUMNS = {
    "reference": "reference",
    "kind": "kind",
    "outcome": "outcome",
    "reason": "reason_code",
    "ended_at": "ended_at",
    "owner_en": "owner_en",
    "owner_zh": "owner_zh",
    "owner_level": "owner_level",
    "borrower_en": "borrower_en",
    "borrower_zh": "borrower_zh",
    "borrower_level": "borrower_level",
    "resource_en": "resource_en",
    "resource_zh": "resource_zh",
    "category_code": "category_code",
    "category_en": "category_en",
    "category_zh": "category_zh",
    "urgency": "priority",
    "mode": "mode",
    "decided_by_rule": "automatic",
    "in_crisis": "in_crisis",
    "submitted_at": "submitted_at",
    "decided_at": "decided_at",
    "agreed_from": "starts_at",
    "agreed_until": "ends_at",
    "used_from": "used_from",
    "used_until": "used_until",
    "answer_seconds": "answer_seconds",
    "distance_km": "distance_km",
    "units": "units",
    "asked_quantity": "asked_quantity",
    "accepted": "accepted",
    "rejected": "rejected",
    "lost": "lost",
    "given_close_to_expiry": "rescued",
    "correction": "correction",
    "currency": "currency",
    "charged": "charge_amount",
}
CURRENCY, CHARGED = (list(COLUMNS).index(name) for name in ("currency", "charged"))


def use_rows(rows: QuerySet) -> Iterator[list]:
    """The head, then a line per fact; names in both languages, as they were."""
    yield list(COLUMNS)
    for values in streamed(rows, *COLUMNS.values()):
        if values[CHARGED] is not None:
            values[CHARGED] = decimal_of(values[CHARGED], values[CURRENCY])
        yield [neutral(value) for value in values]
