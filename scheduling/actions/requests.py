"""The borrower's side: hold, ask, withdraw, cancel, answer a counter-offer."""

from dataclasses import replace
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from medshare_portal import policy
from medshare_portal.refusals import Refusal
from medshare_portal.roles import Permission
from resources.enums import ShareMode
from resources.models import Resource
from scheduling.actions import _rules, auto_approval
from scheduling.actions._lock import lock_request, lock_resource, require, reread
from scheduling.actions._move import created, move
from scheduling.actions._terms import RequestTerms, WrongSite, columns_of, new_request, wish_for
from scheduling.actions.lapses import lapse_holds
from scheduling.deadlines import answer_due
from scheduling.models import SharingRequest
from scheduling.queries.own_hold import covers, meets
from scheduling.queries.rule_facts import Wish, wish_of
from scheduling.queries.same_wish import same_wishes
from scheduling.queries.waiting_line import is_offered_place
from scheduling.states import CancelReason, Side, State


class HoldLapsed(Refusal):
    """The 15 minutes are over, or it was sent already."""

    message = _("The hold has ended. Check that the time is still free and send again.")


class OutsidePlace(Refusal):
    """Who takes a place of the wait-list takes time of it: it is not used up for another."""

    message = _(
        "The place that is held for you is at another time. Ask for this time on the page of what "
        "you need; the place stays yours until its time to answer is over."
    )
    field = "starts_at"
    status = 422


class AlreadyAsked(Refusal):
    """The same person asked for the same unit and time before, and no person has answered."""

    message = _("You have asked for this already.")

    def __init__(self, first: SharingRequest):
        super().__init__()
        self.first = first


def hold(
    *,
    resource: Resource,
    borrower,
    starts_at: datetime,
    ends_at: datetime,
    units: int,
    by,
    now: datetime,
    mode: str = ShareMode.LOAN,
) -> SharingRequest:
    """Claim a time for some minutes while the form is filled.  Earlier holds of ``by`` on the
    same resource are given up.  Raises RulesBlock, SlotTaken."""
    require(by=by, institution=borrower, permission=Permission.ASK, kind=resource.kind)
    resource = lock_resource(resource.pk)
    lapse_holds(now=now, resource=resource, by=by)
    wish = Wish(
        resource=resource,
        borrower=borrower,
        starts_at=starts_at,
        ends_at=ends_at,
        units=units,
        mode=mode,
    )
    context = _rules.context_of(wish, now=now)
    findings = _rules.findings_for_request(context)
    if findings.blocks:
        raise _rules.RulesBlock(findings=findings)
    minutes = policy.current().request.hold_minutes
    terms = RequestTerms(starts_at=starts_at, ends_at=ends_at, units=units, mode=mode)
    values = columns_of(context, terms, by=by, now=now)
    expires = now + timedelta(minutes=minutes)
    held = new_request(context, state=State.HELD, hold_expires_at=expires, **values)
    return created(held, "hold", by=by, now=now)


def ask(
    *,
    resource: Resource,
    borrower,
    terms: RequestTerms,
    by,
    now: datetime,
    hold: SharingRequest | None = None,
) -> SharingRequest:
    """Send a request; approved at once when the offer's rule says so.

    Raises RulesBlock, ReasonMissing (all findings), SlotTaken, HoldLapsed, OutsidePlace, WrongSite,
    AlreadyAsked.
    """
    require(by=by, institution=borrower, permission=Permission.ASK, kind=resource.kind)
    resource = lock_resource(resource.pk)
    _not_asked_yet(resource, borrower, terms, by)
    if terms.delivery_site and terms.delivery_site.institution_id != borrower.pk:
        raise WrongSite
    held = _open_hold(hold, borrower, resource, now) if hold else None
    if held and held.series_id:  # a place of the wait-list for one of its dates
        terms = replace(terms, series=held.series)
    lapse_holds(now=now, resource=resource)
    wish = wish_for(resource, borrower, terms, held)
    context, findings = _rules.check(wish, now=now, accepted=terms.accepted)
    terms = replace(terms, accepted=_rules.reasons_for(findings, terms.accepted))
    _rules.require_passing(
        terms.accepted, by=by, institution=borrower, kind=resource.kind, findings=findings
    )
    passed = _rules.passed(terms.accepted) | _rules.relaxed(findings)
    values = columns_of(context, terms, by=by, now=now, findings=findings) | {
        "submitted_at": now,
        "due_at": _due(resource, terms, now),
        "hold_expires_at": _promised_until(held, terms),
    }
    if held:
        request = move(held, "submit", side=Side.BORROWER, by=by, now=now, data=passed, **values)
    else:
        request = new_request(context, state=State.REQUESTED, **values)
        created(request, "ask", by=by, now=now, data=passed)
    auto_approval.apply(request, context, findings, now=now)
    return request


