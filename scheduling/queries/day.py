"""What a calendar shows: rows of resources and what happens on them, in a few bounded queries.

Names of the other side come out only for requests that concern the reader; of everybody else's
only the times.  The start of a booking is bounded from below by the longest loan, so that the
cost does not grow with history.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Q

from medshare_portal.bilingual import is_chinese
from resources.enums import ResourceStatus
from resources.kinds import kinds
from resources.limits import longest_blocked
from resources.models import BusyBlock, OfferedInterval, Resource
from scheduling.models import SharingRequest
from scheduling.states import State

PLANNED_AHEAD = timedelta(days=400)  # nobody books earlier than this before the start
SHOWN = (*State.OPEN, State.CLOSED)


class Row(NamedTuple):
    """A resource as the calendar lists it."""

    pk: int
    kind: str
    code: str
    name_en: str
    name_zh: str
    units: int
    status: str
    institution_id: int
    institution_en: str
    institution_zh: str
    category_id: int
    category_en: str
    category_zh: str
    path: str
    group_en: str
    group_zh: str

    @property
    def name(self) -> str:
        return _either(self.name_en, self.name_zh)

    @property
    def institution(self) -> str:
        return _either(self.institution_en, self.institution_zh)

    @property
    def category(self) -> str:
        return _either(self.category_en, self.category_zh)

    @property
    def group(self) -> str:
        return _either(self.group_en or self.category_en, self.group_zh or self.category_zh)


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
    owner_en: str
    owner_zh: str
    borrower_en: str
    borrower_zh: str

    @property
    def owner(self) -> str:
        return _either(self.owner_en, self.owner_zh)

    @property
    def borrower(self) -> str:
        return _either(self.borrower_en, self.borrower_zh)

    @property
    def reference(self) -> str:
        return f"{kinds[self.kind].prefix}-{self.pk}"

    def concerns(self, institution_id: int) -> bool:
        return institution_id in (self.owner_id, self.borrower_id)

    def only_times(self) -> "Booking":
        return self._replace(
            pk=None, place="", owner_en="", owner_zh="", borrower_en="", borrower_zh=""
        )


class Block(NamedTuple):
    resource_id: int
    reason: str
    note: str
    starts_at: datetime
    ends_at: datetime


BOOKING_COLUMNS = (
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
    "owner__name_en",
    "owner__name_zh",
    "borrower__name_en",
    "borrower__name_zh",
)
RESOURCE_COLUMNS = (
    "pk",
    "kind",
    "code",
    "name_en",
    "name_zh",
    "units",
    "status",
    "institution_id",
    "institution__name_en",
    "institution__name_zh",
    "category_id",
    "category__name_en",
    "category__name_zh",
    "category__path",
    "category__parent__name_en",
    "category__parent__name_zh",
)
LISTED = (ResourceStatus.LISTED, ResourceStatus.PAUSED, ResourceStatus.SUBMITTED)


def _either(english: str, chinese: str) -> str:
    return (chinese or english) if is_chinese() else (english or chinese)


def own_rows(institution, narrow) -> list[Row]:
    """The institution's resources in use, by category; ``narrow`` filters the queryset."""
    return _rows(narrow(Resource.objects.owned_by(institution).filter(status__in=LISTED)))


def visible_rows(institution, narrow, *, first: int, count: int) -> list[Row]:
    """A slice of all that the institution sees."""
    rows = narrow(Resource.objects.visible_to(institution).filter(status__in=LISTED))
    return _rows(rows, slice(first, first + count))


def _rows(queryset, part=slice(None)) -> list[Row]:
    ordered = queryset.order_by("category__path", "name_en", "code", "pk")
    return [Row._make(values) for values in ordered.values_list(*RESOURCE_COLUMNS)[part]]


def borrowed(institution, starts_at: datetime, ends_at: datetime) -> list[tuple[Row, Booking]]:
    """What the institution borrows within the period, with the resource, in one query."""
    columns = BOOKING_COLUMNS + tuple(f"resource__{name}" for name in RESOURCE_COLUMNS)
    found = (
        SharingRequest.objects.borrowed_by(institution)
        .filter(
            _within(starts_at, ends_at),
            state__in=SHOWN,
            created_at__gt=starts_at - longest_blocked() - PLANNED_AHEAD,
        )
        .values_list(*columns)
    )
    cut = len(BOOKING_COLUMNS)
    return [(Row._make(values[cut:]), Booking._make(values[:cut])) for values in found]


def _within(starts_at, ends_at) -> Q:
    """Meets the period, or is still out (a late return runs on)."""
    return Q(blocked_from__lt=ends_at, blocked_until__gt=starts_at) | Q(
        state=State.UNDERWAY, starts_at__lt=ends_at
    )


def bookings_of(
    institution, resources: Iterable[int], starts_at: datetime, ends_at: datetime
) -> list[Booking]:
    """What the institution lends of these resources within the period."""
    found = (
        SharingRequest.objects.owned_by(institution)
        .filter(
            _within(starts_at, ends_at),
            resource_id__in=list(resources),
            blocked_from__gt=starts_at - longest_blocked(),
            state__in=SHOWN,
        )
        .values_list(*BOOKING_COLUMNS)
    )
    return [Booking._make(values) for values in found]


def bookings_seen(
    institution, resources: Iterable[int], starts_at: datetime, ends_at: datetime
) -> list[Booking]:
    """What happens on visible resources: ours with names, everybody else's as times."""
    visible = Resource.objects.visible_to(institution).filter(pk__in=list(resources))
    ours = Q(owner=institution) | Q(borrower=institution)
    found = (
        SharingRequest.objects.of_visible(visible)
        .overlapping(starts_at, ends_at)
        .filter(
            Q(state__in=State.HOLDS_CAPACITY) | (Q(state__in=SHOWN) & ours),
            blocked_from__gt=starts_at - longest_blocked(),
        )
        .exclude(state=State.HELD, owner=institution)
        .values_list(*BOOKING_COLUMNS)
    )
    rows = (Booking._make(values) for values in found)
    return [row if row.concerns(institution.pk) else row.only_times() for row in rows]


def news_of(institution, now: datetime) -> list[Booking]:
    """What cannot wait, over all pages: late returns on either side, and what we must decide."""
    found = (
        SharingRequest.objects.concerning(institution)
        .filter(
            Q(state=State.UNDERWAY, ends_at__lt=now) | Q(state=State.REQUESTED, owner=institution)
        )
        .order_by("ends_at", "pk")
        .values_list(*BOOKING_COLUMNS)
    )
    return [Booking._make(values) for values in found]


def blocks_of(institution, resources: list[int], starts_at, ends_at) -> list[Block]:
    """Own use, service and repair; notes are the owner's alone."""
    visible = Resource.objects.visible_to(institution).filter(pk__in=resources)
    found = (
        BusyBlock.objects.of_visible(visible)
        .overlapping(starts_at, ends_at)
        .values_list("resource_id", "reason", "note", "starts_at", "ends_at", "institution_id")
    )
    return [
        Block(*values[:2], values[2] if values[5] == institution.pk else "", *values[3:5])
        for values in found
    ]


def offered_of(institution, resources: list[int], starts_at, ends_at) -> list[tuple]:
    """(resource id, from, until) of what is offered to this institution, or by it."""
    visible = Resource.objects.visible_to(institution).filter(pk__in=resources)
    return list(
        OfferedInterval.objects.of_visible(visible)
        .filter(offer__status="published")
        .overlapping(starts_at, ends_at)
        .order_by("starts_at", "pk")
        .values_list("resource_id", "starts_at", "ends_at")
    )
