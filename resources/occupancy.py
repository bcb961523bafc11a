"""Which times of a resource are taken, whoever knows it.

The catalogue knows the owner's blocks; an upper app registers what it knows (bookings), so that
the catalogue never calls a device free that is not.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import DateTimeField, Exists, OuterRef, Q, QuerySet

from medshare_portal.db.prepared import AnyOf, Bind, Keys, Prepared
from medshare_portal.registry import Registry
from resources.models import BusyBlock, CommittedShift, OfferedInterval

sources: Registry["Occupancy"] = Registry("occupancy")
MOMENTS = {name: Bind(name, DateTimeField()) for name in ("starts_at", "ends_at", "now")}
TIMES_ONLY = "times only, of resources that the caller has scoped"


@dataclass(frozen=True, kw_only=True)
class Occupancy:
    """``rows(now)`` is a scoped queryset with ``resource``; the columns bound the taken time.

    ``bookings(now)`` are rows that other institutions rely on, also where a unit stays free.
    ``now`` is a moment or its place in a prepared statement: what is over takes nothing.
    """

    rows: Callable[[object], QuerySet]
    starts: str
    ends: str
    bookings: Callable[[object], QuerySet] | None = None

    def meeting(self, starts_at: datetime, ends_at: datetime, *, now: datetime) -> QuerySet:
        span = {f"{self.starts}__lt": ends_at, f"{self.ends}__gt": starts_at}
        return self.rows(now).filter(**span)


sources.add(
    "blocks",
    Occupancy(
        rows=lambda now: BusyBlock.objects.everywhere(reason=TIMES_ONLY),
        starts="starts_at",
        ends="ends_at",
    ),
)

sources.add(
    "shifts",
    Occupancy(
        rows=lambda now: CommittedShift.objects.everywhere(reason=TIMES_ONLY),
        starts="starts_at",
        ends="ends_at",
    ),
)


def taken(starts_at: datetime, ends_at: datetime, *, now: datetime) -> Q:
    """Condition on Resource: something takes part of the half-open interval."""
    condition = Q()
    for source in sources:
        meeting = source.meeting(starts_at, ends_at, now=now)
        condition |= Q(Exists(meeting.filter(resource=OuterRef("pk"))))
    return condition


def offered(starts_at: datetime, ends_at: datetime) -> Q:
    """Condition on Resource: part of the half-open interval is offered."""
    intervals = OfferedInterval.objects.everywhere(reason=TIMES_ONLY)
    meeting = intervals.overlapping(starts_at, ends_at)
    return Q(Exists(meeting.filter(resource=OuterRef("pk"))))


def _of_every_source() -> QuerySet:
    parts = [
        source.meeting(MOMENTS["starts_at"], MOMENTS["ends_at"], now=MOMENTS["now"])
        .filter(AnyOf("resource", Keys("resources")))
        .order_by()
        .values_list("resource_id", source.starts, source.ends)
        for source in sources
    ]
    return parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]


_TAKEN = Prepared(_of_every_source)


def taken_times(
    resources: Iterable[int], starts_at: datetime, ends_at: datetime, *, now: datetime
) -> dict[int, list[tuple[datetime, datetime]]]:
    """The taken intervals of each of these resources: one query for all sources together."""
    found: dict[int, list] = {}
    rows = _TAKEN.rows(resources=resources, starts_at=starts_at, ends_at=ends_at, now=now)
    for resource, first, last in rows:
        found.setdefault(resource, []).append((first, last))
    return found


@dataclass(frozen=True, slots=True)
class Booking:
    """A booking as the owner is told of it when it stands in the way of something.

    Whoever only holds the time has asked nothing yet: without ``label``, and when it ends by
    itself.
    """

    label: str  # reference and who borrows
    starts_at: datetime
    ends_at: datetime
    held_until: datetime | None = None


# What the workflow knows of bookings: (resource, starts_at, ends_at, now) → the first in a time.
first_booking: Registry[Callable[..., Booking | None]] = Registry("booking look-up")
# How many stand in line: (keys of resources, now) → number by key, of those for which some do.
lines: Registry[Callable[..., dict[int, int]]] = Registry("line")
# What of the workflow is over but still stands in the database: (resource, now) ends it.
endings: Registry[Callable[..., object]] = Registry("end of what is over")


def waiting_for(resources: Iterable[int], *, now: datetime) -> dict[int, int]:
    """How many wait for just this resource, by key: numbers, nobody's name."""
    keys = list(resources)
    return {
        key: number
        for line in (lines if keys else ())
        for key, number in line(keys, now=now).items()
    }


def end_what_is_over(resource, *, now: datetime) -> None:
    """So that the database's own guarantees do not refuse what is free; the resource is locked."""
    for end in endings:
        end(resource=resource, now=now)


def booking_in_the_way(
    resource, starts_at: datetime, ends_at: datetime, *, now: datetime
) -> Booking | None:
    """The first booking, buffers included, that meets a time."""
    found = (look_up(resource, starts_at, ends_at, now=now) for look_up in first_booking)
    return next((booking for booking in found if booking is not None), None)


def booked(resource: int, starts_at: datetime, ends_at: datetime, *, now: datetime) -> bool:
    """Whether another institution counts on the resource at some time of the interval."""
    return any(
        source.bookings(now)
        .filter(
            resource=resource, **{f"{source.starts}__lt": ends_at, f"{source.ends}__gt": starts_at}
        )
        .exists()
        for source in sources
        if source.bookings
    )
