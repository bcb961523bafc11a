"""What the workflow tells the catalogue about taken times."""

from resources.occupancy import TIMES_ONLY, Occupancy, sources
from scheduling.models import SharingRequest


def bookings():
    """Requests that take a single unit; a set may still have free ones, so it is not asked."""
    requests = SharingRequest.objects.everywhere(reason=TIMES_ONLY)
    return requests.holding_capacity().filter(exclusive=True)


sources.add("bookings", Occupancy(rows=bookings, starts="blocked_from", ends="blocked_until"))
