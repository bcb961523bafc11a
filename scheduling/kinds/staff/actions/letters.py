"""Letters to the person: queued in the action's transaction, mailed by a job."""

from datetime import datetime

from scheduling.after_moves import register
from scheduling.models import SharingRequest, StaffMail

OTHER_TIMES = ("recall", "shortening")


def queue(sharing_request: SharingRequest, event: str, *, now: datetime) -> None:
    """Every person gets one, with or without an account."""
    StaffMail.objects.create(
        sharing_request=sharing_request, event=StaffMail.Event(event).value, queued_at=now
    )


@register
def tell_of_other_times(*, sharing_request: SharingRequest, transition: str, by, now) -> None:
    """Whoever changes the end, the person reads it in a letter."""
    if transition in OTHER_TIMES and hasattr(sharing_request, "staff_engagement"):
        queue(sharing_request, "changed", now=now)
