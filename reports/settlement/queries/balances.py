"""What is owed, one line per statement or per institution, as a file."""

from collections.abc import Iterator
from datetime import date

from medshare_portal.money import decimal_of
from reports.models import Statement
from reports.settlement.queries.city import balances
from reports.settlement.queries.statements import netting, with_balances

OF_ONE = (
    "month", "currency", "other_en", "other_zh", "owed_to_us", "we_owe", "balance", "state",
    "open_disputes",
)  # fmt: skip
OF_CITY = ("month", "currency", "institution_en", "institution_zh", "is_owed", "owes", "balance")


def of_institution(institution, month: date | None) -> Iterator[list]:
    """The head, then its statements; positive: it is paid.  ``month`` None: all months."""
    yield list(OF_ONE)
    rows = with_balances(Statement.objects.concerning(institution))
    if month is not None:
        rows = rows.filter(month=month)
    for row in rows.order_by("-month", "first", "second", "currency", "pk").iterator():
        found, other = netting(row, institution), row.other(institution)
        sums = (found.owed_to_us, found.owed_by_us, found.net)
        yield [
            f"{row.month:%Y-%m}", row.currency, other.name_en, other.name_zh,
            *(decimal_of(amount, row.currency) for amount in sums), row.state, row.open_disputes,
        ]  # fmt: skip


def of_city(month: date) -> Iterator[list]:
    """The head, then what every institution is owed and owes; all of them together owe nothing."""
    yield list(OF_CITY)
    for row in balances(month):
        name, sums = row.institution, (row.owed, row.owes, row.net)
        yield [
            f"{month:%Y-%m}", row.currency, name.name_en, name.name_zh,
            *(decimal_of(amount, row.currency) for amount in sums),
        ]  # fmt: skip
