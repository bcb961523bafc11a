"""Statements in review, with one line, and disputes about it."""

from datetime import datetime, timedelta

from django.utils import timezone

from medshare_portal.models import Institution
from reports.models import LineDispute, Statement, StatementLine
from resources.models import Resource
from scheduling.models import SharingRequest
from tests.make.people import user
from tests.make.requests import sharing_request


def statement_line(
    resource: Resource, borrower: Institution, *, now: datetime | None = None, **fields
) -> StatementLine:
    """Eight hours for 800.00 that were closed last month; the statement is made once per pair."""
    now = now or timezone.now()
    request = fields.pop("sharing_request", None) or _closed(resource, borrower, now)
    values = {
        "statement": fields.pop("statement", None) or statement(request, now=now),
        "sort": "share",
        "creditor": request.owner,
        "debtor": request.borrower,
        "sharing_request": request,
        "kind": request.kind,
        "reference": request.reference,
        "what_en": resource.name_en,
        "what_zh": resource.name_zh,
        "starts_at": request.actual_starts_at,
        "ends_at": request.actual_ends_at,
        "unit": "hour",
        "quantity": 8,
        "price": 100,
        "amount": 80000,
        "made_at": now,
    }
    return StatementLine.unscoped.create(**values | fields)


def _closed(resource: Resource, borrower: Institution, now: datetime) -> SharingRequest:
    """Long ago, each at a time of its own."""
    before = resource.requests.count()
    starts_at = now - timedelta(days=40 + before)
    return sharing_request(
        resource, borrower, state="closed", starts_at=starts_at, now=starts_at, fee_per_hour=100
    )


def statement(request: SharingRequest, *, now: datetime, **fields) -> Statement:
    """Of both sides of a request, for the month before, in review."""
    first, second = sorted((request.owner, request.borrower), key=lambda side: side.pk)
    month = (timezone.localdate(now).replace(day=1) - timedelta(days=1)).replace(day=1)
    values = {"state": "review", "drafted_at": now, "review_until": now + timedelta(days=9)}
    made, _new = Statement.unscoped.get_or_create(
        first=first, second=second, month=fields.pop("month", month), currency="CNY",
        defaults=values | fields,
    )  # fmt: skip
    return made


def line_dispute(line: StatementLine, *, now: datetime, **fields) -> LineDispute:
    """The side that pays says half of it."""
    values = {
        "before_quantity": line.quantity,
        "before_price": line.price,
        "before_amount": line.amount,
        "after_quantity": 4,
        "after_price": 100,
        "after_amount": 40000,
        "reason": "It was back at noon",
        "raised_at": now,
        "raised_by": fields.pop("by", None) or user(at=line.debtor, role="coordinator"),
    }
    return LineDispute.unscoped.create(line=line, **values | fields)
