"""What left the portal as a file is told to the audit trail."""

from datetime import datetime, timedelta

from django.db import transaction

from medshare_portal import audit, rates

MOST = 10  # files
WITHIN = timedelta(minutes=1)


@transaction.atomic
def record_export(
    *, institution, kind: str, file_format: str, filters: list[tuple[str, str]], by, now: datetime
) -> None:
    """Audit that ``by`` took the filtered list of a kind with it.  Raises rates.TooOften."""
    rates.take(user=by, what="export", most=MOST, within=WITHIN, now=now)
    audit.record(
        chains=[institution.slug],
        by=by,
        action="resources.exported",
        obj=institution,
        now=now,
        data={"kind": kind, "format": file_format, "filters": [list(pair) for pair in filters]},
    )
