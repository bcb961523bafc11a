"""All that a transfer asks for, approved as one of a batch."""

from datetime import datetime

from scheduling.kinds.medicine.actions import deciding
from scheduling.models import SharingRequest


def approve_whole(*, sharing_request: SharingRequest, by, now: datetime, text="", accepted=None):
    """All packs that were asked, as one of a batch."""
    return deciding.approve(
        sharing_request=sharing_request,
        quantity=int(sharing_request.quantity),
        by=by,
        now=now,
        text=text,
        accepted=accepted,
    )
