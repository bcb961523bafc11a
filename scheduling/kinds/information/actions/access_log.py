"""Append to the access log: one link of the owner's hash chain per look, let through or not.

The head row is locked while an event is appended, last in the transaction like the audit chain's,
so that two looks never wait for each other crosswise and the chain never forks.
"""

import hashlib
import json
from datetime import datetime

from medshare_portal.models import RoleGroup
from medshare_portal.roles import Role
from scheduling.enums_information import Decision
from scheduling.models import AccessChain, AccessEvent, AccessGrant, SharingRequest

REASON = "verifies the access logs of all institutions"
FACTS = (
    "sequence",
    "actor_id",
    "actor_name",
    "actor_role",
    "organisation_id",
    "organisation_name",
    "request_id",
    "reference",
    "resource_id",
    "resource_name",
    "action",
    "content",
    "purpose",
    "decision",
    "rule",
    "reason",
    "address",
    "break_glass",
)


def write(
    *,
    sharing_request: SharingRequest,
    grant: AccessGrant,
    action: str,
    by,
    organisation,
    address: str,
    now: datetime,
    content: str = "",
    rule: str = "",
    reason: str = "",
) -> AccessEvent:
    """Append one look; ``rule`` is the one that refused it, none lets it through."""
    owner = sharing_request.owner
    AccessChain.objects.bulk_create([AccessChain(institution=owner)], ignore_conflicts=True)
    head = AccessChain.objects.owned_by(owner).select_for_update().get()
    event = AccessEvent(
        institution=owner,
        sequence=head.length + 1,
        at=now,
        actor_id=by.pk,
        actor_name=str(by)[:200],
        actor_role=_roles(by, organisation),
        organisation_id=organisation.pk,
        organisation_name=organisation.name_en or organisation.name_zh,
        request_id=sharing_request.pk,
        reference=sharing_request.reference,
        resource_id=sharing_request.resource_id,
        resource_name=str(sharing_request.resource)[:250],
        action=action,
        content=content[:200],
        purpose=grant.purpose_of_use,
        decision=Decision.DENY if rule else Decision.PERMIT,
        rule=rule,
        reason=reason[:300],
        address=address[:45],
        break_glass=grant.break_glass,
        previous_hash=head.head_hash,
    )
    event.hash = hash_of(event)
    event.save(force_insert=True)
    head.length, head.head_hash = event.sequence, event.hash
    head.save(update_fields=["length", "head_hash"])
    return event


def _roles(by, organisation) -> str:
    rows = RoleGroup.objects.of_user(by).filter(institution=organisation).order_by("role")
    return ", ".join(str(Role(role).value) for role in rows.values_list("role", flat=True))[:200]


def hash_of(event: AccessEvent) -> str:
    """SHA-256 over the hash before it, the moment and every column."""
    facts = [event.previous_hash, event.institution_id, event.at.timestamp()]
    facts += [getattr(event, name) for name in FACTS]
    text = json.dumps(facts, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def verify(institution) -> list[str]:
    """What is wrong with an institution's access log; an empty list means that it is whole."""
    problems, previous, expected = [], "", 1
    rows = AccessEvent.objects.owned_by(institution).order_by("sequence")
    for event in rows.iterator(chunk_size=2000):
        if event.sequence != expected:
            problems.append(f"{institution.slug}: look {expected} is missing")
        if event.previous_hash != previous or event.hash != hash_of(event):
            problems.append(f"{institution.slug}: look {event.sequence} does not fit its chain")
        previous, expected = event.hash, event.sequence + 1
    head = AccessChain.objects.owned_by(institution).first()
    known = (head.head_hash, head.length) if head else ("", 0)
    if known != (previous, expected - 1):
        says = f"the head says {known[1]} looks, the log has {expected - 1}"
        problems.append(f"{institution.slug}: {says}")
    return problems
