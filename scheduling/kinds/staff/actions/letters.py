"""Letters to the person: queued in the action's transaction, mailed by a job."""

from datetime import datetime

from scheduling.models import SharingRequest, StaffMail


def queue(sharing_request: SharingRequest, event: str, *, now: datetime) -> None:
    """Every person gets one, with or without an account."""
    StaffMail.objects.create(
        sharing_request=sharing_request, event=StaffMail.Event(event).value, queued_at=now
    )
