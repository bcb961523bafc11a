"""What is done under a crisis is marked: the request, the step's log and the audit trail."""

from datetime import datetime

from medshare_portal import crises
from resources.enums import Visibility
from resources.models import Resource
from resources.relaxations import WIDER
from scheduling.models import SharingRequest
from scheduling.states import State

ASKED_OR_AGREED = {State.REQUESTED, State.APPROVED}


def share_of(sharing_request: SharingRequest) -> dict:
    """What the scope of a crisis is compared with (``RunningCrisis.covers``)."""
    return {
        "kind": sharing_request.kind,
        "owner_id": sharing_request.owner_id,
        "borrower_id": sharing_request.borrower_id,
        "category_id": sharing_request.resource.category_id,
    }


def marks(
    sharing_request: SharingRequest, *, to_state: str, now: datetime, data: dict | None
) -> tuple[dict, dict]:
    """The columns and the log's facts of a step that is made now: empty and as they were, unless
    a crisis runs that covers the request.

    What is asked or agreed while it runs is under it, and so is every step of that from then on
    until its end.  A request that meets two crises belongs to the later one; the log keeps both.
    """
    crisis = crises.current(now)
    if crisis is None or not crisis.covers(**share_of(sharing_request)):
        return {}, data or {}
    new = to_state in ASKED_OR_AGREED and sharing_request.crisis_id != crisis.pk
    if not new and sharing_request.crisis_id != crisis.pk:
        return {}, data or {}
    relaxed = [*(data or {}).get("relaxed", [])]
    asked = to_state == State.REQUESTED and sharing_request.submitted_at in (None, now)
    if asked and seen_only_by(crisis, sharing_request):
        relaxed.append(WIDER)
    facts = {**(data or {}), "crisis": crisis.pk} | ({"relaxed": relaxed} if relaxed else {})
    return ({"crisis_id": crisis.pk} if new else {}), facts


def seen_only_by(crisis: crises.RunningCrisis, sharing_request: SharingRequest) -> bool:
    """Whether the borrower would not see the resource without the crisis."""
    resource = sharing_request.resource
    if WIDER not in crisis.relaxed or resource.visibility not in Visibility.LIMITED:
        return False
    addressed = Resource.objects.addressed_to(sharing_request.borrower)
    return not addressed.filter(pk=resource.pk).exists()
