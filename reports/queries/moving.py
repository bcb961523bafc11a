"""What leaves an institution and what reaches it: the sections and the week of the home page.

Every section is one prepared statement that tells its first rows and how many there are.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db.models import BigIntegerField, Count, DateTimeField, Q, QuerySet, Window

from medshare_portal.db.prepared import Bind, Prepared
from scheduling.models import SharingRequest
from scheduling.states import State

SHOWN = 5
DAY = timedelta(days=1)
HERE, UNTIL = Bind("here", BigIntegerField()), Bind("until", DateTimeField())
MOVING = (State.APPROVED, State.UNDERWAY)


class Section:
    """The first rows of an ordered queryset, and the number of all."""

    def __init__(self, make: Callable[[], QuerySet]):
        self.rows = Prepared(lambda: make().annotate(number=Window(Count("*")))[:SHOWN])

    def read(self, **values) -> tuple[list, int]:
        found = self.rows.instances(**values)
        return found, found[0].number if found else 0


def _in_order(rows: QuerySet, moment: str) -> QuerySet:
    return rows.select_related("resource__site", "delivery_site", "owner", "borrower").order_by(
        moment, "pk"
    )


def _with_times(rows: QuerySet) -> QuerySet:
    """Under way, and due back; what claims no time never is."""
    return rows.filter(state=State.UNDERWAY, ends_at__isnull=False)


def _out() -> QuerySet:
    """What others have from us, due back first."""
    return _in_order(_with_times(SharingRequest.objects.owned_by(HERE)), "ends_at")


def _here() -> QuerySet:
    """What we have from others, due back first."""
    return _in_order(_with_times(SharingRequest.objects.borrowed_by(HERE)), "ends_at")


def _to_collect() -> QuerySet:
    """Borrowed devices that reach us within a day."""
    rows = SharingRequest.objects.borrowed_by(HERE)
    return _in_order(rows.filter(state=State.APPROVED, starts_at__lt=UNTIL), "starts_at")


def _on_their_way_back() -> QuerySet:
    """Our own devices that are due back within a day."""
    rows = SharingRequest.objects.owned_by(HERE)
    return _in_order(rows.filter(state=State.UNDERWAY, ends_at__lt=UNTIL), "starts_at")


def _leaving() -> QuerySet:
    """Our devices that are handed over within a day."""
    rows = SharingRequest.objects.owned_by(HERE)
    return _in_order(rows.filter(state=State.APPROVED, starts_at__lt=UNTIL), "starts_at")


# What comes is read by side: asked for either side at once, SQLite may walk through every booking.
SECTIONS = {
    "out": (Section(_out),),
    "leaving": (Section(_leaving),),
    "coming": (Section(_to_collect), Section(_on_their_way_back)),
    "here": (Section(_here),),
}


def sections(institution, *, now: datetime) -> dict[str, tuple[list[SharingRequest], int]]:
    """Of each section the first rows and the number."""
    values = {"here": institution.pk, "until": now + DAY}
    return {name: _together(parts, values) for name, parts in SECTIONS.items()}


def _together(parts: tuple[Section, ...], values: dict) -> tuple[list[SharingRequest], int]:
    read = [part.read(**values) for part in parts]
    rows = [row for found, _number in read for row in found]
    if len(parts) > 1:
        rows.sort(key=lambda row: (row.starts_at, row.pk))
    return rows[:SHOWN], sum(number for _found, number in read)


_MOVES = Prepared(
    lambda: (
        SharingRequest.objects.concerning(HERE)
        .filter(Q(borrower=HERE, state__in=MOVING) | Q(owner=HERE, state__in=MOVING))
        .filter(Q(state=State.APPROVED, starts_at__lt=UNTIL) | Q(ends_at__lt=UNTIL))
        .only("state", "owner_id", "borrower_id", "resource_id", "starts_at", "ends_at")
        .order_by("starts_at", "pk")
    )
)


def moves(institution, until: datetime) -> list[SharingRequest]:
    """What moves before a moment, or should have; with its times and sides and no more."""
    return _MOVES.instances(here=institution.pk, until=until)
