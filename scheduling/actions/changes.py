"""New times in the same state: extension, recall by the owner, earlier end."""

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from medshare_portal.refusals import Refusal
from medshare_portal.roles import Permission
from resources.buffers import before_and_after
from scheduling.actions import _rules
from scheduling.actions._lock import lock_request, require
from scheduling.actions._move import IllegalTransition, change_times
from scheduling.actions.lapses import lapse_holds
from scheduling.deadlines import Step, due
from scheduling.models import SharingRequest, TimeChange
from scheduling.queries.rule_facts import wish_of
from scheduling.states import ChangeKind, ChangeStatus, Side
from scheduling.workflow import RUNNING


class NotLonger(Refusal):
    message = _("The new end must be after the present end.")
    field = "new_ends_at"
    status = 422


class NotEarlier(Refusal):
    message = _("The new end must be before the present end and after the start.")
    field = "new_ends_at"
    status = 422


class NoticeTooShort(Refusal):
    """The recall right has the notice that the offer promised."""

    message = _("The offer promised %(hours)s h of notice: recall for a later time.")
    field = "new_ends_at"
    status = 422

    def __init__(self, hours: int):
        super().__init__(str(self.message) % {"hours": hours})


class AnotherPending(Refusal):
    message = _("An extension is already waiting for an answer.")


class AlreadyAnswered(Refusal):
    message = _("This change has been answered already.")


def _running(sharing_request: SharingRequest) -> SharingRequest:
    fresh = lock_request(sharing_request)
    if fresh.state not in RUNNING:
        raise IllegalTransition(fresh.state)
    return fresh


def ask_extension(
    *, sharing_request: SharingRequest, new_ends_at: datetime, reason: str, by, now: datetime
) -> TimeChange:
    """Ask for a later end; every rule is checked for the longer time already now."""
    fresh = _running(sharing_request)
    require(by=by, institution=fresh.borrower, permission=Permission.ASK, kind=fresh.kind)
    if new_ends_at <= fresh.ends_at:
        raise NotLonger
    if TimeChange.objects.of(fresh).filter(status=ChangeStatus.PENDING).exists():
        raise AnotherPending
    _check_times(fresh, now, ends_at=new_ends_at)
    change = TimeChange.objects.create(
        sharing_request=fresh,
        kind=ChangeKind.EXTENSION,
        status=ChangeStatus.PENDING,
        old_ends_at=fresh.ends_at,
        new_ends_at=new_ends_at,
        reason=reason,
        asked_at=now,
        asked_by=by,
        due_at=_answer_due(fresh, now),
    )
    change_times(
        fresh,
        "ask_extension",
        side=Side.BORROWER,
        by=by,
        now=now,
        text=reason,
        data={"new_ends_at": new_ends_at.isoformat()},
    )
    return change


def _answer_due(fresh: SharingRequest, now: datetime) -> datetime:
    """The usual time to answer, but before the present end if that is still to come."""
    due_at = due(Step.EXTENSION, site=fresh.resource.site, priority=fresh.priority, now=now)
    return min(due_at, fresh.ends_at) if fresh.ends_at > now else due_at


def answer_extension(
    *, change: TimeChange, agree: bool, answer: str, by, now: datetime
) -> SharingRequest:
    """The owner agrees – then all rules are checked again – or refuses."""
    fresh = _running(change.sharing_request)
    require(by=by, institution=fresh.owner, permission=Permission.DECIDE, kind=fresh.kind)
    pending = TimeChange.objects.of(fresh).filter(pk=change.pk, status=ChangeStatus.PENDING)
    status = ChangeStatus.AGREED if agree else ChangeStatus.REFUSED
    if not pending.update(status=status, decided_at=now, decided_by=by, answer=answer):
        raise AlreadyAnswered
    if not agree:
        return change_times(fresh, "refuse_extension", side=Side.OWNER, by=by, now=now, text=answer)
    lapse_holds(now=now, resource=fresh.resource)
    context = _check_times(fresh, now, ends_at=change.new_ends_at)
    return change_times(
        fresh,
        "extend",
        side=Side.OWNER,
        by=by,
        now=now,
        text=answer,
        ends_at=change.new_ends_at,
        blocked_until=context.blocked_until,
        overdue_level=0,
    )


def _check_times(fresh: SharingRequest, now: datetime, **times):
    """Rules for new times; warnings were shown, only blocks refuse."""
    context = _rules.context_of(wish_of(fresh, **times), now=now)
    findings = _rules.findings_for_request(context)
    if findings.blocks:
        raise _rules.RulesBlock(findings=findings)
    return context


def recall(
    *, sharing_request: SharingRequest, new_ends_at: datetime, reason: str, by, now: datetime
) -> SharingRequest:
    """The owner takes back early, with at least the promised notice.  No consent is needed."""
    fresh = _running(sharing_request)
    require(by=by, institution=fresh.owner, permission=Permission.DECIDE, kind=fresh.kind)
    if new_ends_at < now + timedelta(hours=fresh.recall_notice_hours):
        raise NoticeTooShort(fresh.recall_notice_hours)
    _end_earlier(fresh, ChangeKind.RECALL, new_ends_at, reason, by, now, Side.OWNER)
    return fresh


def shorten(
    *, sharing_request: SharingRequest, new_ends_at: datetime, reason: str, by, now: datetime
) -> SharingRequest:
    """The borrower needs it for less time: free again at once, without a new approval."""
    fresh = _running(sharing_request)
    require(by=by, institution=fresh.borrower, permission=Permission.ASK, kind=fresh.kind)
    _end_earlier(fresh, ChangeKind.SHORTENING, new_ends_at, reason, by, now, Side.BORROWER)
    return fresh


def _end_earlier(fresh, kind, new_ends_at, reason, by, now, side) -> None:
    if not max(fresh.starts_at, now) < new_ends_at < fresh.ends_at:
        raise NotEarlier
    TimeChange.objects.of(fresh).filter(status=ChangeStatus.PENDING).update(
        status=ChangeStatus.LAPSED,
        decided_at=now,
        decided_by=by,  # not for want of an answer
    )
    TimeChange.objects.create(
        sharing_request=fresh,
        kind=kind,
        status=ChangeStatus.AGREED,
        old_ends_at=fresh.ends_at,
        new_ends_at=new_ends_at,
        reason=reason,
        asked_at=now,
        asked_by=by,
        decided_at=now,
        decided_by=by,
    )
    _before, after = before_and_after(offer=fresh.offer, mode=fresh.mode)
    change_times(
        fresh,
        kind.value,
        side=side,
        by=by,
        now=now,
        text=reason,
        ends_at=new_ends_at,
        blocked_until=min(fresh.blocked_until, new_ends_at + after),
    )
