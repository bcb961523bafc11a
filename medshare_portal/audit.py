"""Append to the hash-chained audit trail, and check it.

An event's hash covers the hash before it and every column, so a changed, removed or inserted row
breaks the chain from there on.  The chain's head row is locked while an event is appended – last
in the action's transaction, in the order of the chains' names, so that no two actions wait for
each other (trust.md, finding 8).
"""

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime

from medshare_portal.db.prepared import AnyOf, Prepared, Texts
from medshare_portal.db.prepared_writes import PreparedInsert
from medshare_portal.models import AuditChain, AuditEvent

REASON = "the audit trail spans institutions"
LOCKED = Prepared(
    lambda: (
        AuditChain.objects.select_for_update()
        .filter(AnyOf("name", Texts("names")))
        .order_by("name")
    )
)
EVENTS = PreparedInsert(AuditEvent)
NEW_HEADS = PreparedInsert(AuditChain, conflict="DO NOTHING")
HEADS = PreparedInsert(
    AuditChain,
    conflict="(name) DO UPDATE SET length = EXCLUDED.length, head_hash = EXCLUDED.head_hash",
)


def record(
    *,
    chains: Iterable[str],
    by,
    action: str,
    obj,
    now: datetime,
    data: dict | None = None,
    label: str = "",
) -> None:
    """Write one event into each chain (institution slugs, or ``AuditEvent.CITY``).

    Call inside the action's transaction.  ``by`` is a user or None for the system.
    """
    facts = {
        "at": now,
        "actor_id": by.pk if by else None,
        "actor_name": str(by) if by else "system",
        "action": action,
        "object_type": obj._meta.label_lower if hasattr(obj, "_meta") else str(obj),
        "object_id": str(getattr(obj, "pk", "")),
        "object_label": (label or str(obj))[:200],
        "data": (data or {}) | deputy_facts(by),
    }
    heads = _locked_heads(sorted(set(chains)))
    EVENTS.many(_append(head, facts) for head in heads)
    HEADS.many(heads)


def lock_chains(names: Iterable[str]) -> None:
    """Lock all chains that an action with several events will write, before the first of them."""
    _locked_heads(sorted(set(names)))


def deputy_facts(by) -> dict[str, str]:
    """In whose place a step was made, where it was not by the own right."""
    absent = by.deputy_for if by else None
    return {"deputy_for": absent.name} if absent else {}


def _append(head: AuditChain, facts: dict) -> AuditEvent:
    """The chain's next event; the head moves on to it."""
    event = AuditEvent(
        chain=head.name, sequence=head.length + 1, previous_hash=head.head_hash, **facts
    )
    event.hash = event_hash(event)
    head.length, head.head_hash = event.sequence, event.hash
    return event


def _locked_heads(names: list[str]) -> list[AuditChain]:
    """The heads under lock, in the order of their names; a new chain gets one first."""
    heads = LOCKED.instances(names=names)
    if len(heads) < len(names):
        NEW_HEADS.many(AuditChain(name=name) for name in names)
        heads = LOCKED.instances(names=names)
    return heads


def event_hash(event: AuditEvent) -> str:
    """SHA-256 over the previous hash and the canonical JSON of the event's columns."""
    facts = [
        event.previous_hash,
        event.chain,
        event.sequence,
        event.at.timestamp(),
        event.actor_id,
        event.actor_name,
        event.action,
        event.object_type,
        event.object_id,
        event.object_label,
        event.data,
    ]
    text = json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def verify(chain: str) -> list[str]:
    """What is wrong with a chain; an empty list means that it is whole."""
    problems: list[str] = []
    previous, expected = "", 1
    events = AuditEvent.objects.everywhere(reason=REASON).filter(chain=chain)
    for event in events.order_by("sequence").iterator(chunk_size=2000):
        if event.sequence != expected:
            problems.append(f"{chain}: number {expected} is missing")
        if event.previous_hash != previous or event.hash != event_hash(event):
            problems.append(f"{chain}: number {event.sequence} does not fit the one before it")
        previous, expected = event.hash, event.sequence + 1
    return problems + _verify_head(chain, previous, expected - 1)


def _verify_head(chain: str, last_hash: str, length: int) -> list[str]:
    head = AuditChain.objects.filter(pk=chain).first() or AuditChain(name=chain)
    if (head.head_hash, head.length) != (last_hash, length):
        return [f"{chain}: the head says {head.length} events, the trail has {length}"]
    return []


def chains() -> list[str]:
    """Every chain that has a head or an event."""
    heads = set(AuditChain.objects.values_list("name", flat=True))
    events = AuditEvent.objects.everywhere(reason=REASON).values_list("chain", flat=True)
    return sorted(heads | set(events.distinct()))
