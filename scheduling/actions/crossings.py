"""A longer use that crosses what others asked for: they are told when it is asked and when it is
agreed, each with what they can have instead."""

from datetime import datetime

from resources.buffers import before_and_after
from scheduling import notices
from scheduling.after_moves import register
from scheduling.models import SharingRequest, TimeChange
from scheduling.queries.following import crossed
from scheduling.states import ChangeStatus

CODES = {"ask_extension": "time-crossed", "extend": "time-taken"}


@register
def follow(*, sharing_request: SharingRequest, transition: str, by, now: datetime) -> None:
    """Runs in the move's transaction; only notices are written."""
    if transition not in CODES:
        return
    change = _latest(sharing_request)
    if change is None:
        return
    _before, after = before_and_after(offer=sharing_request.offer, mode=sharing_request.mode)
    span = (change.old_ends_at + after, change.new_ends_at + after)
    for wish in crossed(sharing_request, *span):
        key = f"{sharing_request.pk} {change.pk}"
        notices.send(CODES[transition], wish, now=now, by=by, key=key)


def _latest(sharing_request: SharingRequest) -> TimeChange | None:
    """The extension that was asked or agreed just now."""
    told = (ChangeStatus.PENDING, ChangeStatus.AGREED)
    rows = TimeChange.objects.of(sharing_request).filter(kind="extension", status__in=told)
    return rows.order_by("-asked_at", "-pk").first()
