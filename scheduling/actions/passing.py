"""Somebody at the device passes the step that is due on to a colleague, who is told where it is."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from medshare_portal import audit
from medshare_portal.notices import people_with, queue
from medshare_portal.refusals import Refusal
from medshare_portal.roles import Permission
from scheduling.actions._lock import lock_request, require
from scheduling.models import SharingRequest
from scheduling.notices_passing import PassedOn, context_for
from scheduling.states import Side, State

# Whose turn it is at a state, with what right, and on which page (url name).
DUE = {
    (State.APPROVED, Side.OWNER): (Permission.HAND_OVER, "handover"),
    (State.APPROVED, Side.BORROWER): (Permission.HAND_OVER, "receipt"),
    (State.UNDERWAY, Side.BORROWER): (Permission.HAND_OVER, "return"),
    (State.UNDERWAY, Side.OWNER): (Permission.HAND_OVER, "receipt"),
    (State.FINISHED, Side.OWNER): (Permission.POST_CHECK, "post-check"),
}


class NothingDue(Refusal):
    message = _("No step of yours is due here now.")
    status = 409


class CannotDoIt(Refusal):
    """Not an active colleague with the right to the step."""

    message = _("Choose a colleague whose role may take this step.")
    field = "colleague"
    status = 422


def colleagues_for(sharing_request: SharingRequest, institution):
    """Who may take the step of this side that is due; nobody where none is."""
    due = DUE.get((State(sharing_request.state), sharing_request.side_of(institution)))
    people = people_with(Permission.HAND_OVER, institution, sharing_request.kind)
    return people_with(due[0], institution, sharing_request.kind) if due else people.none()


def pass_on(
    *, sharing_request: SharingRequest, institution, colleague, by, now: datetime
) -> SharingRequest:
    """Tell one colleague of the step; whoever comes first still takes it.

    Raises NothingDue, NotYours, CannotDoIt.
    """
    fresh = lock_request(sharing_request)
    due = DUE.get((State(fresh.state), fresh.side_of(institution)))
    if due is None:
        raise NothingDue
    permission, page = due
    require(by=by, institution=institution, permission=permission, kind=fresh.kind)
    if colleague.pk == by.pk or colleague not in colleagues_for(fresh, institution):
        raise CannotDoIt
    queue(
        PassedOn,
        users=[colleague],
        institution=institution,
        event_key=f"{PassedOn.code}:{fresh.pk}:{now.isoformat()}",
        context=context_for(fresh, institution, page=page, by=by),
        now=now,
        object_id=fresh.pk,
    )
    audit.record(
        chains=[institution.slug],
        by=by,
        action="request.pass_on",
        obj=fresh,
        now=now,
        data={"kind": fresh.kind, "given_to": str(colleague)},
    )
    return fresh
