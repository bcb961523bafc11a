"""Entries of the wait-list and needs, as their actions would have left them."""

from datetime import datetime, timedelta

from django.utils import timezone

from medshare_portal.models import Institution
from scheduling.models import Need, NeedAnswer, SharingRequest, WaitlistEntry
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


def offered(held: SharingRequest) -> dict:
    """What an entry has whose place is held by this request."""
    until = held.hold_expires_at
    return {"state": WaitState.OFFERED, "promise": held, "offered_until": until}


def need(institution: Institution, *, category=None, now: datetime | None = None, **fields) -> Need:
    """An open need for a day from the day after tomorrow on."""
    now = now or timezone.now()
    starts_at = fields.pop("starts_at", now + timedelta(days=2))
    ends_at = fields.pop("ends_at", now + timedelta(days=3))
    values = {
        "kind": category.kind if category else "equipment",
        "what": category.name_en if category else "ventilator",
        "starts_at": starts_at,
        "ends_at": ends_at,
        "priority": "routine",
        "created_at": now,
        "expires_at": ends_at or fields.get("needed_by"),
    }
    if "created_by" not in fields:
        values["created_by"] = user(at=institution, role="coordinator")
    return Need.unscoped.create(institution=institution, category=category, **values | fields)


def need_answer(need: Need, resource, *, now: datetime | None = None, **fields) -> NeedAnswer:
    """The resource's owner said that it can help."""
    if "answered_by" not in fields:
        fields["answered_by"] = user(at=resource.institution, role="coordinator")
    return NeedAnswer.unscoped.create(
        need=need,
        institution=resource.institution,
        resource=resource,
        answered_at=now or timezone.now(),
        **fields,
    )
