"""A list of demands that leaves the portal as a file is told to the audit trail."""

from datetime import datetime

from django.db import transaction

from medshare_portal import audit, rates
from medshare_portal.models import AuditEvent
from resources.actions.exports import MOST, WITHIN


@transaction.atomic
def record_export(
    *, institution, file_format: str, filters: list[tuple[str, str]], by, now: datetime
) -> None:
    """``institution`` None: by the city.  Raises rates.TooOften."""
    rates.take(user=by, what="export", most=MOST, within=WITHIN, now=now)
    audit.record(
        chains=[institution.slug if institution else AuditEvent.CITY],
        by=by,
        action="demand.exported",
        obj=institution or "reports.demandfact",
        now=now,
        data={"format": file_format, "filters": [list(pair) for pair in filters]},
    )
