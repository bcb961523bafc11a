"""Requests between the two marked institutions, in the states that show most."""

from datetime import datetime, timedelta

from demo.canary_talk import plant_talk
from demo.marks import mark
from medshare_portal import audit
from medshare_portal.roles import Role
from scheduling import notices
from scheduling.basket_states import BasketState, Together
from scheduling.models import (
    Basket,
    BasketLine,
    Handover,
    SharingRequest,
    TimeChange,
    TransitionLog,
)
from scheduling.states import Side, Stage, State

# Per state: the steps that led to it, and in how many days it starts.
PATHS = {
    State.REQUESTED: (("ask",), 3),
    State.COUNTERED: (("ask", "counter"), 7),
    State.APPROVED: (("ask", "approve"), 11),
    State.UNDERWAY: (("ask", "approve", "hand_over"), -1),
    State.CLOSED: (("ask", "approve", "hand_over", "return", "close"), -9),
    State.DECLINED: (("ask", "decline"), 15),
}
STEP = {
    "ask": (Side.BORROWER, "", State.REQUESTED),
    "counter": (Side.OWNER, State.REQUESTED, State.COUNTERED),
    "approve": (Side.OWNER, State.REQUESTED, State.APPROVED),
    "decline": (Side.OWNER, State.REQUESTED, State.DECLINED),
    "hand_over": (Side.BORROWER, State.APPROVED, State.UNDERWAY),
    "return": (Side.OWNER, State.UNDERWAY, State.FINISHED),
    "close": (Side.OWNER, State.FINISHED, State.CLOSED),
}


def plant_requests(owner, borrower, now: datetime) -> None:
    """Requests of ``borrower`` for both listed devices of ``owner``; texts carry the mark of the
    side that wrote them."""
    plant_basket(owner, borrower, now)
    for device, offer in zip(owner.devices, owner.offers, strict=False):
        for state, (steps, days) in PATHS.items():
            row = request_for(
                owner, borrower, device, offer, state, now, now + timedelta(days=days)
            )
            log(owner, borrower, row, steps, now)
            if state in (State.UNDERWAY, State.CLOSED):
                _handovers(owner, borrower, row, state, now)
            if state == State.UNDERWAY:
                _extension(borrower, row, now)
                plant_talk(owner, borrower, row, now)


def plant_basket(owner, borrower, now: datetime) -> None:
    """A sent basket of one item, and a draft that its person alone may see."""
    by, sent_at = borrower.people[Role.COORDINATOR], now - timedelta(days=10)
    people = {"borrower": borrower.institution, "created_by": by, "created_at": sent_at}
    basket = borrower.marked(Basket, **people)
    basket.save()
    device, offer = owner.devices[0], owner.offers[0]
    starts_at = now + timedelta(days=40)
    row = request_for(
        owner, borrower, device, offer, State.REQUESTED, now, starts_at, basket=basket
    )
    log(owner, borrower, row, ("ask",), now)
    Basket.unscoped.filter(pk=basket.pk).update(
        state=BasketState.OPEN,
        together=Together.ALL,
        item_count=1,
        sent_at=sent_at,
        deadline_at=now + timedelta(days=2),
    )
    draft = borrower.marked(Basket, **people)
    draft.save()
    typed = {"purpose": [mark(borrower.letter, BasketLine, "typed")]}
    BasketLine.unscoped.create(
        basket=draft, resource=device, typed=typed, added_at=now, added_by=by
    )


