"""All that a request for access asks for, approved as one of a batch."""

from datetime import datetime

from scheduling.kinds.information.actions import deciding
from scheduling.models import AccessGrant, SharingRequest


def approve_whole(*, sharing_request: SharingRequest, by, now: datetime, text="", accepted=None):
    """All looks until the day that was asked, as one of a batch; there is no warning to pass."""
    grant = AccessGrant.objects.of(sharing_request).get()
    return deciding.approve(
        sharing_request=sharing_request,
        until=grant.asked_until,
        looks=int(sharing_request.asked_quantity),
        by=by,
        now=now,
        text=text,
    )
