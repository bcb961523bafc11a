"""What takes a resource's time: bookings with their buffers, and what the owner keeps."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from resources.buffers import before_and_after
from resources.intervals import Interval, clip, merge, subtract
from scheduling.queries.surroundings import (
    Block,
    Booking,
    Surroundings,
    blocks_in,
    bookings_in,
    offered_in,
)

BOOKED = "booked"


@dataclass(frozen=True, slots=True)
class Busy:
    """A taken time, buffers included; ``use_*`` are the times without them.

    ``kind`` is ``booked`` or the reason of the owner's block (own_use, maintenance, repair).
    """

    starts_at: datetime
    ends_at: datetime
    units: int
    kind: str
    use_starts_at: datetime
    use_ends_at: datetime
    request_id: int | None = None
    state: str = ""


def busy_intervals(
    resources: Iterable,
    starts_at: datetime,
    ends_at: datetime,
    *,
    now: datetime,
    ignoring=None,
) -> dict[int, list[Busy]]:
    """Resource id → what is busy in a time, by start.  Two queries for any number of resources.

    ``resources`` are rows or ids; ``ignoring`` is a request (or its id) that is not in its own way.
    """
    ids = [getattr(resource, "pk", resource) for resource in resources]
    bookings = bookings_in(ids, starts_at, ends_at, now=now)
    blocks = blocks_in(ids, starts_at, ends_at)
    own = getattr(ignoring, "pk", ignoring)
    return {
        pk: in_order([row for row in bookings[pk] if row.pk != own], blocks[pk])
        for pk in ids
        if pk in bookings or pk in blocks
    }


def in_order(bookings: Iterable[Booking], blocks: Iterable[Block]) -> list[Busy]:
    """Bookings and blocks of one resource as what is busy, by start."""
    found = [
        Busy(
            row.blocked_from,
            row.blocked_until,
            row.units,
            BOOKED,
            row.starts_at,
            row.ends_at,
            row.pk,
            row.state,
        )
        for row in bookings
    ]
    found += [
        Busy(row.starts_at, row.ends_at, 0, row.reason, row.starts_at, row.ends_at)
        for row in blocks
    ]
    found.sort(key=lambda busy: (busy.starts_at, busy.ends_at, busy.request_id or 0))
    return found


def offered_intervals(
    resources: Iterable[int], starts_at: datetime, ends_at: datetime
) -> dict[int, list[Interval]]:
    """Resource id → offered times that meet a time, merged.  One query."""
    found = offered_in(list(resources), starts_at, ends_at)
    return {pk: merge((row.starts_at, row.ends_at) for row in rows) for pk, rows in found.items()}


def busy_within(
    around: Surroundings, resource: int, starts_at: datetime, ends_at: datetime
) -> list[Busy]:
    """What of the surroundings is busy in a shorter time."""
    bookings = (
        row
        for row in around.bookings.get(resource, ())
        if row.blocked_from < ends_at and row.blocked_until > starts_at
    )
    blocks = (
        row
        for row in around.blocks.get(resource, ())
        if row.starts_at < ends_at and row.ends_at > starts_at
    )
    return in_order(bookings, blocks)


def offered_within(
    around: Surroundings, resource: int, starts_at: datetime, ends_at: datetime
) -> list[Interval]:
    """The parts of a shorter time that are offered."""
    offered = around.offered.get(resource, ())
    return clip(merge((row.starts_at, row.ends_at) for row in offered), starts_at, ends_at)


def taken(busy: Iterable[Busy], *, total: int, wanted: int) -> list[Interval]:
    """When fewer than ``wanted`` of ``total`` units are free.  A block takes them all."""
    edges: dict[datetime, int] = defaultdict(int)
    for entry in busy:
        units = entry.units if entry.kind == BOOKED else total
        edges[entry.starts_at] += units
        edges[entry.ends_at] -= units
    spans, load, since = [], 0, None
    for moment in sorted(edges):
        if since is not None and total - load < wanted:
            spans.append((since, moment))
        load += edges[moment]
        since = moment
    return merge(spans)


def usable(
    offered: Iterable[Interval], busy: Iterable[Busy], *, offer, mode: str, total: int, wanted: int
) -> list[Interval]:
    """When a use may lie: offered, and its own buffers meet nothing that is taken.

    A use blocks ``before`` and ``after`` it, so each taken time grows by ``after`` to the left
    and by ``before`` to the right.
    """
    before, after = before_and_after(offer=offer, mode=mode)
    closed = [
        (first - after, last + before) for first, last in taken(busy, total=total, wanted=wanted)
    ]
    return subtract(offered, closed)


def lowest_free(busy: Iterable[Busy], *, total: int, starts_at: datetime, ends_at: datetime) -> int:
    """The lowest number of free units in a time: the load peaks at the start of some entry."""
    inside = [entry for entry in busy if entry.starts_at < ends_at and entry.ends_at > starts_at]
    if any(entry.kind != BOOKED for entry in inside):
        return 0
    points = [starts_at, *(e.starts_at for e in inside if e.starts_at > starts_at)]
    peak = max(sum(e.units for e in inside if e.starts_at <= point < e.ends_at) for point in points)
    return max(0, total - peak)