def request_for(owner, borrower, device, offer, state, now, starts_at, **beside) -> SharingRequest:
    """``beside``: the basket or the series of which it is part."""
    ends_at = starts_at + timedelta(days=2)
    decided = state in State.DECIDED
    row = borrower.marked(
        SharingRequest,
        resource=device,
        owner=owner.institution,
        borrower=borrower.institution,
        offer=offer,
        kind="equipment",
        state=state,
        mode="loan",
        delivery_site=borrower.site,
        starts_at=starts_at,
        ends_at=ends_at,
        blocked_from=starts_at,
        blocked_until=ends_at,
        asked_starts_at=starts_at,
        asked_ends_at=ends_at,
        created_at=now - timedelta(days=10),
        created_by=borrower.people[Role.COORDINATOR],
        submitted_at=now - timedelta(days=10),
        decided_at=now - timedelta(days=9, hours=20) if decided else None,
        decided_by=owner.people[Role.APPROVER] if decided else None,
        decision_code="other" if state == State.DECLINED else "",
        decision_text=mark(owner.letter, SharingRequest, "decision_text") if decided else "",
        accepted_findings=[
            {
                "code": "OFR-03",
                "reason": mark(borrower.letter, SharingRequest, "accepted_findings"),
                "by": f"CANARY-{borrower.letter}-passed-by",
                "at": (now - timedelta(days=10)).isoformat(),
            }
        ],
        currency="CNY",
        agreement_accepted_at=now - timedelta(days=10),
        **beside,
        **_moments(state, now, starts_at, ends_at),
    )
    row.save()
    return row


def _moments(state, now, starts_at, ends_at) -> dict:
    moments = {}
    if state in State.PENDING:
        moments["due_at"] = now + timedelta(hours=20)
    if state in (State.UNDERWAY, State.CLOSED):
        moments["actual_starts_at"] = starts_at
    if state == State.CLOSED:
        moments["actual_ends_at"] = ends_at
    if state in State.ENDED:
        moments["ended_at"] = now - timedelta(days=2)
    return moments


def log(owner, borrower, row, steps, now: datetime) -> None:
    """The history of a request, its notices and its lines of both audit trails."""
    for number, name in enumerate(steps):
        side, source, target = STEP[name]
        nest = owner if side == Side.OWNER else borrower
        role = Role.APPROVER if side == Side.OWNER else Role.COORDINATOR
        at = now - timedelta(days=10) + timedelta(hours=number)
        text = mark(nest.letter, TransitionLog, "text")
        TransitionLog.unscoped.create(
            sharing_request=row,
            at=at,
            by=nest.people[role],
            side=side,
            transition=name,
            from_state=source,
            to_state=target,
            new_starts_at=row.starts_at,
            new_ends_at=row.ends_at,
            text=text,
            data={"note": mark(nest.letter, TransitionLog, "data")},
        )
        notices.tell(row, name, by=nest.people[role], now=at, text=text)
        audit.record(
            chains=[owner.institution.slug, borrower.institution.slug],
            by=nest.people[role],
            action=f"request.{name}",
            obj=row,
            now=at,
            data={"kind": row.kind, "state": [source, target]},
        )


def _handovers(owner, borrower, row, state, now: datetime) -> None:
    engineer = owner.people[Role.BIOMEDICAL_ENGINEER]
    coordinator = borrower.people[Role.COORDINATOR]
    stages = [(Stage.HANDOVER, owner, engineer, coordinator)]
    if state == State.CLOSED:
        stages += [
            (Stage.RETURN, borrower, coordinator, engineer),
            (Stage.POST_CHECK, owner, engineer, engineer),
        ]
    for stage, nest, giver, receiver in stages:
        nest.marked(
            Handover,
            sharing_request=row,
            stage=stage,
            decontaminated=True,
            given_by=giver,
            given_at=now - timedelta(days=1),
            received_by=receiver,
            received_at=now - timedelta(days=1),
        ).save()


def _extension(borrower, row, now: datetime) -> None:
    borrower.marked(
        TimeChange,
        sharing_request=row,
        kind="extension",
        status="pending",
        old_ends_at=row.ends_at,
        new_ends_at=row.ends_at + timedelta(hours=8),
        asked_at=now,
        asked_by=borrower.people[Role.COORDINATOR],
        due_at=now + timedelta(hours=4),
        answer="",
    ).save()
