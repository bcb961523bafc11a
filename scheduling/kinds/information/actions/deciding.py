"""The owner's side: approve with an end and a count, return for changes, review the log."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from medshare_portal.refusals import Refusal
from medshare_portal.roles import Permission
from scheduling.actions import sign_offs
from scheduling.actions._lock import lock_request, require
from scheduling.actions._move import IllegalTransition, move
from scheduling.actions._rules import RulesBlock
from scheduling.actions.decisions import FourEyes
from scheduling.deadlines import counter_due
from scheduling.kinds.information.parts import SECOND
from scheduling.kinds.information.queries.facts import wish_of
from scheduling.kinds.information.queries.snapshot import snapshot
from scheduling.kinds.information.rules import findings_for_wish
from scheduling.models import AccessGrant, SharingRequest, SignOff
from scheduling.states import Side, State

KIND = "information"


class MoreThanAsked(Refusal):
    """An approval gives what was asked, or less."""

    message = _("Give what was asked for, or less.")
    status = 422


class SayWhat(Refusal):
    """A request is returned with what should change."""

    message = _("Say what should be changed.")
    field = "text"
    status = 422


class SamePerson(Refusal):
    """GEN-06: of the most sensitive class two people approve."""

    message = _("You gave the second approval: another person decides.")
    status = 403


def _to_decide(sharing_request, by, version) -> tuple[SharingRequest, AccessGrant]:
    fresh = lock_request(sharing_request, version=version)
    require(by=by, institution=fresh.owner, permission=Permission.DECIDE, kind=KIND)
    if fresh.created_by_id in by.seats:
        raise FourEyes
    if fresh.state != State.REQUESTED:
        raise IllegalTransition(fresh.state)
    return fresh, AccessGrant.objects.of(fresh).select_for_update(of=("self",)).get()


def approve(
    *,
    sharing_request: SharingRequest,
    until: datetime,
    looks: int,
    by,
    now: datetime,
    version: int | None = None,
    text: str = "",
) -> SharingRequest:
    """Grant the access until a moment and for a number of looks; everything is checked again.

    Raises RulesBlock, MoreThanAsked, FourEyes, SamePerson, ConsentMissing, StaleVersion,
    IllegalTransition.
    """
    fresh, grant = _to_decide(sharing_request, by, version)
    if SignOff.objects.of(fresh).filter(part=SECOND, decided_by__in=by.seats).exists():
        raise SamePerson
    if until > grant.asked_until:
        raise MoreThanAsked(field="until")
    if not 1 <= looks <= fresh.asked_quantity:
        raise MoreThanAsked(field="looks")
    findings = findings_for_wish(wish_of(grant, fresh, now=now, until=until, looks=looks))
    if findings.blocks:
        raise RulesBlock(findings=findings)
    grant.valid_until = until
    grant.save(update_fields=["valid_until"])
    return move(
        fresh,
        "approve",
        side=Side.OWNER,
        by=by,
        now=now,
        text=text,
        data={"until": until.isoformat(), "looks": looks},
        quantity=looks,
        decided_at=now,
        decided_by=by,
        decision_text=text,
        due_at=None,
    )


def approve_second(
    *, sharing_request: SharingRequest, by, now: datetime, text: str = ""
) -> SignOff:
    """The other of two approvals; who gives it does not decide.

    Raises FourEyes, NotAsked, AlreadySigned, IllegalTransition.
    """
    fresh, _grant = _to_decide(sharing_request, by, None)
    sign_offs.ask_for(fresh, now=now)  # it may have become of this class since it was asked for
    return sign_offs.give(sharing_request=fresh, part=SECOND, by=by, now=now, text=text)


def return_for_changes(
    *,
    sharing_request: SharingRequest,
    by,
    now: datetime,
    text: str,
    version: int | None = None,
) -> SharingRequest:
    """Send it back with what should change; what was asked is kept for comparison."""
    fresh, grant = _to_decide(sharing_request, by, version)
    if not text.strip():
        raise SayWhat
    grant.before = snapshot(grant, fresh)
    grant.save(update_fields=["before"])
    return move(
        fresh,
        "counter",
        side=Side.OWNER,
        by=by,
        now=now,
        text=text,
        decided_at=now,
        decided_by=by,
        decision_text=text,
        due_at=counter_due(fresh, now=now),
    )


def close(*, sharing_request: SharingRequest, by, now: datetime, text: str = "") -> SharingRequest:
    """The owner has looked through the log of an ended access."""
    fresh = lock_request(sharing_request)
    require(by=by, institution=fresh.owner, permission=Permission.POST_CHECK, kind=KIND)
    return move(fresh, "close", side=Side.OWNER, by=by, now=now, text=text, due_at=None)
