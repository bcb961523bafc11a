"""A fault that shows while the borrower has the device (domain.md 3.2, 条例 §52: stop its use)."""

import re
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from medshare_portal.refusals import Refusal
from medshare_portal.roles import Permission
from scheduling.actions._lock import lock_request, require
from scheduling.actions._move import IllegalTransition, change_times
from scheduling.kinds import kinds
from scheduling.models import SharingRequest
from scheduling.states import Side, State

RESIDENT_NUMBER = re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)")


class NothingSaid(Refusal):
    message = _("Say what happened.")
    field = "what"
    status = 422


class NamesAPatient(Refusal):
    """INF-10: a report is read by two institutions."""

    message = _("This looks like a resident identity number: leave out what points to a patient.")
    field = "what"
    status = 422


def report(
    *, sharing_request: SharingRequest, what: str, harm: bool, stopped: bool, by, now: datetime
) -> SharingRequest:
    """The borrower says what happened, whether a patient was harmed and whether its use stopped.

    The device goes out of order with it and the owner is told at once.  Raises IllegalTransition,
    NothingSaid, NamesAPatient.
    """
    fresh = lock_request(sharing_request)
    require(by=by, institution=fresh.borrower, permission=Permission.HAND_OVER, kind=fresh.kind)
    if fresh.state != State.UNDERWAY:
        raise IllegalTransition(fresh.state)
    if not what.strip():
        raise NothingSaid
    if RESIDENT_NUMBER.search(what):
        raise NamesAPatient
    change_times(
        fresh,
        "report_fault",
        side=Side.BORROWER,
        by=by,
        now=now,
        text=what.strip(),
        data={"harm": harm, "stopped": stopped},
    )
    kind = kinds[fresh.kind]
    if kind.on_fault:
        kind.on_fault(sharing_request=fresh, what=what.strip(), by=by, now=now)
    return fresh
