"""Statements with what each side is owed, in one statement of SQL however many they are."""

from dataclasses import dataclass

from django.db.models import BigIntegerField, Count, OuterRef, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from medshare_portal.money import money_words
from reports.models import LineDispute, Statement, StatementLine

NUMBER = BigIntegerField()


def _owed_to(side: str):
    lines = StatementLine.objects.of(OuterRef("pk")).filter(creditor=OuterRef(side))
    total = lines.order_by().values("statement").annotate(n=Sum("amount")).values("n")
    return Coalesce(Subquery(total, output_field=NUMBER), Value(0, output_field=NUMBER))


def with_balances(rows):
    """``owed_first`` and ``owed_second``: what each side is owed; ``open_disputes``: how many."""
    disputes = LineDispute.objects.of(OuterRef("pk")).unsettled().order_by()
    counted = disputes.values("line__statement").annotate(n=Count("pk")).values("n")
    return rows.select_related("first", "second").annotate(
        owed_first=_owed_to("first"),
        owed_second=_owed_to("second"),
        open_disputes=Coalesce(Subquery(counted, output_field=NUMBER), Value(0)),
    )


@dataclass(frozen=True)
class Netting:
    """A statement from where one side stands: what it is owed, what it owes, what is left."""

    owed_to_us: int
    owed_by_us: int
    currency: str

    @property
    def net(self) -> int:
        """Positive: we are paid so much; negative: we pay it."""
        return self.owed_to_us - self.owed_by_us

    @property
    def to_us_words(self) -> str:
        return money_words(self.owed_to_us, self.currency)

    @property
    def by_us_words(self) -> str:
        return money_words(self.owed_by_us, self.currency)

    @property
    def net_words(self) -> str:
        """How much changes hands, whoever pays."""
        return money_words(abs(self.net), self.currency)


def netting(statement: Statement, institution) -> Netting:
    """Of a row of ``with_balances``."""
    first, second = statement.owed_first, statement.owed_second
    if institution.pk == statement.second_id:
        first, second = second, first
    return Netting(first, second, statement.currency)
