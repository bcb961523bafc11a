"""Requests between the two marked institutions for a lot, an asset and a person."""

from datetime import datetime, timedelta

from demo.canary_kinds import move
from demo.canary_requests import PATHS, log
from demo.marks import mark
from medshare_portal.roles import Role
from resources.enums_medicine import MovementSort as Sort
from scheduling.kinds.information.actions import access_log
from scheduling.models import (
    AccessGrant,
    MedicineTransfer,
    SharingRequest,
    SignOff,
    StaffEngagement,
)
from scheduling.states import Side, State

PACKS, LOOKS = 5, 3
STATES = {
    "medicine": (State.REQUESTED, State.APPROVED, State.UNDERWAY, State.CLOSED),
    "information": (State.REQUESTED, State.COUNTERED, State.UNDERWAY, State.CLOSED),
    "staff": (State.REQUESTED,),  # the name of a person is told once the shift is booked
}
KEEPER = {
    "medicine": Role.PHARMACIST,
    "information": Role.INFORMATION_STEWARD,
    "staff": Role.STAFFING_MANAGER,
}
LEDGER = {
    State.APPROVED: (Sort.RESERVE,),
    State.UNDERWAY: (Sort.RESERVE, Sort.DISPATCH),
    State.CLOSED: (Sort.RESERVE, Sort.DISPATCH, Sort.ACCEPT),
}


def plant_kind_requests(owner, borrower, now: datetime) -> None:
    """Of each kind that ``owner`` has, in the states that show most."""
    own_rows = {"medicine": _transfer, "information": _grant, "staff": _engagement}
    for kind in owner.of_kind:
        for number, state in enumerate(STATES[kind]):
            row = _request(owner, borrower, kind, state, now, number)
            own_rows[kind](owner, borrower, row, now)
            log(owner, borrower, row, PATHS[state][0], now)


def _request(owner, borrower, kind, state, now: datetime, number: int) -> SharingRequest:
    decided = state in State.DECIDED
    row = borrower.marked(
        SharingRequest,
        resource=owner.of_kind[kind],
        owner=owner.institution,
        borrower=borrower.institution,
        offer=owner.offer_of_kind[kind],
        kind=kind,
        state=state,
        mode="",
        delivery_site=borrower.site,
        created_at=now - timedelta(days=10),
        created_by=borrower.people[Role.COORDINATOR],
        submitted_at=now - timedelta(days=10),
        decided_at=now - timedelta(days=9) if decided else None,
        decided_by=owner.people[KEEPER[kind]] if decided else None,
        decision_code="",
        accepted_findings=[],
        decision_text=mark(owner.letter, SharingRequest, "decision_text") if decided else "",
        currency="CNY",
        due_at=now + timedelta(hours=20) if state in State.PENDING else None,
        ended_at=now - timedelta(days=2) if state in State.ENDED else None,
        **_claimed(kind, now, number),
        **_used(state, now),
    )
    row.save()
    return row


def _claimed(kind: str, now: datetime, number: int) -> dict:
    if kind != "staff":
        count = PACKS if kind == "medicine" else LOOKS
        return {"quantity": count, "asked_quantity": count}
    starts_at = now + timedelta(days=3 + 5 * number)
    ends_at = starts_at + timedelta(hours=8)
    names = ("starts_at", "blocked_from", "asked_starts_at")
    ends = ("ends_at", "blocked_until", "asked_ends_at")
    return dict.fromkeys(names, starts_at) | dict.fromkeys(ends, ends_at)


def _used(state, now: datetime) -> dict:
    found = {}
    if state in (State.UNDERWAY, State.CLOSED):
        found["actual_starts_at"] = now - timedelta(days=4)
    if state == State.CLOSED:
        found["actual_ends_at"] = now - timedelta(days=3)
    return found


def _signed(nest, row, part: str, side: Side, now: datetime) -> None:
    nest.marked(
        SignOff,
        sharing_request=row,
        part=part,
        side=side,
        decision="given",
        asked_at=now,
        decided_at=now,
        decided_by=nest.people[Role.APPROVER],
    ).save()


def _transfer(owner, borrower, row, now: datetime) -> None:
    sent = row.state in (State.UNDERWAY, State.CLOSED)
    received = row.state == State.CLOSED
    counted = {"accepted": PACKS, "rejected": 0, "lost": 0} if received else {}
    owner.marked(
        MedicineTransfer,
        sharing_request=row,
        expected_on=now.date() + timedelta(days=1),
        days_left_at_arrival=99,
        unit_price=120,
        shipped=PACKS if sent else None,
        **counted,
    ).save()
    _signed(borrower, row, "director", Side.BORROWER, now)
    for sort in LEDGER.get(row.state, ()):
        move(owner, row.resource.medicine_lot, sort, PACKS, now, reference=row.reference)


def _grant(owner, borrower, row, now: datetime) -> None:
    glass = row.state == State.UNDERWAY
    opened = row.state in (State.UNDERWAY, State.CLOSED)
    person = borrower.people[Role.COORDINATOR]
    grant = borrower.marked(
        AccessGrant,
        sharing_request=row,
        terms=owner.terms,
        person=person,
        purpose_of_use="BTG" if glass else "TREAT",
        legal_basis="emergency" if glass else "none_needed",
        recipient_role="physician",
        scope=[mark(borrower.letter, AccessGrant, "scope")],
        asked_until=now + timedelta(days=7),
        valid_until=now + timedelta(days=7) if opened else None,
        looks_used=1 if opened else 0,
        end_reason="used_up" if row.state == State.CLOSED else "",
        break_glass=glass,
        review_due_at=now + timedelta(days=3) if glass else None,
        review_text="",
    )
    grant.save()
    if opened:
        access_log.write(
            sharing_request=row,
            grant=grant,
            action="look",
            by=person,
            organisation=borrower.institution,
            address="CANARY-address",
            now=now,
            content=f"CANARY-{owner.letter}-accessevent-content",
        )


def _engagement(owner, borrower, row, now: datetime) -> None:
    borrower.marked(StaffEngagement, sharing_request=row, confirmed_name="").save()
    _signed(owner, row, "home", Side.OWNER, now)
