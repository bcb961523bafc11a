"""At work: checked in by the host, timesheet signed by the host, hours confirmed at home."""

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from medshare_portal.refusals import Refusal
from medshare_portal.roles import Permission
from scheduling.actions._lock import lock_request, require
from scheduling.actions._move import IllegalTransition, move
from scheduling.actions.handovers import handover_opens_before
from scheduling.deadlines import check_due
from scheduling.kinds.staff.actions import letters
from scheduling.models import SharingRequest, StaffEngagement
from scheduling.states import Side, State

LONGEST = timedelta(hours=36)


class TooEarly(Refusal):
    message = _("Checking in is possible only shortly before the shift begins.")


class BadTimesheet(Refusal):
    """The times do not fit together."""

    message = _("The worked time is empty, longer than 36 hours, or still to come.")
    field = "worked_until"
    status = 422


def check_in(*, sharing_request: SharingRequest, by, now: datetime) -> SharingRequest:
    """The host sees the person: identity and badge are checked.  Raises TooEarly, OnHold."""
    fresh = lock_request(sharing_request)
    require(by=by, institution=fresh.borrower, permission=Permission.HAND_OVER, kind=fresh.kind)
    if fresh.state == State.APPROVED and fresh.starts_at - now > handover_opens_before():
        raise TooEarly
    return move(
        fresh, "hand_over", side=Side.BORROWER, by=by, now=now, actual_starts_at=now, due_at=None
    )


def sign_timesheet(
    *,
    sharing_request: SharingRequest,
    worked_from: datetime,
    worked_until: datetime,
    break_minutes: int,
    by,
    now: datetime,
    text: str = "",
) -> SharingRequest:
    """The host signs what was worked.  Raises BadTimesheet."""
    fresh = lock_request(sharing_request)
    require(by=by, institution=fresh.borrower, permission=Permission.HAND_OVER, kind=fresh.kind)
    length = worked_until - worked_from
    pause = timedelta(minutes=break_minutes)
    if not pause < length <= LONGEST or worked_until > now:
        raise BadTimesheet
    StaffEngagement.objects.of(fresh).update(
        worked_from=worked_from,
        worked_until=worked_until,
        worked_break_minutes=break_minutes,
        signed_by=by,
        signed_at=now,
    )
    move(
        fresh,
        "return",
        side=Side.BORROWER,
        by=by,
        now=now,
        text=text,
        actual_ends_at=worked_until,
        due_at=check_due(fresh, now=now),
    )
    letters.queue(fresh, "hours", now=now)
    return fresh


def confirm_hours(
    *, sharing_request: SharingRequest, by, now: datetime, badge: str = ""
) -> SharingRequest:
    """The home employer, or the person by a signed link (``by`` None, then ``badge``), agrees to
    the timesheet: the share is closed."""
    fresh = lock_request(sharing_request)
    if by is not None:
        permission = Permission.POST_CHECK
        require(by=by, institution=fresh.owner, permission=permission, kind=fresh.kind)
    if fresh.state != State.FINISHED:
        raise IllegalTransition(fresh.state)
    name = str(by) if by is not None else badge
    StaffEngagement.objects.of(fresh).update(confirmed_name=name, confirmed_at=now)
    return move(fresh, "close", side=Side.OWNER, by=by, now=now, due_at=None)
