"""Entries of the wait-list, as ``join`` would have left them."""

from datetime import datetime, timedelta

from django.utils import timezone

from medshare_portal.models import Institution
from scheduling.models import WaitlistEntry
from scheduling.waiting import WaitState
from tests.make.people import user


def waitlist_entry(
    borrower: Institution,
    *,
    resource=None,
    category=None,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    hours: float = 8,
    now: datetime | None = None,
    **fields,
) -> WaitlistEntry:
    """Waits for eight hours from tomorrow on; with ``state`` and what it needs for anything else."""
    now = now or timezone.now()
    starts_at = starts_at or now + timedelta(days=1)
    ends_at = ends_at or starts_at + timedelta(hours=hours)
    values = {
        "priority": "routine",
        "state": WaitState.WAITING,
        "joined_at": now,
        "next_look_at": now,
        "purpose": "Ours is in repair",
    }
    if "created_by" not in fields:
        values["created_by"] = user(at=borrower, role="coordinator")
    return WaitlistEntry.unscoped.create(
        borrower=borrower,
        kind=(resource or category).kind,
        resource=resource,
        category=category,
        starts_at=starts_at,
        ends_at=ends_at,
        minutes=int(hours * 60),
        latest_start=ends_at - timedelta(hours=hours),
        **values | fields,
    )
