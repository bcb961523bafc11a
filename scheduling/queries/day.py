"""What happens on the resources of a calendar, in a few bounded statements.

Names of the other side come out only for requests that concern the reader; of everybody else's
only the times, as the visibility contract says (medshare_portal.visibility).  The start of a
booking is bounded from below by the longest loan, so that the cost does not grow with history.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.db.models import BigIntegerField, Count, DateTimeField, Q

from medshare_portal.db.prepared import AnyOf, Bind, Keys, Prepared
from resources.kinds import kinds
from resources.limits import longest_blocked
from resources.models import BusyBlock, OfferedInterval, Resource
from scheduling.kinds import kinds as workflow_kinds
from scheduling.models import SharingRequest
from scheduling.queries.calendar_rows import SHOWN, either
from scheduling.states import State

INSTITUTION = Bind("institution", BigIntegerField())
RESOURCES = Keys("resources")
FIRST, LAST = Bind("first", DateTimeField()), Bind("last", DateTimeField())
SINCE, NOW = Bind("since", DateTimeField()), Bind("now", DateTimeField())


class Booking(NamedTuple):
    """A request as it lies in time.  Without ``pk`` it is somebody else's: only times."""

    pk: int | None
    kind: str
    resource_id: int
    owner_id: int
    borrower_id: int
    state: str
    units: int
    starts_at: datetime
    ends_at: datetime
    blocked_from: datetime
    blocked_until: datetime
    actual_ends_at: datetime | None
    place: str
    borrower_en: str
    borrower_zh: str
    delivery_zone: str | None = None
    hold_expires_at: datetime | None = None

    @property
    def borrower(self) -> str:
        return either(self.borrower_en, self.borrower_zh)

    @property
    def zone(self) -> str | None:
        """The clock of the site where it is used, where that is not its resource's."""
        return self.delivery_zone if workflow_kinds[self.kind].used_at_delivery else None

    @property
    def is_promised(self) -> bool:
        """As ``SharingRequestQuerySet.promised`` has it."""
        return self.state == State.REQUESTED and self.hold_expires_at is not None

    @property
    def reference(self) -> str:
        return f"{kinds[self.kind].prefix}-{self.pk}"


class Block(NamedTuple):
    """A time that the owner keeps.  Why and with which note is the owner's alone."""

    resource_id: int
    reason: str
    note: str
    starts_at: datetime
    ends_at: datetime


COLUMNS = (
    "pk",
    "kind",
    "resource_id",
    "owner_id",
    "borrower_id",
    "state",
    "units",
    "starts_at",
    "ends_at",
    "blocked_from",
    "blocked_until",
    "actual_ends_at",
    "delivery_place",
    "borrower__name_en",
    "borrower__name_zh",
    "delivery_site__time_zone",
    "hold_expires_at",
)


def _visible():
    return Resource.objects.visible_to(INSTITUTION).filter(AnyOf("pk", RESOURCES))


_CONCERNING = Prepared(
    lambda: (
        SharingRequest.objects.concerning(INSTITUTION)
        .overlapping(FIRST, LAST)
        .filter(AnyOf("resource", RESOURCES), blocked_from__gt=SINCE, state__in=SHOWN)
        .filter(~Q(state=State.HELD) | Q(hold_expires_at__gt=NOW))
        .values_list(*COLUMNS)
    )
)


def _times_of_others(rows):
    return (
        rows.filter(blocked_from__lt=LAST)
        .exclude(owner=INSTITUTION)
        .exclude(borrower=INSTITUTION)
        .values_list("resource_id", "units", "state", "blocked_from", "blocked_until")
    )


def _others():
    return SharingRequest.objects.of_visible(_visible())


def _meeting():
    meeting = Q(blocked_until__gt=FIRST)
    taken, promised = _others().taking(NOW).filter(meeting), _others().promised().filter(meeting)
    return _times_of_others(taken).union(_times_of_others(promised), all=True)


def _still_out():
    out = Q(blocked_until__lte=FIRST, state=State.UNDERWAY)
    return _times_of_others(_others().taking(NOW).filter(out))


_TAKEN_BY_OTHERS = {"meeting": Prepared(_meeting), "still out": Prepared(_still_out)}
_LATE = Prepared(
    lambda: (
        SharingRequest.objects.concerning(INSTITUTION)
        .overdue(NOW)
        .order_by("ends_at", "pk")
        .values_list(*COLUMNS)
    )
)
_WAITING = Prepared(
    lambda: (
        SharingRequest.objects.owned_by(INSTITUTION)
        .filter(state=State.REQUESTED)
        .order_by()
        .values("owner")
        .values_list(Count("pk"))
    )
)
_BLOCKS = Prepared(
    lambda: (
        BusyBlock.objects.of_visible(_visible())
        .overlapping(FIRST, LAST)
        .values_list("resource_id", "reason", "note", "starts_at", "ends_at", "institution_id")
    )
)
_OFFERED = Prepared(
    lambda: (
        OfferedInterval.objects.of_visible(_visible())
        .filter(offer__status="published")
        .overlapping(FIRST, LAST)
        .values_list("resource_id", "starts_at", "ends_at")
    )
)


def bookings_of(
    institution, resources: Iterable[int], starts_at: datetime, ends_at: datetime, now: datetime
) -> list[Booking]:
    """What concerns the institution on these resources within the period."""
    found = _CONCERNING.rows(
        institution=institution.pk,
        resources=resources,
        first=starts_at,
        last=ends_at,
        since=starts_at - longest_blocked(),
        now=now,
    )
    return [Booking._make(values) for values in found]


def taken_by_others(
    institution, resources: Iterable[int], starts_at: datetime, ends_at: datetime, now: datetime
) -> list[Booking]:
    """When visible resources are taken by requests that do not concern the institution."""
    span = {"first": starts_at, "last": ends_at, "now": now}
    asked = ["meeting", "still out"] if starts_at < now else ["meeting"]
    return [
        only_times(now, *values)
        for name in asked
        for values in _TAKEN_BY_OTHERS[name].rows(
            institution=institution.pk, resources=resources, **span
        )
    ]


def only_times(now, resource: int, units: int, state: str, first, last) -> Booking:
    """One bar from the set-up to the end of the cleaning; what is still out is taken up to now."""
    if state == State.UNDERWAY:
        last = max(last, now)
    nobody = ("",) * 3
    return Booking(
        None, "", resource, 0, 0, State.APPROVED, units, first, last, first, last, None, *nobody
    )


def late_returns(institution, now: datetime) -> list[Booking]:
    """What should be back and is not, on either side, the longest overdue first."""
    return [Booking._make(values) for values in _LATE.rows(institution=institution.pk, now=now)]


def number_waiting(institution) -> int:
    """How many requests wait for the institution's decision."""
    return sum(_WAITING.column(institution=institution.pk))


def blocks_of(institution, resources: list[int], starts_at, ends_at) -> list[Block]:
    """Own use, service and repair; of others' resources only the times."""
    found = _BLOCKS.rows(
        institution=institution.pk, resources=resources, first=starts_at, last=ends_at
    )
    return [
        Block(pk, *(why if owner == institution.pk else ("", "")), first, last)
        for pk, *why, first, last, owner in found
    ]


def offered_of(institution, resources: list[int], starts_at, ends_at) -> list[tuple]:
    """(resource id, from, until) of what is offered to this institution, or by it."""
    return _OFFERED.rows(
        institution=institution.pk, resources=resources, first=starts_at, last=ends_at
    )
