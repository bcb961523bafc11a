"""An agreed dispute becomes a line: on its own statement, or on a later one when that is closed."""

from datetime import datetime

from django.utils import timezone

from reports.actions import usage
from reports.facts import Correction, Measured
from reports.models import LineDispute, Statement, StatementLine
from reports.settlement.months import following, month_of
from reports.settlement.states import LineSort, StatementState
from scheduling.costs import Unit

REASON = "the next statement of the same two sides"


def adjust(dispute: LineDispute, *, now: datetime) -> StatementLine:
    """Enter the difference; the share's own line stays as it was.  Inside a transaction, with the
    lock of the dispute's statement."""
    line = dispute.line
    _correct_fact(dispute, now)
    return StatementLine.objects.create(
        statement=_open_statement(line.statement, now),
        sort=LineSort.ADJUSTMENT,
        dispute=dispute,
        creditor=line.creditor,
        debtor=line.debtor,
        sharing_request_id=line.sharing_request_id,
        kind=line.kind,
        reference=line.reference,
        what_en=line.what_en,
        what_zh=line.what_zh,
        starts_at=line.starts_at,
        ends_at=line.ends_at,
        unit=line.unit,
        quantity=dispute.after_quantity,
        price=dispute.after_price,
        amount=dispute.difference,
        made_at=now,
    )


def _correct_fact(dispute: LineDispute, now: datetime) -> None:
    """What was agreed is what happened: the share's fact of use is written anew."""
    line = dispute.line
    usage.correct(
        request_key=line.sharing_request_id,
        correction=Correction.SETTLEMENT,
        now=now,
        measured=Measured(
            unit=Unit(line.unit),
            before=dispute.before_quantity,
            quantity=dispute.after_quantity,
            price=dispute.after_price,
            amount=dispute.after_amount,
        ),
    )


def _open_statement(statement: Statement, now: datetime) -> Statement:
    """The statement itself while it is open; else the next open one, made where there is none."""
    if statement.state != StatementState.CLOSED:
        return statement
    pair = {
        "first": statement.first,
        "second": statement.second,
        "currency": statement.currency,
    }
    later = (
        Statement.objects.everywhere(reason=REASON)
        .select_for_update()
        .filter(**pair, month__gt=statement.month)
        .exclude(state=StatementState.CLOSED)
        .order_by("month")
        .first()
    )
    if later is not None:
        return later
    this_month = month_of(now, timezone.get_default_timezone())
    month = max(this_month, following(statement.month))
    made, _new = Statement.objects.everywhere(reason=REASON).get_or_create(**pair, month=month)
    return made
