"""What happens on one resource within a period: two statements, whoever looks at it.

For a resource that a scoping verb has found already, so nothing here asks again whether it may be
seen.  As in ``day``, of requests that do not concern the reader only the times come out.
"""

from datetime import datetime
from typing import NamedTuple

from django.db.models import BigIntegerField, DateTimeField, Q, Value

from medshare_portal.db.prepared import Bind, Prepared
from resources.limits import longest_blocked
from resources.models import BusyBlock, OfferedInterval
from scheduling.models import SharingRequest
from scheduling.queries.calendar_rows import SHOWN
from scheduling.queries.day import COLUMNS, Block, Booking, only_times
from scheduling.states import State

RESOURCE = Bind("resource", BigIntegerField())
FIRST, LAST = Bind("first", DateTimeField()), Bind("last", DateTimeField())
SINCE, NOW = Bind("since", DateTimeField()), Bind("now", DateTimeField())
OFFERED = "offered"
_LAID_DOWN = [state for state in SHOWN if state != State.UNDERWAY]


class Happening(NamedTuple):
    """Bookings, the owner's blocks, and (from, until) of what is offered."""

    bookings: list[Booking]
    blocks: list[Block]
    offered: list[tuple[datetime, datetime]]


def _requests():
    return SharingRequest.objects.of_seen(RESOURCE)


def _bookings():
    """What meets the period, and what is still out, which may be late from long before it.

    What is shared by quantity has no time and is not among them.
    """
    out = _requests().holding_capacity()
    out = out.filter(state=State.UNDERWAY, blocked_until__isnull=False)
    laid_down = _requests().overlapping(FIRST, LAST).filter(blocked_from__gt=SINCE)
    laid_down = laid_down.filter(
        ~Q(state=State.HELD) | Q(hold_expires_at__gt=NOW), state__in=_LAID_DOWN
    )
    return laid_down.values_list(*COLUMNS).union(out.values_list(*COLUMNS), all=True)


def _hours():
    blocks = BusyBlock.objects.of_seen(RESOURCE).overlapping(FIRST, LAST)
    offered = OfferedInterval.objects.of_seen(RESOURCE).overlapping(FIRST, LAST)
    offered = offered.filter(offer__status="published")
    return blocks.values_list("reason", "note", "starts_at", "ends_at").union(
        offered.values_list(Value(OFFERED), Value(""), "starts_at", "ends_at"), all=True
    )


_BOOKINGS, _HOURS = Prepared(_bookings), Prepared(_hours)


def happening_on(
    resource, institution, starts_at: datetime, ends_at: datetime, *, now: datetime
) -> Happening:
    """All that this institution may know of a resource that it may see."""
    span = {"resource": resource.pk, "first": starts_at, "last": ends_at}
    since = starts_at - longest_blocked()
    rows = (Booking._make(values) for values in _BOOKINGS.rows(**span, since=since, now=now))
    known = (_as_known(row, institution.pk, starts_at, ends_at, now) for row in rows)
    ours = resource.institution_id == institution.pk
    blocks, offered = [], []
    for reason, note, first, last in _HOURS.rows(**span):
        if reason == OFFERED:
            offered.append((first, last))
        else:
            why = (reason, note) if ours else ("", "")
            blocks.append(Block(resource.pk, *why, first, last))
    return Happening([booking for booking in known if booking], blocks, offered)


def _as_known(booking: Booking, reader: int, starts_at, ends_at, now) -> Booking | None:
    """A booking as the reader knows it: with names, only its times, or not at all."""
    meets = booking.blocked_from < ends_at and booking.blocked_until > starts_at
    out = booking.state == State.UNDERWAY
    if reader in (booking.owner_id, booking.borrower_id):
        unasked = booking.state == State.HELD and booking.borrower_id != reader
        late = out and booking.ends_at < now
        return booking if (meets or late) and not unasked else None
    if booking.state not in State.HOLDS_CAPACITY and not booking.is_promised:
        return None
    span = (booking.blocked_from, booking.blocked_until)
    times = only_times(now, booking.resource_id, booking.units, booking.state, *span)
    return times if times.blocked_from < ends_at and times.blocked_until > starts_at else None
