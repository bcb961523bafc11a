"""The one door through which a request's state and times change.

Compare-and-set on the state, the transition log, the notices, what follows (``after_moves``) and
the audit event: all in the caller's transaction, or none.
"""

from datetime import datetime
from functools import cache

from django.db.models import BigIntegerField, CharField, F, IntegerField
from django.utils.translation import gettext_lazy as _

from medshare_portal import audit
from medshare_portal.db.prepared import Bind
from medshare_portal.db.prepared_writes import NewValue, PreparedInsert, PreparedUpdate
from medshare_portal.models import AuditEvent
from medshare_portal.refusals import Refusal
from scheduling import after_moves, notices
from scheduling.actions import _basket
from scheduling.actions._lock import REASON, capacity_refusals
from scheduling.actions._under_crisis import marks
from scheduling.kinds import kinds
from scheduling.models import SharingRequest, TransitionLog
from scheduling.queries.sign_offs import missing_consents
from scheduling.states import Rung, Side, State, Suspension
from scheduling.workflow import TRANSITIONS, Transition

NEW_REQUEST = PreparedInsert(SharingRequest)
LOGGED = PreparedInsert(TransitionLog)


class IllegalTransition(Refusal):
    """GEN-07: the request is not in a state that this step starts from."""

    message = _("This step is not possible any more: the request is now “%(state)s”.")
    status = 409

    def __init__(self, state: str):
        super().__init__(str(self.message) % {"state": State(state).label})


class OnHold(Refusal):
    """A suspended request makes no step forward."""

    message = _("The request is on hold: %(reason)s. Settle that first.")
    status = 409

    def __init__(self, reason: str):
        super().__init__(str(self.message) % {"reason": Suspension(reason).label})


class ConsentMissing(Refusal):
    """Somebody else's consent is not there yet."""

    message = _("This waits for: %(who)s.")
    status = 409

    def __init__(self, missing):
        who = str(_(", ")).join(str(part.label) for part in missing)
        super().__init__(str(self.message) % {"who": who})


def move(
    sharing_request: SharingRequest,
    transition: str,
    *,
    side: Side,
    by,
    now: datetime,
    reason_code: str = "",
    text: str = "",
    data: dict | None = None,
    **changes,
) -> SharingRequest:
    """Make a transition with further column changes.

    Raises IllegalTransition when the state has moved on or the kind has no such step, OnHold,
    ConsentMissing, what its basket forbids (``_basket``), SlotTaken when the time is not free.
    """
    step = TRANSITIONS[transition]
    _must_be_possible(sharing_request, step, side, changes)
    if step.target in State.ENDED:
        changes["ended_at"] = now
    before = _times(sharing_request)
    from_state = sharing_request.state
    marked, data = marks(sharing_request, to_state=step.target.value, now=now, data=data)
    _set(sharing_request, from_state, state=step.target.value, **changes, **marked)
    if on_step := kinds[sharing_request.kind].on_step:
        on_step(sharing_request=sharing_request, transition=transition, by=by, now=now)
    _log(
        sharing_request,
        transition,
        before,
        from_state,
        side=side,
        by=by,
        now=now,
        reason_code=reason_code,
        text=text,
        data=data,
    )
    return sharing_request


def _must_be_possible(
    sharing_request: SharingRequest, step: Transition, side: Side, changes: dict
) -> None:
    has_step = step.name in kinds[sharing_request.kind].steps
    if not has_step or sharing_request.state not in step.sources or side not in step.sides:
        raise IllegalTransition(sharing_request.state)
    if step.forward and sharing_request.suspended_at is not None:
        raise OnHold(sharing_request.suspended_reason)
    if missing := missing_consents(sharing_request, step.name):
        raise ConsentMissing(missing)
    _basket.must_allow(sharing_request, step, changes)


def change_times(
    sharing_request: SharingRequest,
    name: str,
    *,
    side: Side,
    by,
    now: datetime,
    text: str = "",
    data: dict | None = None,
    **changes,
) -> SharingRequest:
    """New times or terms in the same state (extension, recall, earlier end).

    Raises SlotTaken, StaysWhole."""
    _basket.must_stay_whole(sharing_request, changes)
    before = _times(sharing_request)
    _marked, data = marks(sharing_request, to_state="", now=now, data=data)
    _set(sharing_request, sharing_request.state, **changes)
    _log(
        sharing_request,
        name,
        before,
        sharing_request.state,
        side=side,
        by=by,
        now=now,
        reason_code="",
        text=text,
        data=data,
    )
    return sharing_request


