"""Handover, return and the owner's check: who gives, who receives, what is recorded."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import zip_longest

from django.utils.translation import gettext_lazy as _

from medshare_portal import policy
from medshare_portal.refusals import Refusal
from medshare_portal.roles import Permission
from resources.buffers import before_and_after
from scheduling.actions import outages
from scheduling.actions._basket import must_be_complete
from scheduling.actions._lock import lock_request, require
from scheduling.actions._move import IllegalTransition, change_times, move
from scheduling.actions._rules import RulesBlock, judge
from scheduling.actions._rules import passed as passed_of
from scheduling.deadlines import check_due
from scheduling.kinds import kinds
from scheduling.models import Handover, HandoverPhoto, SharingRequest
from scheduling.queries.at_risk import whereabouts
from scheduling.queries.handover_facts import context_of_handover
from scheduling.rules import findings_for_handover
from scheduling.states import Side, Stage, State

# Stage → (state it starts from, the side that gives).
STAGES = {
    Stage.HANDOVER: (State.APPROVED, Side.OWNER),
    Stage.RETURN: (State.UNDERWAY, Side.BORROWER),
}


class NotGivenYet(Refusal):
    message = _("The other side has not recorded it yet.")


class AlreadyGiven(Refusal):
    message = _("This step is already recorded; the other side's receipt is missing.")


class TooEarly(Refusal):
    """A handover opens some hours before the start, a no-show is possible after it."""

    message = _("The booking has not started yet.")


class NotBackYet(Refusal):
    """The booking before is late: nobody can hand over what somebody else still has."""

    message = _("The device is not back yet: first record the return of the booking before.")


class NotTheGiver(Refusal):
    message = _("This step is for the other side.")
    status = 403


@dataclass(frozen=True, kw_only=True)
class HandoverRecord:
    """What was filled in.  ``accessories`` maps accessory ids (as text) to the number counted;
    ``photos`` are checked files (``medshare_portal.files``), ``captions`` what the first of them
    show; ``accepted`` code → reason."""

    checklist: dict[str, bool] = field(default_factory=dict)
    accessories: dict[str, int] = field(default_factory=dict)
    counter_reading: int | None = None
    decontaminated: bool = False
    decontamination_record: str = ""
    condition_note: str = ""
    problem: bool = False
    receiver_name: str = ""
    photos: tuple = ()
    captions: tuple[str, ...] = ()
    accepted: dict[str, str] = field(default_factory=dict)


def give(
    *,
    sharing_request: SharingRequest,
    stage: Stage,
    record: HandoverRecord,
    by,
    institution,
    now: datetime,
) -> Handover:
    """Record one end.  With ``receiver_name`` (signed on the spot) the step is complete at once,
    else the other side confirms receipt.  Raises RulesBlock, ReasonMissing, AlreadyGiven."""
    fresh = lock_request(sharing_request)
    state, giver = STAGES[stage]
    if fresh.side_of(institution) != giver:
        raise NotTheGiver
    require(by=by, institution=institution, permission=Permission.HAND_OVER, kind=fresh.kind)
    if fresh.state != state:
        raise IllegalTransition(fresh.state)
    if stage == Stage.HANDOVER:
        must_be_complete(fresh)
    if stage == Stage.HANDOVER and fresh.starts_at - now > handover_opens_before():
        hours = policy.current().request.handover_opens_hours
        raise TooEarly(_("The booking starts later than in %(hours)s hours.") % {"hours": hours})
    if Handover.objects.of(fresh).filter(stage=stage).exists():
        raise AlreadyGiven
    _is_back(fresh, stage, now)
    passed = _judge(fresh, stage, record, now)
    handover = _store(fresh, stage, record, by, now)
    signed = record.receiver_name.strip()
    if signed:
        _complete(handover, fresh, giver, by=by, now=now, passed=passed, receiver_name=signed)
    else:
        note, name = record.condition_note, f"give_{stage.value}"
        change_times(fresh, name, side=giver, by=by, now=now, text=note, data=passed)
    return handover


def receive(
    *,
    sharing_request: SharingRequest,
    stage: Stage,
    by,
    institution,
    now: datetime,
    problem: bool = False,
    note: str = "",
) -> Handover:
    """The other side confirms that it has the device; that completes the step.

    The device may have changed since it was given.  Raises RulesBlock, NotBackYet, NotGivenYet.
    """
    fresh = lock_request(sharing_request)
    _state, giver = STAGES[stage]
    side = fresh.side_of(institution)
    if side is None or side == giver:
        raise NotTheGiver
    require(by=by, institution=institution, permission=Permission.HAND_OVER, kind=fresh.kind)
    handover = Handover.objects.of(fresh).filter(stage=stage, received_at__isnull=True).first()
    if handover is None:
        raise NotGivenYet
    _is_back(fresh, stage, now)
    if problem or note:
        handover.problem = handover.problem or problem
        handover.condition_note = "\n".join(filter(None, [handover.condition_note, note]))
    _still_allowed(fresh, stage, handover, now)
    _complete(handover, fresh, side, by=by, now=now, received_by=by)
    return handover


def close(
    *, sharing_request: SharingRequest, record: HandoverRecord, by, now: datetime
) -> SharingRequest:
    """The owner's check after return; the request is closed and the use is recorded."""
    fresh = lock_request(sharing_request)
    require(by=by, institution=fresh.owner, permission=Permission.POST_CHECK, kind=fresh.kind)
    if fresh.state != State.FINISHED:
        raise IllegalTransition(fresh.state)
    passed = _judge(fresh, Stage.POST_CHECK, record, now)
    handover = _store(fresh, Stage.POST_CHECK, record, by, now)
    Handover.objects.of(fresh).filter(pk=handover.pk).update(received_at=now, received_by=by)
    move(
        fresh,
        "close",
        side=Side.OWNER,
        by=by,
        now=now,
        text=record.condition_note,
        due_at=None,
        data={"problem": record.problem} | passed,
    )
    _effects(fresh, Stage.POST_CHECK, handover, by, now)
    return fresh


