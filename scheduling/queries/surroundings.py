"""What happens on some resources around a time: bookings, the owner's blocks, offered hours.

Three statements, compiled once, for any number of resources.  The search, the lanes and the rules
of one page look at the same rows, so a page that needs all three reads them once.  Bookings are
found by the end of what they block (index ``request_taking``), so that history costs nothing.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db.models import DateTimeField

from medshare_portal.db.prepared import AnyOf, Bind, Keys, Prepared
from resources.models import BusyBlock, OfferedInterval
from scheduling.models import SharingRequest

REASON = "availability needs every booking of a resource; only times come out"
FROM, UNTIL = Bind("starts_at", DateTimeField()), Bind("ends_at", DateTimeField())
NOW, OF_THESE = Bind("now", DateTimeField()), AnyOf("resource", Keys("resources"))


class Booking(NamedTuple):
    """A booking that holds capacity, or a place promised to whoever asked for it; a hold past its
    time is in nobody's way and not among them."""

    resource_id: int
    blocked_from: datetime
    blocked_until: datetime
    units: int
    starts_at: datetime
    ends_at: datetime
    pk: int
    state: str


class Block(NamedTuple):
    """A time that the owner keeps."""

    resource_id: int
    starts_at: datetime
    ends_at: datetime
    reason: str


class Offered(NamedTuple):
    """An offered time; those of one resource never touch."""

    resource_id: int
    starts_at: datetime
    ends_at: datetime


def _bookings():
    """Each part finds its rows in an index of its own."""
    requests = SharingRequest.objects.everywhere(reason=REASON)
    parts = [
        rows.overlapping(FROM, UNTIL).filter(OF_THESE).order_by().values_list(*Booking._fields)
        for rows in (requests.taking(NOW), requests.promised())
    ]
    return parts[0].union(parts[1], all=True).order_by("blocked_from", "pk")


BOOKINGS = Prepared(_bookings)
BLOCKS = Prepared(
    lambda: (
        BusyBlock.objects.everywhere(reason=REASON)
        .filter(OF_THESE)
        .overlapping(FROM, UNTIL)
        .order_by("starts_at", "pk")
        .values_list(*Block._fields)
    )
)
OFFERED = Prepared(
    lambda: (
        OfferedInterval.objects.everywhere(reason=REASON)
        .filter(OF_THESE)
        .overlapping(FROM, UNTIL)
        .values_list(*Offered._fields)
    )
)


def bookings_in(
    resources: Collection[int], starts_at: datetime, ends_at: datetime, *, now: datetime
) -> dict[int, list[Booking]]:
    """Resource id → bookings whose blocked time meets a time, by start."""
    rows = BOOKINGS.rows(resources=resources, starts_at=starts_at, ends_at=ends_at, now=now)
    return by_resource(Booking, rows)


def blocks_in(
    resources: Collection[int], starts_at: datetime, ends_at: datetime
) -> dict[int, list[Block]]:
    """Resource id → the owner's blocks that meet a time, by start."""
    rows = BLOCKS.rows(resources=resources, starts_at=starts_at, ends_at=ends_at)
    return by_resource(Block, rows)


def offered_in(
    resources: Collection[int], starts_at: datetime, ends_at: datetime
) -> dict[int, list[Offered]]:
    """Resource id → offered times that meet a time, in no order."""
    rows = OFFERED.rows(resources=resources, starts_at=starts_at, ends_at=ends_at)
    return by_resource(Offered, rows)


def by_resource(row_class, rows) -> dict[int, list]:
    """Rows whose first column is the resource."""
    found = defaultdict(list)
    for row in rows:
        found[row[0]].append(row_class(*row))
    return found


@dataclass(frozen=True)
class Surroundings:
    """All three by resource, of the resources of one page."""

    bookings: dict[int, list[Booking]]
    blocks: dict[int, list[Block]]
    offered: dict[int, list[Offered]]


def surroundings(
    resources: Collection[int], starts_at: datetime, ends_at: datetime, *, now: datetime
) -> Surroundings:
    """Three queries for any number of resources."""
    return Surroundings(
        bookings_in(resources, starts_at, ends_at, now=now),
        blocks_in(resources, starts_at, ends_at),
        offered_in(resources, starts_at, ends_at),
    )
