"""What the workflow tells the catalogue about taken times."""

from resources.occupancy import TIMES_ONLY, Booking, Occupancy, first_booking, sources
from scheduling.models import SharingRequest


def bookings():
    return SharingRequest.objects.everywhere(reason=TIMES_ONLY).holding_capacity()


def whole_bookings():
    """Requests that take a single unit; a set may still have free ones."""
    return bookings().filter(exclusive=True)


sources.add(
    "bookings",
    Occupancy(rows=whole_bookings, starts="blocked_from", ends="blocked_until", bookings=bookings),
)


@first_booking.decorator("requests")
def booking_that_meets(resource, starts_at, ends_at) -> Booking | None:
    """The first request that holds capacity in a time, for the owner of the resource."""
    requests = SharingRequest.objects.everywhere(reason=TIMES_ONLY).filter(resource=resource)
    meeting = requests.holding_capacity().overlapping(starts_at, ends_at)
    found = meeting.select_related("borrower").order_by("blocked_from", "pk").first()
    if found is None:
        return None
    label = f"{found.reference} · {found.borrower.name}"
    return Booking(label, found.blocked_from, found.blocked_until)
