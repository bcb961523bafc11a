"""After a month is over: a line for every share that was closed in it, then both sides look.

A share is charged in the month in which it was closed, by the city's calendar: then the check
after return, the hours or the count are agreed between both sides.  It is the side that is paid
which closes, so nobody can put off a payment by waiting.

Everything here may be killed at any moment and may run twice at once: lines come in chunks, each
in a transaction of its own; ``line_share_once`` keeps a share from standing on two statements;
statements are shown only when all their lines are there.
"""

import logging
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone

from medshare_portal import policy
from reports.models import Statement, StatementLine
from reports.settlement.actions.telling import drafted
from reports.settlement.charging import REASON, line_of, without_line
from reports.settlement.months import beginning, following, months_over
from reports.settlement.states import StatementState
from scheduling.models import SharingRequest

CHUNK = 2_000
logger = logging.getLogger(__name__)
Key = tuple[int, int, str]  # first, second, currency


def draft_due(*, now: datetime) -> int:
    """Draft every month that is over and has closed shares without a line; returns the lines.

    What a month's closed statements no longer take stands on those of the months after it.
    """
    zone = timezone.get_default_timezone()
    months = months_over(now, policy.current().settlement.look_back_months, zone)
    return sum(draft_month(month=month, since=months[0], now=now) for month in months)


def draft_month(*, month: date, since: date, now: datetime) -> int:
    """Lines on statements of a month that is over, also of what was left since an earlier one;
    then both sides see them."""
    zone = timezone.get_default_timezone()
    span = beginning(since, zone), beginning(following(month), zone)
    lines = _write_lines(month, *span, now)
    open_review(month=month, now=now)
    return lines


def _write_lines(month: date, since: datetime, until: datetime, now: datetime) -> int:
    """Lines for shares that ended in this time and have none, on statements of the month."""
    everybodys = SharingRequest.objects.everywhere(reason=REASON)
    lines, last = 0, 0
    while True:
        with transaction.atomic():
            shares = without_line(everybodys, since, until).filter(pk__gt=last)
            batch = list(shares.order_by("pk")[:CHUNK])
            lines += _settle(batch, month, now) if batch else 0
        if len(batch) < CHUNK:
            return lines
        last = batch[-1].pk


def _settle(shares: Iterable[SharingRequest], month: date, now: datetime) -> int:
    """Lines of these shares; what cannot be charged is left out and logged."""
    lines = [line for line in (_line(share, now) for share in shares) if line is not None]
    statements = _statements({_key(line) for line in lines}, month)
    fresh = [line for line in lines if _key(line) in statements]
    for line in fresh:
        line.statement = statements[_key(line)]
    # On SQLite the transaction is alone; on PostgreSQL another run may have been faster.
    faster = connection.vendor == "postgresql"
    StatementLine.objects.bulk_create(fresh, batch_size=500, ignore_conflicts=faster)
    return len(fresh)


def _line(share: SharingRequest, now: datetime) -> StatementLine | None:
    line = line_of(share, now)
    if line is None:
        logger.warning("share %s cannot be charged and stands on no statement", share.pk)
    return line


def _key(line: StatementLine) -> Key:
    sides = sorted((line.creditor_id, line.debtor_id))
    return sides[0], sides[1], line.currency


def _statements(keys: set[Key], month: date) -> dict[Key, Statement]:
    """The statement of each pair and currency; without those that are closed already."""
    found = _of_month(keys, month)
    missing = sorted(keys - set(found))
    if missing:
        Statement.objects.bulk_create(
            [
                Statement(first_id=first, second_id=second, month=month, currency=currency)
                for first, second, currency in missing
            ],
            ignore_conflicts=True,
        )
        found = _of_month(keys, month)
    return {key: row for key, row in found.items() if row.state != StatementState.CLOSED}


def _of_month(keys: set[Key], month: date) -> dict[Key, Statement]:
    rows = Statement.objects.everywhere(reason=REASON).filter(
        month=month, first__in={first for first, _second, _currency in keys}
    )
    return {
        key: row for row in rows if (key := (row.first_id, row.second_id, row.currency)) in keys
    }


@transaction.atomic
def open_review(*, month: date, now: datetime) -> int:
    """Show the month's drafts to both sides, all at once; each institution is told once."""
    drafts = list(
        Statement.objects.everywhere(reason=REASON)
        .select_for_update()
        .filter(state=StatementState.DRAFT, month__lte=month)
        .order_by("pk")
    )
    if not drafts:
        return 0
    zone = timezone.get_default_timezone()
    days = policy.current().settlement.review_days
    until = beginning(now.astimezone(zone).date() + timedelta(days=days + 1), zone)
    Statement.objects.everywhere(reason=REASON).filter(pk__in=[row.pk for row in drafts]).update(
        state=StatementState.REVIEW, drafted_at=now, review_until=until
    )
    drafted(drafts, month=month, until=until, now=now)
    return len(drafts)