def _due(resource: Resource, terms: RequestTerms, now: datetime) -> datetime:
    """Unanswered it lapses when it would begin (``lapses.lapse_unanswered``)."""
    due_at = answer_due(site=resource.site, priority=terms.priority, now=now)
    return min(due_at, terms.starts_at)


def _promised_until(held: SharingRequest | None, terms: RequestTerms) -> datetime | None:
    """A place of the wait-list stays promised until the owner has decided, at the latest until
    it would begin; what goes beyond the place was not promised.  Raises OutsidePlace."""
    if held is None or not is_offered_place(held):
        return None
    if not meets(held, terms):
        raise OutsidePlace
    return terms.starts_at if covers(held, terms) else None


def _not_asked_yet(resource: Resource, borrower, terms: RequestTerms, by) -> None:
    """A page sent again after the first answer has another key: the words tell that it is the
    same.  One unit can be had once, whatever for; of several, another purpose is another wish, and
    what a matching round proposed was for one need and is answered once."""
    for pk, purpose in same_wishes(resource, borrower, terms, by):
        first = SharingRequest.objects.borrowed_by(borrower).filter(pk=pk)
        if resource.units > 1 and (purpose != terms.purpose or _was_proposed(first)):
            continue
        raise AlreadyAsked(first.get())


def _was_proposed(rows) -> bool:
    return rows.filter(proposal__isnull=False).exists()


def _open_hold(hold, borrower, resource, now) -> SharingRequest:
    fresh = reread(hold, resource)
    if (
        fresh.state != State.HELD
        or fresh.borrower_id != borrower.pk
        or fresh.resource_id != resource.pk
        or fresh.hold_expires_at <= now
    ):
        raise HoldLapsed
    return fresh


def withdraw(
    *, sharing_request: SharingRequest, by, now: datetime, text: str = ""
) -> SharingRequest:
    """Take a hold or an undecided request back."""
    fresh = lock_request(sharing_request)
    require(by=by, institution=fresh.borrower, permission=Permission.ASK, kind=fresh.kind)
    return move(fresh, "withdraw", side=Side.BORROWER, by=by, now=now, text=text, due_at=None)


def cancel(
    *,
    sharing_request: SharingRequest,
    side: Side,
    by,
    now: datetime,
    reason_code: str,
    text: str = "",
) -> SharingRequest:
    """Call a booking off before it starts, from either side, with a coded reason."""
    fresh = lock_request(sharing_request)
    owner = side == Side.OWNER
    require(
        by=by,
        institution=fresh.owner if owner else fresh.borrower,
        permission=Permission.DECIDE if owner else Permission.ASK,
        kind=fresh.kind,
    )
    return move(
        fresh,
        "cancel_by_owner" if owner else "cancel",
        side=side,
        by=by,
        now=now,
        reason_code=CancelReason(reason_code).value,
        text=text,
        decision_code=CancelReason(reason_code).value,
        due_at=None,
    )


def accept_counter(*, sharing_request: SharingRequest, by, now, version=None) -> SharingRequest:
    """Take the owner's counter-offer; everything is checked again."""
    fresh = lock_request(sharing_request, version=version)
    require(by=by, institution=fresh.borrower, permission=Permission.ASK, kind=fresh.kind)
    findings = _rules.findings_for_request(_rules.context_of(wish_of(fresh), now=now))
    if findings.blocks:
        raise _rules.RulesBlock(findings=findings)
    return move(fresh, "accept_counter", side=Side.BORROWER, by=by, now=now, due_at=None)


def refuse_counter(
    *, sharing_request: SharingRequest, by, now: datetime, version=None, text: str = ""
) -> SharingRequest:
    """Refuse the counter-offer; the request ends."""
    fresh = lock_request(sharing_request, version=version)
    require(by=by, institution=fresh.borrower, permission=Permission.ASK, kind=fresh.kind)
    return move(fresh, "refuse_counter", side=Side.BORROWER, by=by, now=now, text=text, due_at=None)
