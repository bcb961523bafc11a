"""What a share stands at: its line, or what was agreed about it since."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from reports.models import LineDispute, StatementLine
from reports.settlement.states import DisputeState


@dataclass(frozen=True)
class Figures:
    quantity: Decimal
    price: Decimal
    amount: int


def figures_of(line: StatementLine, disputes: Iterable[LineDispute]) -> Figures:
    """By the last of the line's disputes that changed it."""
    changing = [row for row in disputes if row.state in DisputeState.ADJUSTS]
    last = max(changing, key=lambda row: (row.raised_at, row.pk), default=None)
    if last is None:
        return Figures(line.quantity, line.price, line.amount)
    return Figures(last.after_quantity, last.after_price, last.after_amount)
