"""Numbers of days as the counting would leave them."""

from datetime import date

from reports.actions import summing
from reports.actions.counting import stored_rows
from reports.models import CountedDays, DailyRollup

DAY = date(2026, 3, 10)
HOUR = 3600


def numbers(
    institution, *, side="owner", kind="equipment", day=DAY, currency="CNY", category_code="",
    **columns,
):  # fmt: skip
    row = DailyRollup.unscoped.create(
        day=day, institution_key=institution.pk, side=side, kind=kind,
        category_code=category_code or f"{kind}-x", currency=currency, **columns,
    )  # fmt: skip
    summed(institution.pk, day)
    return row


def summed(institution: int, day: date) -> None:
    """As the counting leaves the sums of a day."""
    summing.replace(institution, stored_rows(institution, day, day), day, day)
    summing.replace_city(day, day)


def both(owner, borrower, *, kind="equipment", day=DAY, **columns):
    """What was shared stands on both sides."""
    numbers(owner, kind=kind, day=day, **columns)
    numbers(borrower, side="borrower", kind=kind, day=day, **columns)


def counted(*institutions, last=DAY):
    for institution in institutions:
        CountedDays.unscoped.create(
            institution_key=institution.pk, first_day=date(2026, 1, 1), last_day=last,
            counted_at=f"{last}T20:00:00Z",
        )  # fmt: skip
