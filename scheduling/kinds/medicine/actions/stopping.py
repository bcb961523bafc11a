"""A lot that is recalled or held back stops every open step that holds it, at once."""

from datetime import datetime

from resources.kinds.medicine.actions.states import stopping
from scheduling.actions.suspensions import suspend
from scheduling.models import SharingRequest
from scheduling.states import State, Suspension

REASON = "every request that holds a stopped lot, whoever made it"


@stopping.decorator("requests")
def stop_requests(*, lot, reason: str, by, now: datetime) -> None:
    """Put every open request for the lot on hold; both sides are told by name and number."""
    rows = SharingRequest.objects.everywhere(reason=REASON).filter(
        resource=lot.pk, state__in=State.OPEN, suspended_at__isnull=True
    )
    for request in rows.order_by("pk"):
        suspend(
            sharing_request=request,
            reason=Suspension.RECALLED_LOT,
            text=reason,
            now=now,
            by=by,
        )
