"""What takes a resource's time: bookings with their buffers, and what the owner keeps."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from resources.buffers import before_and_after
from resources.intervals import Interval, merge, subtract
from resources.limits import longest_blocked
from resources.models import BusyBlock, OfferedInterval
from scheduling.models import SharingRequest
from scheduling.states import State

REASON = "availability needs every booking of a resource; only times come out"
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


def holding(starts_at: datetime, ends_at: datetime, *, now: datetime):
    """Bookings that hold capacity in a time; holds past their time are in nobody's way."""
    return (
        SharingRequest.objects.everywhere(reason=REASON)
        .holding_capacity()
        .overlapping(starts_at, ends_at)
        .filter(
            ~Q(state=State.HELD) | Q(hold_expires_at__gt=now),
            blocked_from__gt=starts_at - longest_blocked(),
        )
    )


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
    found: dict[int, list[Busy]] = defaultdict(list)
    requests = holding(starts_at, ends_at, now=now).filter(resource__in=resources)
    own = getattr(ignoring, "pk", ignoring)
    columns = (
        "resource_id",
        "blocked_from",
        "blocked_until",
        "units",
        "starts_at",
        "ends_at",
        "pk",
        "state",
    )
    for resource, first, last, units, use_first, use_last, pk, state in requests.values_list(
        *columns
    ):
        if pk != own:
            found[resource].append(Busy(first, last, units, BOOKED, use_first, use_last, pk, state))
    blocks = BusyBlock.objects.everywhere(reason=REASON).filter(resource__in=resources)
    for resource, first, last, reason in blocks.overlapping(starts_at, ends_at).values_list(
        "resource_id", "starts_at", "ends_at", "reason"
    ):
        found[resource].append(Busy(first, last, 0, reason, first, last))
    for entries in found.values():
        entries.sort(key=lambda busy: (busy.starts_at, busy.ends_at, busy.request_id or 0))
    return dict(found)


def offered_intervals(
    resources: Iterable, starts_at: datetime, ends_at: datetime
) -> dict[int, list[Interval]]:
    """Resource id → offered times that meet a time, merged.  One query."""
    found: dict[int, list[Interval]] = defaultdict(list)
    rows = OfferedInterval.objects.everywhere(reason=REASON).filter(resource__in=resources)
    for resource, first, last in rows.overlapping(starts_at, ends_at).values_list(
        "resource_id", "starts_at", "ends_at"
    ):
        found[resource].append((first, last))
    return {resource: merge(rows) for resource, rows in found.items()}


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