def no_show(
    *, sharing_request: SharingRequest, side: Side, by, now: datetime, text: str = ""
) -> SharingRequest:
    """Nobody came for it: the time is free again."""
    fresh = lock_request(sharing_request)
    if side == Side.OWNER:
        require(by=by, institution=fresh.owner, permission=Permission.HAND_OVER, kind=fresh.kind)
    if fresh.starts_at > now:
        raise TooEarly
    _is_back(fresh, Stage.HANDOVER, now)  # nobody could have collected it
    return move(fresh, "no_show", side=side, by=by, now=now, text=text, due_at=None)


def _is_back(fresh: SharingRequest, stage: Stage, now: datetime) -> None:
    """Nobody is given what another borrower still has.  Raises NotBackYet."""
    if stage == Stage.HANDOVER and whereabouts([fresh], now=now).not_back(fresh):
        raise NotBackYet


def handover_opens_before() -> timedelta:
    """How long before the start the owner may record the handover."""
    return timedelta(hours=policy.current().request.handover_opens_hours)


def _judge(fresh, stage, record, now) -> dict:
    """What is kept about the warnings passed.  Raises RulesBlock or ReasonMissing."""
    context = context_of_handover(fresh, stage, record, now=now)
    return passed_of(judge(findings_for_handover(context), record.accepted))


def _still_allowed(fresh, stage, handover: Handover, now) -> None:
    """What forbids it now; the warnings were the giver's to pass.  Raises RulesBlock."""
    findings = findings_for_handover(context_of_handover(fresh, stage, handover, now=now))
    if findings.blocks:
        raise RulesBlock(findings=findings)


def _store(fresh, stage, record: HandoverRecord, by, now) -> Handover:
    handover = Handover.objects.create(
        sharing_request=fresh,
        stage=stage,
        checklist=record.checklist,
        accessories=record.accessories,
        counter_reading=record.counter_reading,
        decontaminated=record.decontaminated,
        decontamination_record=record.decontamination_record,
        condition_note=record.condition_note,
        problem=record.problem,
        given_by=by,
        given_at=now,
    )
    captions = record.captions[: len(record.photos)]
    for photo, caption in zip_longest(record.photos, captions, fillvalue=""):
        HandoverPhoto.objects.create(
            handover=handover,
            sharing_request=fresh,
            file=photo.file,
            content_type=photo.content_type,
            caption=caption,
            taken_at=now,
        )
    return handover


def _complete(handover: Handover, fresh, side, *, by, now, passed=None, **receipt) -> None:
    for name, value in receipt.items():
        setattr(handover, name, value)
    handover.received_at = now
    handover.save()
    if handover.stage == Stage.HANDOVER:
        times = {"actual_starts_at": now, "due_at": None}
        move(fresh, "hand_over", side=side, by=by, now=now, data=passed, **times)
    else:
        _finish(handover, fresh, side, by, now, passed or {})
    _effects(fresh, Stage(handover.stage), handover, by, now)


def _finish(handover, fresh, side, by, now, passed) -> None:
    """Returned: what is left of the blocked time becomes cleaning time, never more than it was."""
    _before, after = before_and_after(offer=fresh.offer, mode=fresh.mode)
    ended = max(now, fresh.actual_starts_at)
    move(
        fresh,
        "return",
        side=side,
        by=by,
        now=now,
        data={"problem": handover.problem} | passed,
        actual_ends_at=ended,
        ends_at=min(fresh.ends_at, max(ended, fresh.starts_at + timedelta(minutes=1))),
        blocked_until=max(
            min(fresh.blocked_until, ended + after),
            min(fresh.ends_at, max(ended, fresh.starts_at + timedelta(minutes=1))),
        ),
        due_at=check_due(fresh, now=now),
        overdue_level=0,
    )


def _effects(fresh, stage: Stage, handover, by, now) -> None:
    kind = kinds[fresh.kind]
    if kind.on_moved:
        kind.on_moved(sharing_request=fresh, stage=stage, handover=handover, by=by, now=now)
        outages.tell(resource=fresh.resource, now=now, by=by)
