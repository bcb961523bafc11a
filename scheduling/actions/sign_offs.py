"""Consents beside the owner's decision: asked for, given, refused."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from medshare_portal.refusals import Refusal
from scheduling.actions._lock import NotYours, lock_request, require
from scheduling.actions._move import change_times
from scheduling.deadlines import consent_due
from scheduling.kinds import SignOffPart, kinds
from scheduling.models import SharingRequest, SignOff
from scheduling.states import Rung, Side, SignOffDecision, State

DECISIONS = {
    "sign_off_given": SignOffDecision.GIVEN,
    "sign_off_refused": SignOffDecision.REFUSED,
}


class NotAsked(Refusal):
    """The request needs no such consent, or no longer."""

    message = _("This consent is not asked for.")
    status = 409


class AlreadySigned(Refusal):
    message = _("This consent has been answered already.")
    status = 409


def ask_for(sharing_request: SharingRequest, *, now: datetime, people: dict | None = None) -> None:
    """Store the consents that the request needs; ``people``: part code → the only one to sign.

    Called in the transaction that makes or changes the request; what is there already stays.
    """
    known = set(SignOff.objects.of(sharing_request).values_list("part", flat=True))
    for part in kinds[sharing_request.kind].sign_offs:
        if part.code not in known and part.needed(sharing_request):
            SignOff.objects.create(
                sharing_request=sharing_request,
                part=part.code,
                side=part.side,
                person=(people or {}).get(part.code),
                asked_at=now,
                due_at=consent_due(sharing_request, part.side, now=now),
            )


def ask_again(sharing_request: SharingRequest, *, now: datetime) -> None:
    """What was consented to has changed: every consent waits again; the history keeps the first."""
    rows = SignOff.objects.of(sharing_request)
    for side in Side.OWNER, Side.BORROWER:
        rows.filter(side=side).update(due_at=consent_due(sharing_request, side, now=now))
    rows.update(
        decision=SignOffDecision.WAITING,
        asked_at=now,
        escalation=Rung.NONE,
        decided_at=None,
        decided_by=None,
        signed_name="",
        text="",
    )


def give(
    *,
    sharing_request: SharingRequest,
    part: str,
    by,
    now: datetime,
    text: str = "",
    signed_name: str = "",
) -> SignOff:
    """Consent.  ``by`` is None for a signed link, whose view has checked the signature; then
    ``signed_name`` says who it was.  Raises NotYours, NotAsked, AlreadySigned."""
    return _decide(
        sharing_request, part, "sign_off_given", by, now, text=text, signed_name=signed_name
    )


def refuse(
    *,
    sharing_request: SharingRequest,
    part: str,
    by,
    now: datetime,
    text: str = "",
    signed_name: str = "",
) -> SignOff:
    """Say no; what follows is the kind's (``on_signed``).  Raises as ``give`` does."""
    return _decide(
        sharing_request, part, "sign_off_refused", by, now, text=text, signed_name=signed_name
    )


def part_of(kind: str, code: str) -> SignOffPart:
    """The part of this code in the kind's table.  Raises NotAsked."""
    for part in kinds[kind].sign_offs:
        if part.code == code:
            return part
    raise NotAsked


def _decide(sharing_request, code, step, by, now, *, text, signed_name) -> SignOff:
    fresh = lock_request(sharing_request)
    part = part_of(fresh.kind, code)
    row = SignOff.objects.of(fresh).filter(part=code).first()
    if row is None or fresh.state not in State.OPEN:
        raise NotAsked
    if row.decision != SignOffDecision.WAITING:
        raise AlreadySigned
    if by is not None:
        _may_sign(fresh, part, row, by)
    row.decision, row.decided_at, row.decided_by = DECISIONS[step], now, by
    row.signed_name, row.text = str(by) if by is not None else signed_name, text
    row.save()
    change_times(
        fresh,
        step,
        side=part.side,
        by=by,
        now=now,
        text=text,
        data={"consent": code},
    )
    if kinds[fresh.kind].on_signed:
        kinds[fresh.kind].on_signed(sharing_request=fresh, sign_off=row, by=by, now=now)
    return row


def _may_sign(fresh: SharingRequest, part: SignOffPart, row: SignOff, by) -> None:
    """The named person, or who holds the part's permission on its side."""
    if row.person_id == by.pk:
        return
    if row.person_id is not None or part.permission is None:
        raise NotYours
    institution = fresh.owner if part.side == Side.OWNER else fresh.borrower
    require(by=by, institution=institution, permission=part.permission, kind=fresh.kind)
