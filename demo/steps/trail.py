"""The audit trail of recent work, as the actions would have written it.

The events are hashed by the portal's own function; only their storing is done in one go.
"""

from collections.abc import Iterable

from demo.booking import Booking
from demo.moments import DAY, to_datetime
from demo.steps.traces import chains_of
from demo.world import World
from medshare_portal.audit import event_hash
from medshare_portal.models import AuditChain, AuditEvent

BATCH = 2_000


def write_trail(world: World, bookings: Iterable[Booking], *, admin) -> None:
    """Events of the scale's last days, oldest first, and the heads of all chains."""
    oldest = world.now - world.scale.audit_days * DAY
    steps = [
        (step[4], booking.pk, index, booking)
        for booking in bookings
        for index, step in enumerate(booking.steps)
        if step[4] >= oldest
    ]
    steps.sort(key=lambda entry: entry[:3])
    heads: dict[str, AuditChain] = {}
    events = [_city_event(world, heads, admin)]
    for at, _pk, index, booking in steps:
        events += _events(at, booking, booking.steps[index], heads)
    AuditEvent.unscoped.bulk_create(events, batch_size=BATCH)
    AuditChain.objects.bulk_create(heads.values())


def _city_event(world: World, heads, admin) -> AuditEvent:
    return _chained(
        heads,
        AuditEvent.CITY,
        at=world.moment,
        actor_id=admin.pk,
        actor_name=str(admin),
        action="demo.seeded",
        object_type="demo",
        object_id="",
        object_label=world.scale.name,
        data={"institutions": len(world.places), "resources": len(world.devices)},
    )


def _events(at: int, booking: Booking, step: tuple, heads) -> list[AuditEvent]:
    name, side, source, target, _at = step
    by = booking.actor_of(side)
    reason = booking.reason if target == booking.state else ""
    return [
        _chained(
            heads,
            chain,
            at=to_datetime(at),
            actor_id=by.pk if by else None,
            actor_name=str(by) if by else "system",
            action=f"request.{name}",
            object_type="scheduling.sharingrequest",
            object_id=str(booking.pk),
            object_label=f"EQ-{booking.pk}",
            data={"state": [source, target], "reason": reason},
        )
        for chain in sorted(set(chains_of(step, booking)))
    ]


def _chained(heads: dict[str, AuditChain], chain: str, **facts) -> AuditEvent:
    head = heads.setdefault(chain, AuditChain(name=chain))
    event = AuditEvent(chain=chain, sequence=head.length + 1, previous_hash=head.head_hash, **facts)
    event.hash = event_hash(event)
    head.length, head.head_hash = event.sequence, event.hash
    return event
