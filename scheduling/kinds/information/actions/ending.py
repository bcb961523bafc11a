"""How an access ends: by its time, by its last look, by the owner, by the person it is about."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from medshare_portal import policy
from medshare_portal.refusals import Refusal
from medshare_portal.roles import Permission
from scheduling.actions._lock import lock_request, require
from scheduling.actions._move import IllegalTransition, change_times, move
from scheduling.deadlines import check_due
from scheduling.enums_information import EndReason
from scheduling.kinds.information import told
from scheduling.models import AccessGrant, SharingRequest
from scheduling.states import CancelReason, Side, State

KIND = "information"
REASON = "the system's own moves"


class NoConsent(Refusal):
    """Nothing rests on a consent here, or it was withdrawn before."""

    message = _("This access does not rest on a consent that still stands.")


def end(
    fresh: SharingRequest,
    reason: EndReason,
    *,
    side: Side,
    by,
    now: datetime,
    text: str = "",
) -> SharingRequest:
    """End an access under the caller's lock.  What was opened waits for the review of its log."""
    AccessGrant.objects.of(fresh).update(end_reason=reason)
    if fresh.state == State.UNDERWAY:
        return move(
            fresh,
            "return",
            side=side,
            by=by,
            now=now,
            text=text,
            reason_code=reason.value,
            actual_ends_at=max(now, fresh.actual_starts_at),
            due_at=check_due(fresh, now=now),
        )
    if side == Side.SYSTEM:
        return move(fresh, "no_show", side=side, by=None, now=now, text=text, due_at=None)
    return move(
        fresh,
        "cancel_by_owner" if side == Side.OWNER else "cancel",
        side=side,
        by=by,
        now=now,
        text=text,
        reason_code=_cancel_reason(side),
        decision_code=_cancel_reason(side),
        due_at=None,
    )


def _cancel_reason(side: Side) -> str:
    owner = side == Side.OWNER
    return (CancelReason.RECALLED if owner else CancelReason.NO_LONGER_NEEDED).value


def revoke(*, sharing_request: SharingRequest, by, now: datetime, text: str) -> SharingRequest:
    """The owner takes the access back: the next look is refused."""
    fresh = lock_request(sharing_request)
    require(by=by, institution=fresh.owner, permission=Permission.DECIDE, kind=KIND)
    _must_be_open(fresh)
    return end(fresh, EndReason.REVOKED, side=Side.OWNER, by=by, now=now, text=text)


def give_back(*, sharing_request: SharingRequest, by, now: datetime, text: str) -> SharingRequest:
    """The borrower needs it no longer."""
    fresh = lock_request(sharing_request)
    require(by=by, institution=fresh.borrower, permission=Permission.ASK, kind=KIND)
    _must_be_open(fresh)
    return end(fresh, EndReason.GIVEN_BACK, side=Side.BORROWER, by=by, now=now, text=text)


def _must_be_open(fresh: SharingRequest) -> None:
    if fresh.state not in (State.APPROVED, State.UNDERWAY):
        raise IllegalTransition(fresh.state)


def withdraw_consent(
    *, sharing_request: SharingRequest, side: Side, by, now: datetime, text: str
) -> SharingRequest:
    """INF-07: the person took the consent back.  No look is let through from now on; the access
    itself is revoked by the next run of the jobs.  Raises NoConsent."""
    fresh = lock_request(sharing_request)
    institution = fresh.owner if side == Side.OWNER else fresh.borrower
    permission = Permission.DECIDE if side == Side.OWNER else Permission.ASK
    require(by=by, institution=institution, permission=permission, kind=KIND)
    rows = AccessGrant.objects.of(fresh).exclude(consent_ref="")
    if fresh.state not in State.OPEN or not rows.filter(consent_withdrawn_at=None).update(
        consent_withdrawn_at=now
    ):
        raise NoConsent
    return change_times(fresh, "withdraw_consent", side=side, by=by, now=now, text=text)


def end_due(*, now: datetime) -> int:
    """End what is past its time and what rests on a withdrawn consent; returns how many."""
    rows = AccessGrant.objects.everywhere(reason=REASON).open().filter(end_reason="")
    over = rows.filter(valid_until__lte=now)
    withdrawn = rows.filter(consent_withdrawn_at__isnull=False)
    return _end_all(withdrawn, EndReason.CONSENT, now) + _end_all(over, EndReason.EXPIRED, now)


def remind_of_ends(*, now: datetime) -> int:
    """Tell who may look some time before the access ends, once; not of one that is no longer than
    that time.  Returns how many were told."""
    lead = timedelta(hours=policy.current().information.remind_before_hours)
    rows = AccessGrant.objects.everywhere(reason=REASON).open().filter(end_reason="")
    soon = rows.filter(
        valid_until__gt=now,
        valid_until__lte=now + lead,
        end_told_at__isnull=True,
        sharing_request__decided_at__lt=F("valid_until") - lead,
    )
    done = 0
    related = ("owner", "borrower", "resource__site", "created_by")
    for grant in soon.select_related(*(f"sharing_request__{name}" for name in related)):
        with transaction.atomic():
            if rows.filter(pk=grant.pk, end_told_at__isnull=True).update(end_told_at=now):
                told.ends_soon(grant.sharing_request, until=grant.valid_until, now=now)
                done += 1
    return done


def _end_all(grants: Iterable[AccessGrant], reason: EndReason, now: datetime) -> int:
    """One transaction each; what somebody ends at the same moment keeps that end."""
    done = 0
    related = ("sharing_request__owner", "sharing_request__borrower", "sharing_request__resource")
    for grant in grants.select_related(*related).order_by("pk"):
        with suppress(IllegalTransition), transaction.atomic():
            fresh = lock_request(grant.sharing_request)
            _must_be_open(fresh)
            end(fresh, reason, side=Side.SYSTEM, by=None, now=now)
            done += 1
    return done
