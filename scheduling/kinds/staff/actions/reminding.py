"""Remind those whose consent an invitation still waits for."""

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from medshare_portal import policy
from medshare_portal.refusals import Refusal
from medshare_portal.roles import Permission
from scheduling.actions._lock import lock_request, require
from scheduling.actions._move import IllegalTransition, change_times
from scheduling.kinds.staff.actions import letters
from scheduling.kinds.staff.parts import HOME, HOST, PERSON
from scheduling.models import SharingRequest, SignOff, TransitionLog
from scheduling.notices import send
from scheduling.states import Side, SignOffDecision, State

SIDES = {HOME: Side.OWNER, HOST: Side.BORROWER}


class RemindedAlready(Refusal):
    message = _("They were reminded less than %(hours)s hours ago.")
    status = 409


def remind(*, sharing_request: SharingRequest, by, now: datetime) -> SharingRequest:
    """A letter to the person, a notice to each side that has not answered; no more often than the
    policy allows.  Raises NotYours, IllegalTransition, RemindedAlready."""
    fresh = lock_request(sharing_request)
    require(by=by, institution=fresh.borrower, permission=Permission.ASK, kind=fresh.kind)
    if fresh.state != State.REQUESTED:
        raise IllegalTransition(fresh.state)
    hours = policy.current().staff.remind_hours
    before = TransitionLog.objects.of(fresh).filter(transition="remind")
    if before.filter(at__gt=now - timedelta(hours=hours)).exists():
        raise RemindedAlready(str(RemindedAlready.message) % {"hours": f"{hours:g}"})
    change_times(fresh, "remind", side=Side.BORROWER, by=by, now=now)
    waiting = SignOff.objects.of(fresh).filter(decision=SignOffDecision.WAITING)
    parts = set(waiting.values_list("part", flat=True))
    if PERSON in parts:
        letters.queue(fresh, "reminded", now=now)
    sides = tuple(side for part, side in SIDES.items() if part in parts)
    send("staff-reminded", fresh, now=now, key=str(fresh.version), by=by, sides=sides)
    return fresh
