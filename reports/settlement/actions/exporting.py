"""What is owed and leaves the portal as a file is told to the audit trail."""

from datetime import datetime

from django.db import transaction

from medshare_portal import audit, rates
from medshare_portal.models import AuditEvent
from reports.models import Statement
from reports.settlement.actions.telling import label_of
from resources.actions.exports import MOST, WITHIN


@transaction.atomic
def record_export(
    *, statement: Statement, institution, file_format: str, by, now: datetime
) -> None:
    """``institution`` None: by the city.  Raises rates.TooOften."""
    facts = {"format": file_format}
    _record("statement.exported", statement, label_of(statement), institution, facts, by, now)


@transaction.atomic
def record_balances(*, institution, month: str, file_format: str, by, now: datetime) -> None:
    """The balances of a month ("2026-10"), or of every month.  Raises rates.TooOften."""
    what, facts = institution or "city", {"format": file_format, "month": month}
    _record("statement.balances_exported", what, str(what), institution, facts, by, now)


def _record(action, what, label, institution, facts: dict, by, now: datetime) -> None:
    rates.take(user=by, what="export", most=MOST, within=WITHIN, now=now)
    audit.record(
        chains=[institution.slug if institution else AuditEvent.CITY],
        by=by,
        action=action,
        obj=what,
        label=label,
        now=now,
        data=facts,
    )
