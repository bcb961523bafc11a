"""An extension that waits ends with its share: whoever ended that has overtaken the answer."""

from datetime import datetime

from scheduling.after_moves import register
from scheduling.models import SharingRequest, TimeChange
from scheduling.states import ChangeStatus

ENDS = frozenset({"return", "cancel", "cancel_by_owner", "no_show", "release_booking"})


@register
def follow(*, sharing_request: SharingRequest, transition: str, by, now: datetime) -> None:
    """Not for want of an answer, so it names who did it (``changes_count``)."""
    if transition not in ENDS:
        return
    pending = TimeChange.objects.of(sharing_request).filter(status=ChangeStatus.PENDING)
    for change in pending:
        change.status, change.decided_at = ChangeStatus.LAPSED, now
        change.decided_by = by or change.asked_by
        change.save(update_fields=["status", "decided_at", "decided_by"])
