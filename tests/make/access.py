"""Requests for information in any state, with their grants, and looks in the owner's log."""

from datetime import datetime, timedelta

from django.utils import timezone

from medshare_portal.models import Institution
from resources.models import Resource
from scheduling.kinds.information.actions import access_log
from scheduling.models import AccessEvent, AccessGrant, SharingRequest
from tests.make.people import user
from tests.make.requests import sharing_request


def access_request(
    resource: Resource,
    borrower: Institution,
    *,
    state: str = "requested",
    now: datetime | None = None,
    looks: int = 3,
    glass: bool = False,
    **fields,
) -> SharingRequest:
    """A request for so many looks within a week, as its actions would have left it."""
    now = now or timezone.now()
    person = fields.pop("by", None) or user(at=borrower, role="coordinator")
    values = {
        "quantity": looks,
        "asked_quantity": looks,
        "offer": None,
        "mode": "",
        "purpose": "The first hour of chest pain",
    }
    if state in ("underway", "finished", "closed"):
        values["actual_starts_at"] = now
    if state in ("finished", "closed"):
        values["actual_ends_at"] = now
    own = {name: fields.pop(name) for name in GRANT_FIELDS & set(fields)}
    made = sharing_request(resource, borrower, state=state, by=person, now=now, **values | fields)
    _grant(made, person, now, glass, own)
    return made


GRANT_FIELDS = {field.name for field in AccessGrant._meta.concrete_fields} - {"sharing_request"}


def _grant(made: SharingRequest, person, now: datetime, glass: bool, own: dict) -> AccessGrant:
    until = now + timedelta(days=7)
    decided = made.state not in ("requested", "countered", "declined", "withdrawn", "lapsed")
    values = {
        "terms": made.resource.access_terms.order_by("-number").first(),
        "person": person,
        "purpose_of_use": "BTG" if glass else "TREAT",
        "legal_basis": "emergency" if glass else "none_needed",
        "recipient_role": "physician",
        "asked_until": until,
        "valid_until": until if decided else None,
        "end_reason": "expired" if made.state in ("finished", "closed") else "",
        "break_glass": glass,
        "review_due_at": now + timedelta(hours=72) if glass else None,
    }
    return AccessGrant.unscoped.create(sharing_request=made, **values | own)


def access_event(
    request: SharingRequest, *, by=None, now: datetime | None = None, rule: str = ""
) -> AccessEvent:
    """A look in the owner's log, let through unless a rule refused it."""
    grant = request.access_grant
    return access_log.write(
        sharing_request=request,
        grant=grant,
        action="look",
        by=by or grant.person,
        organisation=request.borrower,
        address="127.0.0.1",
        now=now or timezone.now(),
        content="v1",
        rule=rule,
        reason="Every look is used." if rule else "",
    )
