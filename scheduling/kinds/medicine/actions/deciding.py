"""The sender's pharmacist: approve in whole or in part; and the further signatures."""

from contextlib import suppress
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from medshare_portal.refusals import Refusal
from medshare_portal.roles import Permission
from resources.enums_medicine import MovementSort
from resources.kinds.medicine.actions.ledger import Line, post_all
from resources.kinds.medicine.usability import day_at, days_left
from scheduling.actions import _rules, sign_offs
from scheduling.actions._lock import lock_request, require
from scheduling.actions._move import IllegalTransition, move
from scheduling.actions.decisions import FourEyes
from scheduling.kinds.medicine.queries import facts
from scheduling.kinds.medicine.rules.transfers import arrival_by_now, findings_of
from scheduling.kinds.medicine.told import ask_to_sign
from scheduling.models import MedicineTransfer, SharingRequest, SignOff
from scheduling.states import Side, SignOffDecision, State

KIND = "medicine"
REASON = "the system's own moves"
SECOND_SENDER = "second_sender"
EASTERNMOST = "Pacific/Kiritimati"  # nowhere is the date later
BEFORE_IT_LEAVES = (State.REQUESTED, State.APPROVED)


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

    Raises RulesBlock, ReasonMissing, FourEyes, SecondPerson, NotAPart, NotEnoughStock,
    StaleVersion.
    """
    fresh = lock_request(sharing_request, version=version)
    require(by=by, institution=fresh.owner, permission=Permission.DECIDE, kind=KIND)
    if fresh.created_by_id in by.seats:
        raise FourEyes
    if fresh.state != State.REQUESTED:
        raise IllegalTransition(fresh.state)
    if not 0 < quantity <= fresh.quantity:
        raise NotAPart
    if SignOff.objects.of(fresh).filter(part=SECOND_SENDER, decided_by__in=by.seats).exists():
        raise SecondPerson
    context = facts.wish_of(fresh, now, quantity=quantity, for_sender=True)
    accepted = _judged(fresh, context, accepted, by)
    offer = reserved(fresh, context.lot, quantity, by, now)
    look_again(fresh, context.lot, now)
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


def reserved(fresh: SharingRequest, lot, quantity: int, by, now: datetime):
    """Reserve packs under the offer that is published now; returns that offer."""
    offer = facts.published_offer(lot)
    line = Line(
        sort=MovementSort.RESERVE, quantity=quantity, reference=fresh.reference, offer=offer
    )
    post_all(lot=lot, lines=[line], by=by, now=now)
    return offer


def _judged(fresh: SharingRequest, context, accepted, by) -> dict[str, str]:
    """The reasons by which warnings are passed now; those passed when it was asked still hold."""
    findings = findings_of(context)
    passed_before = {entry["code"]: entry["reason"] for entry in fresh.accepted_findings}
    _rules.judge(findings, {**passed_before, **(accepted or {})})
    accepted = _rules.reasons_for(findings, accepted)
    _rules.require_passing(accepted, by=by, institution=fresh.owner, kind=KIND, findings=findings)
    return accepted


def look_again(fresh: SharingRequest, lot, now: datetime) -> None:
    """What the further signatures depend on, as it is by now: a transfer that is late may have
    come close to its end, a medicine into a class that two people sign for."""
    transfer = MedicineTransfer.objects.of(fresh).select_for_update(of=("self",)).get()
    arrival = arrival_by_now(transfer.expected_on, day_at(now, lot.resource.site.time_zone))
    transfer.days_left_at_arrival = max(days_left(lot.expiry_date, arrival), 0)
    transfer.dual_sign_off = transfer.dual_sign_off or lot.needs_dual_sign_off
    transfer.save(update_fields=["days_left_at_arrival", "dual_sign_off"])
    fresh.medicine_transfer = transfer
    sign_offs.ask_for(fresh, now=now)


def look_at_late_ones(*, now: datetime) -> int:
    """Ask for the signatures that an approved transfer has come to need since the day on which it
    should have arrived; returns how many.  What is not late is not locked: its day still holds."""
    done = 0
    for request in _late_ones(now):
        with suppress(IllegalTransition), transaction.atomic():
            done += _look_at(lock_request(request), now)
    return done


def _late_ones(now: datetime) -> list[SharingRequest]:
    """Approved, and expected before today where the lot lies."""
    rows = SharingRequest.objects.everywhere(reason=REASON).filter(
        kind=KIND,
        state=State.APPROVED,
        medicine_transfer__expected_on__lt=day_at(now, EASTERNMOST),
    )
    related = rows.select_related("resource__site", "medicine_transfer").order_by("pk")
    return [
        request
        for request in related
        if request.medicine_transfer.expected_on < day_at(now, request.resource.site.time_zone)
    ]


def _look_at(fresh: SharingRequest, now: datetime) -> int:
    if fresh.state != State.APPROVED:
        raise IllegalTransition(fresh.state)
    known = set(SignOff.objects.of(fresh).values_list("part", flat=True))
    look_again(fresh, facts.lot_of(fresh.resource), now)
    parts = set(SignOff.objects.of(fresh).values_list("part", flat=True)) - known
    ask_to_sign(fresh, parts, by=None, now=now)
    return len(parts)


def sign(*, sharing_request: SharingRequest, part: str, by, now: datetime, text: str = ""):
    """Give a further signature; it is another person's than the first one of its side.

    Raises SecondPerson, NotYours, NotAsked, AlreadySigned.
    """
    fresh = lock_request(sharing_request)
    first = fresh.decided_by_id if part == SECOND_SENDER else fresh.created_by_id
    asked = sign_offs.part_of(KIND, part)
    institution = fresh.owner if asked.side == Side.OWNER else fresh.borrower
    require(by=by, institution=institution, permission=asked.permission, kind=KIND)
    if first in by.seats:
        raise SecondPerson
    if fresh.state in BEFORE_IT_LEAVES:
        look_again(fresh, facts.lot_of(fresh.resource), now)
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
    if transition in ("cancel", "cancel_by_owner", "release_booking"):
        give_back(sharing_request=sharing_request, by=by, now=now)
