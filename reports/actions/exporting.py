"""What of the reports leaves the portal as a file is told to the audit trail."""

from datetime import datetime

from django.db import transaction

from medshare_portal import audit, rates
from medshare_portal.models import AuditEvent
from resources.actions.exports import MOST, WITHIN


@transaction.atomic
def record_export(
    *, what: str, institution, file_format: str, filters: list[tuple[str, str]], by, now: datetime
) -> None:
    """``what``: "uses" or "figures"; ``institution`` None: by the city.  Raises rates.TooOften."""
    rates.take(user=by, what="export", most=MOST, within=WITHIN, now=now)
    audit.record(
        chains=[institution.slug if institution else AuditEvent.CITY],
        by=by,
        action="figures.uses_exported" if what == "uses" else "figures.exported",
        obj=institution or "reports.usagefact",
        now=now,
        data={"format": file_format, "filters": [list(pair) for pair in filters]},
    )
