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
    return rows.select_related("resource__site", "owner", "borrower").order_by(moment, "pk")


def _out() -> QuerySet:
    """What others have from us, due back first."""
    return _in_order(SharingRequest.objects.owned_by(HERE).filter(state=State.UNDERWAY), "ends_at")


def _here() -> QuerySet:
    """What we have from others, due back first."""
    rows = SharingRequest.objects.borrowed_by(HERE).filter(state=State.UNDERWAY)
    return _in_order(rows, "ends_at")


def _coming() -> QuerySet:
    """What reaches us within a day: borrowed devices to collect, our own on their way back."""
    rows = SharingRequest.objects.concerning(HERE).filter(
        Q(borrower=HERE, state=State.APPROVED, starts_at__lt=UNTIL)
        | Q(owner=HERE, state=State.UNDERWAY, ends_at__lt=UNTIL)
    )
    return _in_order(rows, "starts_at")


def _leaving() -> QuerySet:
    """Our devices that are handed over within a day."""
    rows = SharingRequest.objects.owned_by(HERE)
    return _in_order(rows.filter(state=State.APPROVED, starts_at__lt=UNTIL), "starts_at")


SECTIONS = {
    "out": Section(_out),
    "leaving": Section(_leaving),
    "coming": Section(_coming),
    "here": Section(_here),
}


def sections(institution, *, now: datetime) -> dict[str, tuple[list[SharingRequest], int]]:
    """Of each section the first rows and the number."""
    values = {"here": institution.pk, "until": now + DAY}
    return {name: section.read(**values) for name, section in SECTIONS.items()}


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
