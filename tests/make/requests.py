"""Sharing requests in any state, with the columns and the log that the state implies."""

from datetime import datetime, timedelta

from django.utils import timezone

from medshare_portal.models import Institution, User
from resources.models import Resource
from scheduling.models import Handover, SharingRequest, TimeChange, TransitionLog
from scheduling.states import ChangeKind, ChangeStatus, Side, Stage, State
from tests.make.people import user

# The steps that led to a state: (transition, side, from, to).
ASKED = [("ask", Side.BORROWER, "", State.REQUESTED)]
APPROVED = [*ASKED, ("approve", Side.OWNER, State.REQUESTED, State.APPROVED)]
UNDERWAY = [*APPROVED, ("hand_over", Side.BORROWER, State.APPROVED, State.UNDERWAY)]
FINISHED = [*UNDERWAY, ("return", Side.OWNER, State.UNDERWAY, State.FINISHED)]
STEPS = {
    State.HELD: [("hold", Side.BORROWER, "", State.HELD)],
    State.REQUESTED: ASKED,
    State.COUNTERED: [*ASKED, ("counter", Side.OWNER, State.REQUESTED, State.COUNTERED)],
    State.APPROVED: APPROVED,
    State.UNDERWAY: UNDERWAY,
    State.FINISHED: FINISHED,
    State.CLOSED: [*FINISHED, ("close", Side.OWNER, State.FINISHED, State.CLOSED)],
    State.DECLINED: [*ASKED, ("decline", Side.OWNER, State.REQUESTED, State.DECLINED)],
    State.WITHDRAWN: [*ASKED, ("withdraw", Side.BORROWER, State.REQUESTED, State.WITHDRAWN)],
    State.LAPSED: [*ASKED, ("lapse", Side.SYSTEM, State.REQUESTED, State.LAPSED)],
    State.CANCELLED: [*APPROVED, ("cancel", Side.BORROWER, State.APPROVED, State.CANCELLED)],
    State.NO_SHOW: [*APPROVED, ("no_show", Side.OWNER, State.APPROVED, State.NO_SHOW)],
}


def sharing_request(
    resource: Resource,
    borrower: Institution,
    *,
    state: str = State.REQUESTED,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    by: User | None = None,
    decided_by: User | None = None,
    now: datetime | None = None,
    **fields,
) -> SharingRequest:
    """A request as its actions would have left it; by default tomorrow for eight hours.

    With a ``quantity`` (and ``asked_quantity``) it claims that and lies at no time.
    """
    now = now or timezone.now()
    starts_at = starts_at or now + timedelta(days=1)
    ends_at = ends_at or starts_at + timedelta(hours=8)
    times = {} if "quantity" in fields else _times(starts_at, ends_at)
    values = times | _moments(state, now, starts_at, ends_at)
    values |= {
        "resource": resource,
        "owner": resource.institution,
        "borrower": borrower,
        "kind": resource.kind,
        "state": state,
        "exclusive": resource.units == 1,
        "offer": resource.offers.filter(status="published").first(),
        "purpose": "Cover for a unit in repair",
        "mode": "loan",
        "created_at": now,
        "created_by": by or user(at=borrower, role="coordinator"),
    }
    if state in State.DECIDED or state == State.CANCELLED:
        values |= {
            "decided_at": now,
            "decided_by": decided_by or user(at=resource.institution, role="approver"),
        }
    made = SharingRequest.unscoped.create(**values | fields)
    _log(made, now)
    return made


def _times(starts_at: datetime, ends_at: datetime) -> dict:
    return {
        "starts_at": starts_at,
        "ends_at": ends_at,
        "blocked_from": starts_at,
        "blocked_until": ends_at,
        "asked_starts_at": starts_at,
        "asked_ends_at": ends_at,
    }


def _moments(state: str, now: datetime, starts_at: datetime, ends_at: datetime) -> dict:
    """What the check constraints ask of each state."""
    values = {}
    if state == State.HELD:
        values["hold_expires_at"] = now + timedelta(minutes=15)
    else:
        values["submitted_at"] = now
    if state in State.PENDING:
        values["due_at"] = now + timedelta(hours=48)
    if state in (State.UNDERWAY, State.FINISHED, State.CLOSED):
        values["actual_starts_at"] = starts_at
    if state in (State.FINISHED, State.CLOSED):
        values["actual_ends_at"] = ends_at
    if state in State.ENDED:
        values["ended_at"] = now
    if state == State.DECLINED:
        values["decision_code"] = "own_need"
    if state == State.CANCELLED:
        values["decision_code"] = "no_longer_needed"
    return values


def _log(made: SharingRequest, now: datetime) -> None:
    people = {Side.BORROWER: made.created_by, Side.OWNER: made.decided_by}
    for name, side, source, target in STEPS[State(made.state)]:
        TransitionLog.unscoped.create(
            sharing_request=made,
            at=now,
            by=people.get(side),
            side=side,
            transition=name,
            from_state=source,
            to_state=target,
            new_starts_at=made.starts_at,
            new_ends_at=made.ends_at,
        )


def handover(
    sharing_request: SharingRequest,
    *,
    stage: str = Stage.HANDOVER,
    given_by: User,
    received_by: User | None = None,
    now: datetime | None = None,
    **fields,
) -> Handover:
    """A given stage; with ``received_by`` it is signed by both sides."""
    now = now or timezone.now()
    values = {"decontaminated": True, "given_at": now}
    if received_by:
        values |= {"received_by": received_by, "received_at": now}
    return Handover.unscoped.create(
        sharing_request=sharing_request, stage=stage, given_by=given_by, **values | fields
    )


def time_change(
    sharing_request: SharingRequest,
    *,
    new_ends_at: datetime,
    by: User,
    kind: str = ChangeKind.EXTENSION,
    now: datetime | None = None,
    **fields,
) -> TimeChange:
    """An extension that waits for the owner's answer."""
    now = now or timezone.now()
    values = {
        "status": ChangeStatus.PENDING,
        "old_ends_at": sharing_request.ends_at,
        "due_at": now + timedelta(hours=4),
        "reason": "The unit in repair is not back yet",
    }
    return TimeChange.unscoped.create(
        sharing_request=sharing_request,
        kind=kind,
        new_ends_at=new_ends_at,
        asked_at=now,
        asked_by=by,
        **values | fields,
    )
