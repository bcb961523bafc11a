"""What the workflow tells the catalogue about taken times."""

from django.db.models import Count

from resources.occupancy import (
    TIMES_ONLY,
    Booking,
    Occupancy,
    endings,
    first_booking,
    lines,
    sources,
)
from scheduling.actions.lapses import lapse_holds
from scheduling.models import SharingRequest, WaitlistEntry
from scheduling.states import State

endings.add("holds", lapse_holds)


def bookings(now):
    return SharingRequest.objects.everywhere(reason=TIMES_ONLY).taking(now)


def whole_bookings(now):
    """Requests that take a single unit; a set may still have free ones."""
    return bookings(now).filter(exclusive=True)


sources.add(
    "bookings",
    Occupancy(rows=whole_bookings, starts="blocked_from", ends="blocked_until", bookings=bookings),
)


def promised(now):
    return SharingRequest.objects.everywhere(reason=TIMES_ONLY).promised()


def wholly_promised(now):
    return promised(now).filter(exclusive=True)


sources.add(
    "promised places",
    Occupancy(rows=wholly_promised, starts="blocked_from", ends="blocked_until", bookings=promised),
)


@lines.decorator("wait-list")
def standing_in_line(resources, *, now) -> dict[int, int]:
    """Who waits for one of a category stands in no resource's own line."""
    rows = WaitlistEntry.objects.everywhere(reason="a number per resource comes out").waiting()
    waiting = rows.filter(resource__in=resources, latest_start__gt=now).order_by()
    return dict(waiting.values_list("resource").annotate(Count("pk")))


@first_booking.decorator("requests")
def booking_that_meets(resource, starts_at, ends_at, *, now) -> Booking | None:
    """The first request that holds capacity in a time, for the owner of the resource."""
    meeting = bookings(now).filter(resource=resource).overlapping(starts_at, ends_at)
    found = meeting.select_related("borrower").order_by("blocked_from", "pk").first()
    if found is None:
        return None
    if found.state == State.HELD:
        return Booking("", found.blocked_from, found.blocked_until, found.hold_expires_at)
    label = f"{found.reference} · {found.borrower.name}"
    return Booking(label, found.blocked_from, found.blocked_until)
