"""A statement of the two marked institutions: lines of their closed shares, each disputed."""

from datetime import datetime, timedelta

from demo.marks import mark
from medshare_portal.roles import Role
from reports.models import LineDispute, Statement, StatementLine
from scheduling.models import SharingRequest
from scheduling.states import State


def plant_statements(owner, borrower, now: datetime) -> None:
    """Texts carry the mark of the side that wrote them; nothing is agreed."""
    statement = _statement(owner.institution, borrower.institution, now)
    closed = SharingRequest.unscoped.filter(
        owner=owner.institution, borrower=borrower.institution, state=State.CLOSED
    )
    for row in closed.order_by("pk"):
        line = _line(owner, statement, row, now)
        borrower.marked(
            LineDispute,
            line=line,
            state="refused",
            before_quantity=48,
            before_price=100,
            before_amount=480_000,
            after_quantity=24,
            after_price=100,
            after_amount=240_000,
            raised_at=now - timedelta(hours=9),
            raised_by=borrower.people[Role.COORDINATOR],
            answer=mark(owner.letter, LineDispute, "answer"),
            answered_at=now - timedelta(hours=8),
            answered_by=owner.people[Role.APPROVER],
            decision="",
        ).save()


def _statement(one, other, now: datetime) -> Statement:
    first, second = sorted((one, other), key=lambda side: side.pk)
    month = (now.replace(day=1) - timedelta(days=1)).date().replace(day=1)
    made, _new = Statement.unscoped.get_or_create(
        first=first,
        second=second,
        month=month,
        currency="CNY",
        defaults={
            "state": "review",
            "drafted_at": now - timedelta(hours=10),
            "review_until": now + timedelta(days=9),
        },
    )
    return made


def _line(owner, statement: Statement, row: SharingRequest, now: datetime) -> StatementLine:
    line = owner.marked(
        StatementLine,
        statement=statement,
        sort="share",
        creditor=row.owner,
        debtor=row.borrower,
        sharing_request=row,
        kind=row.kind,
        reference=row.reference,
        starts_at=row.actual_starts_at,
        ends_at=row.actual_ends_at or row.actual_starts_at,
        unit="hour",
        quantity=48,
        price=100,
        amount=480_000,
        made_at=now - timedelta(hours=10),
    )
    line.save()
    return line
