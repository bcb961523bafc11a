"""The lines of a statement as its page, its print and its file show them."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import F

from medshare_portal.money import decimal_of, money_words
from reports.models import LineDispute, Statement, StatementLine
from reports.settlement.states import DisputeState, LineSort
from scheduling.costs import Unit


@dataclass(frozen=True)
class LineRow:
    """``dispute``: the last one about it, or the one that an adjustment comes from."""

    line: StatementLine
    currency: str
    dispute: LineDispute | None

    @property
    def is_share(self) -> bool:
        return self.line.sort == LineSort.SHARE

    @property
    def disputed(self) -> bool:
        """Whether an answer is still waited for."""
        return self.dispute is not None and self.dispute.state in DisputeState.UNSETTLED

    @property
    def quantity(self) -> str:
        """With its unit."""
        digits = f"{self.line.quantity:,.2f}".removesuffix(".00")
        return Unit(self.line.unit).counted(self.line.quantity, digits)

    @property
    def price(self) -> str:
        return f"{self.line.price:,.2f}"

    @property
    def amount(self) -> str:
        return money_words(self.line.amount, self.currency)

    @property
    def change(self) -> tuple[str, str] | None:
        """(before, after) of a line that is or was disputed."""
        if self.dispute is None:
            return None
        row = self.dispute
        return (
            money_words(row.before_amount, self.currency),
            money_words(row.after_amount, self.currency),
        )


def rows_of(statement: Statement) -> list[LineRow]:
    """Two queries, whatever the number of lines: shares by when they ended, then adjustments."""
    lines = (
        StatementLine.objects.of(statement)
        .select_related("creditor", "debtor", "dispute")
        .order_by(F("sort").desc(), "ends_at", "pk")
    )
    disputes = defaultdict(list)
    for row in LineDispute.objects.of(statement).order_by("raised_at", "pk"):
        disputes[row.line_id].append(row)
    return [
        LineRow(line, statement.currency, line.dispute or (disputes[line.pk] or [None])[-1])
        for line in lines
    ]


def lines_about(sharing_request, institution) -> list[StatementLine]:
    """A share's line and its adjustments, on statements that this side sees."""
    lines = StatementLine.objects.concerning(institution).filter(sharing_request=sharing_request)
    return list(lines.select_related("statement").order_by("made_at", "pk"))


HEAD = (
    "month", "currency", "sort", "reference", "kind", "what_en", "what_zh", "from", "until",
    "paid_en", "paid_zh", "pays_en", "pays_zh", "quantity", "unit", "price", "amount",
    "dispute", "amount_before", "amount_after", "dispute_reason",
)  # fmt: skip


def file_rows(statement: Statement):
    """The head, then each line; numbers stay exact numbers."""
    yield list(HEAD)
    for row in rows_of(statement):
        line, dispute = row.line, row.dispute
        yield [
            f"{statement.month:%Y-%m}", statement.currency, line.sort, line.reference, line.kind,
            line.what_en, line.what_zh, line.starts_at, line.ends_at,
            line.creditor.name_en, line.creditor.name_zh, line.debtor.name_en, line.debtor.name_zh,
            line.quantity, line.unit, line.price, decimal_of(line.amount, statement.currency),
            *_of_dispute(dispute, statement.currency),
        ]  # fmt: skip


def _of_dispute(dispute: LineDispute | None, currency: str) -> list:
    if dispute is None:
        return ["", "", "", ""]
    return [
        dispute.state,
        decimal_of(dispute.before_amount, currency),
        decimal_of(dispute.after_amount, currency),
        dispute.reason,
    ]
