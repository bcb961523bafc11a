"""Three agree before a shift is booked: the person, the home employer, the host's credentialing.

In any order; the last one books it, with every rule checked again.
"""

from datetime import datetime

from scheduling.actions import _rules, sign_offs
from scheduling.actions._move import move
from scheduling.kinds.staff.actions import letters
from scheduling.kinds.staff.parts import HOME, HOST, PERSON
from scheduling.models import SharingRequest, SignOff
from scheduling.queries.rule_facts import wish_of
from scheduling.queries.sign_offs import missing_consents
from scheduling.states import DeclineReason, Side, SignOffDecision, State


def agree(
    *,
    sharing_request: SharingRequest,
    by,
    now: datetime,
    text: str = "",
    accepted: dict[str, str] | None = None,
) -> SharingRequest:
    """``WorkflowKind.on_approve``: the home employer agrees; warnings need its reasons.

    ``decisions.approve`` has checked the right and the second person.  An exception from a rule
    takes two: the host's reason does not stand for the home employer's.
    Raises RulesBlock, ReasonMissing, MayNotPass, AlreadySigned.
    """
    _context, findings = _rules.checked(wish_of(sharing_request), now=now)
    excepted = {finding.code for finding in findings.exceptions}
    known = _passed(sharing_request).items()
    before = {code: reason for code, reason in known if code not in excepted}
    _rules.judge(findings, {**before, **(accepted or {})})
    reasons = _rules.reasons_for(findings, accepted)
    _rules.require_passing(
        reasons, by=by, institution=sharing_request.owner, kind="staff", findings=findings
    )
    sharing_request.accepted_findings += _rules.accepted_record(
        reasons, by=by, now=now, findings=findings
    )
    SharingRequest.objects.owned_by(sharing_request.owner).filter(pk=sharing_request.pk).update(
        accepted_findings=sharing_request.accepted_findings
    )
    sign_offs.give(sharing_request=sharing_request, part=HOME, by=by, now=now, text=text)
    return sharing_request


def on_signed(*, sharing_request: SharingRequest, sign_off: SignOff, by, now: datetime) -> None:
    """After a consent: a refusal ends the invitation, the last consent books the shift."""
    if sign_off.decision == SignOffDecision.REFUSED:
        _end(sharing_request, sign_off, by, now)
    elif sharing_request.state == State.REQUESTED and not missing_consents(
        sharing_request, "approve"
    ):
        _book(sharing_request, by, now)


def _book(sharing_request: SharingRequest, by, now: datetime) -> None:
    """The home employer's yes is the decision.  Raises RulesBlock when something has changed."""
    passed = _passed(sharing_request)
    context, _findings = _rules.check(wish_of(sharing_request), now=now, accepted=passed)
    home = SignOff.objects.of(sharing_request).select_related("decided_by").get(part=HOME)
    decider = by if by is not None and by.pk == home.decided_by_id else home.decided_by
    move(
        sharing_request,
        "approve",
        side=Side.OWNER,
        by=decider,
        now=now,
        text=home.text,
        data=_rules.passed(passed),
        blocked_from=context.blocked_from,
        blocked_until=context.blocked_until,
        decided_at=now,
        decided_by=home.decided_by,
        decision_text=home.text,
        due_at=None,
    )
    letters.queue(sharing_request, "booked", now=now)


def _end(sharing_request: SharingRequest, sign_off: SignOff, by, now: datetime) -> None:
    if sign_off.part == HOST:
        move(sharing_request, "withdraw", side=Side.BORROWER, by=by, now=now, due_at=None)
    else:
        move(
            sharing_request,
            "decline",
            side=Side.OWNER,
            by=by,
            now=now,
            reason_code=DeclineReason.OTHER.value,
            text=sign_off.text,
            decided_at=now,
            decided_by=by,
            decided_automatically=by is None,
            decision_code=DeclineReason.OTHER.value,
            decision_text=sign_off.text,
            due_at=None,
        )
    if sign_off.part != PERSON:
        letters.queue(sharing_request, "ended", now=now)


def _passed(sharing_request: SharingRequest) -> dict[str, str]:
    """Warnings that were passed before, with their reasons."""
    return {entry["code"]: entry["reason"] for entry in sharing_request.accepted_findings}
