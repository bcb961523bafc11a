"""The sender's pharmacist: approve in whole or in part; and the further signatures."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from medshare_portal.refusals import Refusal
from medshare_portal.roles import Permission
from resources.enums_medicine import MovementSort
from resources.kinds.medicine.actions.ledger import Line, post_all
from scheduling.actions import _rules, sign_offs
from scheduling.actions._lock import lock_request, require
from scheduling.actions._move import IllegalTransition, move
from scheduling.actions.decisions import FourEyes
from scheduling.kinds.medicine.queries import facts
from scheduling.kinds.medicine.rules.transfers import findings_of
from scheduling.kinds.medicine.told import ask_to_sign
from scheduling.models import SharingRequest, SignOff
from scheduling.states import Side, SignOffDecision, State

KIND = "medicine"


class NotAPart(Refusal):
    message = _("Approve what was asked, or fewer packs.")
    field = "quantity"
    status = 422


class SecondPerson(Refusal):
    """Two signatures are of two people."""

    message = _("A second person must sign: you signed for this side already.")
    status = 403


def approve(
    *,
    sharing_request: SharingRequest,
    quantity: int,
    by,
    now: datetime,
    version: int | None = None,
    text: str = "",
    accepted: dict[str, str] | None = None,
) -> SharingRequest:
    """Approve ``quantity`` packs and reserve them; order of use and recalls are looked at again.

    Raises RulesBlock, ReasonMissing, FourEyes, NotAPart, NotEnoughStock, StaleVersion.
    """
    fresh = lock_request(sharing_request, version=version)
    require(by=by, institution=fresh.owner, permission=Permission.DECIDE, kind=KIND)
    if fresh.created_by_id == by.pk:
        raise FourEyes
    if fresh.state != State.REQUESTED:
        raise IllegalTransition(fresh.state)
    if not 0 < quantity <= fresh.quantity:
        raise NotAPart
    context = facts.wish_of(fresh, now, quantity=quantity)
    accepted = _judged(fresh, context, accepted, by)
    offer = facts.published_offer(context.lot)
    line = Line(
        sort=MovementSort.RESERVE, quantity=quantity, reference=fresh.reference, offer=offer
    )
    post_all(lot=context.lot, lines=[line], by=by, now=now)
    waiting = SignOff.objects.of(fresh).filter(decision=SignOffDecision.WAITING)
    ask_to_sign(fresh, waiting.values_list("part", flat=True), by=by, now=now)
    return move(
        fresh,
        "approve",
        side=Side.OWNER,
        by=by,
        now=now,
        text=text,
        data={"quantity": [str(fresh.quantity), quantity]} | _rules.passed(accepted),
        quantity=quantity,
        offer=offer,
        accepted_findings=fresh.accepted_findings
        + _rules.accepted_record(accepted, by=by, now=now),
        decided_at=now,
        decided_by=by,
        decision_text=text,
        due_at=None,
    )


def _judged(fresh: SharingRequest, context, accepted, by) -> dict[str, str]:
    """The reasons by which warnings are passed now; those passed when it was asked still hold."""
    findings = findings_of(context)
    passed_before = {entry["code"]: entry["reason"] for entry in fresh.accepted_findings}
    _rules.judge(findings, {**passed_before, **(accepted or {})})
    accepted = _rules.reasons_for(findings, accepted)
    _rules.require_passing(accepted, by=by, institution=fresh.owner, kind=KIND)
    return accepted


def sign(*, sharing_request: SharingRequest, part: str, by, now: datetime, text: str = ""):
    """Give a further signature; the second one of a side is another person's.

    Raises SecondPerson, NotYours, NotAsked, AlreadySigned.
    """
    fresh = lock_request(sharing_request)
    first = {"second_sender": fresh.decided_by_id, "second_receiver": fresh.created_by_id}
    if first.get(part) == by.pk:
        raise SecondPerson
    return sign_offs.give(sharing_request=fresh, part=part, by=by, now=now, text=text)


def give_back(*, sharing_request: SharingRequest, by, now: datetime) -> None:
    """Release what was reserved for a request that was called off before it left."""
    lot = facts.lot_of(sharing_request.resource)
    line = Line(
        sort=MovementSort.RELEASE,
        quantity=int(sharing_request.quantity),
        reference=sharing_request.reference,
        offer=sharing_request.offer,
    )
    post_all(lot=lot, lines=[line], by=by, now=now)


def on_step(*, sharing_request: SharingRequest, transition: str, by, now: datetime) -> None:
    """The ledger follows what calls a promise off, whoever makes the step."""
    if transition in ("cancel", "cancel_by_owner"):
        give_back(sharing_request=sharing_request, by=by, now=now)
