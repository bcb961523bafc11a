"""What every institution is owed and owes in a month: the city's view."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Max, Sum

from medshare_portal.models import Institution
from medshare_portal.money import money_words
from reports.models import Statement, StatementLine


@dataclass
class Balance:
    """One institution in one currency."""

    institution: Institution
    currency: str
    owed: int = 0
    owes: int = 0

    @property
    def net(self) -> int:
        return self.owed - self.owes

    @property
    def words(self) -> tuple[str, str, str]:
        return tuple(money_words(n, self.currency) for n in (self.owed, self.owes, self.net))


def latest_month() -> date | None:
    """The last month that has statements."""
    return Statement.objects.in_city_view().aggregate(last=Max("month"))["last"]


def balances(month: date) -> list[Balance]:
    """By currency, whoever is owed most first.  Three queries."""
    found: dict[tuple[int, str], list[int]] = defaultdict(lambda: [0, 0])
    for place, side in enumerate(("creditor", "debtor")):
        for row in _sums(month, side):
            found[row[side], row["statement__currency"]][place] = row["n"]
    keys = {key for key, _currency in found}
    names = Institution.objects.directory().in_bulk(keys)
    rows = [
        Balance(names[key], currency, owed, owes)
        for (key, currency), (owed, owes) in found.items()
        if key in names
    ]
    return sorted(rows, key=lambda row: (row.currency, -row.net, row.institution.pk))


def _sums(month: date, side: str):
    lines = StatementLine.objects.in_city_view().filter(statement__month=month)
    return lines.order_by().values(side, "statement__currency").annotate(n=Sum("amount"))