def noted(sharing_request: SharingRequest, name: str, *, side: Side, now, by=None) -> None:
    """Something happened that changes nothing of the request: whoever has its page open may still
    send it.  Under the caller's lock."""
    _log(
        sharing_request,
        name,
        _times(sharing_request),
        sharing_request.state,
        side=side,
        by=by,
        now=now,
        reason_code="",
        text="",
        data={},
    )


def created(
    sharing_request: SharingRequest,
    name: str,
    *,
    by,
    now: datetime,
    data: dict | None = None,
    side: Side = Side.BORROWER,
) -> SharingRequest:
    """Store a new request (held or requested) and its first log entry."""
    marked, data = marks(sharing_request, to_state=sharing_request.state, now=now, data=data)
    for column, value in marked.items():
        setattr(sharing_request, column, value)
    with capacity_refusals():
        NEW_REQUEST.one(sharing_request)
    _log(
        sharing_request,
        name,
        (None, None),
        "",
        side=side,
        by=by,
        now=now,
        reason_code="",
        text=sharing_request.purpose,
        data=data,
    )
    return sharing_request


def _times(sharing_request):
    return sharing_request.starts_at, sharing_request.ends_at


def _set(sharing_request: SharingRequest, from_state: str, **changes) -> None:
    if "due_at" in changes:  # another answer, which nobody was reminded of
        changes["escalation"] = Rung.NONE
    old = {"pk": sharing_request.pk, "state": from_state, "version": sharing_request.version}
    with capacity_refusals():
        rows = _update_of(*_columns(changes)).run(
            **{f"old_{name}": value for name, value in old.items()}, **_columns(changes)
        )
    if not rows:
        raise IllegalTransition(from_state)
    sharing_request.version += 1
    for name, value in changes.items():
        setattr(sharing_request, name, value)


def _columns(changes: dict) -> dict:
    """Changes by column, rows that are referred to by their keys."""
    return {
        SharingRequest._meta.get_field(name).attname: getattr(value, "pk", value)
        for name, value in changes.items()
    }


@cache
def _update_of(*columns: str) -> PreparedUpdate:
    """Compare-and-set of these columns: only a row in the state and version that were read."""
    new = {name.removesuffix("_id"): NewValue(SharingRequest, name) for name in columns}
    return PreparedUpdate(
        lambda: SharingRequest.objects.everywhere(reason=REASON).filter(
            pk=Bind("old_pk", BigIntegerField()),
            state=Bind("old_state", CharField()),
            version=Bind("old_version", IntegerField()),
        ),
        version=F("version") + 1,
        **new,
    )


def _log(sharing_request, name, before, from_state, *, side, by, now, reason_code, text, data):
    LOGGED.one(
        TransitionLog(
            sharing_request=sharing_request,
            at=now,
            by=by,
            side=side,
            transition=name,
            from_state=from_state,
            to_state=sharing_request.state,
            old_starts_at=before[0],
            old_ends_at=before[1],
            new_starts_at=sharing_request.starts_at,
            new_ends_at=sharing_request.ends_at,
            reason_code=reason_code,
            text=text,
            data=data | audit.deputy_facts(by),
        )
    )
    notices.tell(sharing_request, name, by=by, now=now, text=text)
    if from_state:  # a new request has not moved yet
        after_moves.follow_up(sharing_request, name, by=by, now=now)
    audit.record(
        chains=_chains(sharing_request, side),
        by=by,
        action=f"request.{name}",
        obj=sharing_request,
        now=now,
        data=_facts(sharing_request, before, from_state, reason_code, data),
    )


def _chains(sharing_request, side: Side) -> list[str]:
    """A hold is the borrower's own affair until it is sent; what the city does is in its trail."""
    if sharing_request.state == State.HELD:
        return [sharing_request.borrower.slug]
    city = [AuditEvent.CITY] if side == Side.CITY else []
    return [sharing_request.owner.slug, sharing_request.borrower.slug, *city]


def _facts(sharing_request, before, from_state, reason_code, data) -> dict:
    moments = {
        "starts_at": (before[0], sharing_request.starts_at),
        "ends_at": (before[1], sharing_request.ends_at),
    }
    changed = {
        name: [old.isoformat() if old else None, new.isoformat() if new else None]
        for name, (old, new) in moments.items()
        if old != new
    }
    said = {"kind": sharing_request.kind, "state": [from_state, sharing_request.state]}
    return said | {"reason": reason_code} | changed | data
