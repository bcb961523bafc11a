"""On hold: what was agreed stands, but nothing goes on until the reason is settled."""

from datetime import datetime

from medshare_portal.refusals import Refusal
from scheduling.actions._lock import lock_request
from scheduling.actions._move import IllegalTransition, change_times
from scheduling.models import SharingRequest
from scheduling.states import Side, State, Suspension


class NotOnHold(Refusal):
    """There is nothing to release."""

    status = 409


def suspend(
    *,
    sharing_request: SharingRequest,
    reason: Suspension,
    text: str,
    now: datetime,
    by=None,
    side: Side = Side.SYSTEM,
) -> SharingRequest:
    """Put a request on hold and tell both sides.  One that is on hold already stays as it is.

    The caller has checked the right to do so.  Raises IllegalTransition when the request has ended.
    """
    fresh = lock_request(sharing_request)
    if fresh.state not in State.OPEN:
        raise IllegalTransition(fresh.state)
    if fresh.suspended_at is not None:
        return fresh
    return change_times(
        fresh,
        "suspend",
        side=side,
        by=by,
        now=now,
        text=text,
        data={"why": Suspension(reason).value},
        suspended_at=now,
        suspended_reason=Suspension(reason).value,
    )


def resume(
    *, sharing_request: SharingRequest, text: str, now: datetime, by=None, side: Side = Side.SYSTEM
) -> SharingRequest:
    """The reason is settled: the next step is possible again.  Raises NotOnHold."""
    fresh = lock_request(sharing_request)
    if fresh.suspended_at is None:
        raise NotOnHold
    return change_times(
        fresh,
        "resume",
        side=side,
        by=by,
        now=now,
        text=text,
        suspended_at=None,
        suspended_reason="",
    )
