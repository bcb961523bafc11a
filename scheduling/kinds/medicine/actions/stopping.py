"""A lot that is recalled or held back stops every open step that holds it, at once."""

from datetime import datetime

from resources.kinds.medicine.actions.states import releasing, stopping
from scheduling.actions.suspensions import resume, suspend
from scheduling.models import SharingRequest
from scheduling.states import State, Suspension

REASON = "every request that holds a stopped lot, whoever made it"


def _open_for(lot, **holding):
    rows = SharingRequest.objects.everywhere(reason=REASON)
    return rows.filter(resource=lot.pk, state__in=State.OPEN, **holding).order_by("pk")


@stopping.decorator("requests")
def stop_requests(*, lot, reason: str, by, now: datetime) -> None:
    """Put every open request for the lot on hold; both sides are told by name and number."""
    for request in _open_for(lot, suspended_at__isnull=True):
        suspend(
            sharing_request=request,
            reason=Suspension.RECALLED_LOT,
            text=reason,
            now=now,
            by=by,
        )


@releasing.decorator("requests")
def release_requests(*, lot, reason: str, by, now: datetime) -> None:
    """What was stopped with the lot goes on; what is on hold for something else stays so."""
    for request in _open_for(lot, suspended_reason=Suspension.RECALLED_LOT):
        resume(sharing_request=request, text=reason, now=now, by=by)
