"""Series in any state, past every rule but the database's."""

from datetime import datetime, timedelta

from django.utils import timezone

from medshare_portal.models import Institution
from resources.models import Resource
from scheduling.models import Series
from tests.make.people import user
from tests.make.requests import sharing_request


def series(
    resource: Resource,
    borrower: Institution,
    *,
    states: tuple[str, ...] = ("requested", "requested"),
    starts_at: datetime | None = None,
    now: datetime | None = None,
    by=None,
    **fields,
) -> Series:
    """One date a week in these states from ``starts_at`` (tomorrow) on, eight hours each."""
    now = now or timezone.now()
    first = starts_at or now + timedelta(days=1)
    values = {
        "rule": f"FREQ=WEEKLY;COUNT={len(states)}",
        "created_at": now,
        "created_by": by or user(at=borrower, role="coordinator"),
        "counted_from": min(first, now),
    }
    made = Series.unscoped.create(
        resource=resource,
        owner=resource.institution,
        borrower=borrower,
        kind=resource.kind,
        **values | fields,
    )
    for number, state in enumerate(states):
        sharing_request(
            resource,
            borrower,
            state=state,
            starts_at=first + timedelta(weeks=number),
            now=now,
            by=made.created_by,
            series=made,
            agreement_accepted_at=now,
        )
    return made
