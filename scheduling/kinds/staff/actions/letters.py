"""Letters to the person: queued in the action's transaction, mailed by a job."""

from datetime import datetime

from scheduling.after_moves import register
from scheduling.models import SharingRequest, StaffMail

OTHER_TIMES = ("recall", "shortening")


def queue(sharing_request: SharingRequest, event: str, *, now: datetime) -> None:
    """Every person gets one, with or without an account; of the dates of a series that one step
    moves, the first one's letter stands for all."""
    if sharing_request.series_id is not None and _written(sharing_request, event, now):
        return
    StaffMail.objects.create(
        sharing_request=sharing_request, event=StaffMail.Event(event).value, queued_at=now
    )


def _written(sharing_request: SharingRequest, event: str, now: datetime) -> bool:
    dates = SharingRequest.objects.of_series(sharing_request.series_id)
    letters = StaffMail.objects.of_scoped(dates)
    return letters.filter(event=StaffMail.Event(event).value, queued_at=now).exists()


@register
def tell_of_other_times(*, sharing_request: SharingRequest, transition: str, by, now) -> None:
    """Whoever changes the end, the person reads it in a letter."""
    if transition in OTHER_TIMES and hasattr(sharing_request, "staff_engagement"):
        queue(sharing_request, "changed", now=now)
