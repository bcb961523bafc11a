"""MED rules (domain.md 4.3) through the actions and pages of a transfer: what makes one rule speak,
and the neighbour at which it is silent.

MED-02, 07, 08, 09, 11, 13 and the recalls of MED-12 are proved where their cases are told (``test_transfers.py``,
``test_mended.py``, ``test_recalls_and_notices.py``).
"""

from datetime import timedelta

import pytest
from django.urls import reverse

from resources.enums_medicine import ControlClass
from resources.kinds.medicine.actions.offers import Audience, LotsRefused, offer_lots
from resources.models import MedicineLot, Offer
from scheduling.actions._move import ConsentMissing
from scheduling.actions._rules import RulesBlock
from scheduling.kinds.medicine.actions import deciding
from scheduling.kinds.medicine.queries import facts
from scheduling.models import MedicineTransfer, SharingRequest, SignOff
from tests import make

pytestmark = pytest.mark.django_db
# The words of the rows, so that a class that is left out of a list in the code is missed here.
NEVER_LISTED = ["narcotic", "psychotropic_1", "toxic", "radioactive", "precursor", "vaccine",
                "clinical_trial"]  # fmt: skip
SIGNED_TWICE = ["psychotropic_2", "blood_product", "high_alert"]


@pytest.fixture
def fresh(offered, today):
    """A lot on offer of which no rule says anything."""

    def put(**fields):
        return offered(**{"expiry_date": today + timedelta(days=400)} | fields)

    return put


@pytest.fixture
def put_up(sides, now):
    """Offer four packs of a lot, as its pharmacist."""

    def offer(lot):
        return offer_lots(
            lines=[(lot, 4)], audience=Audience(), recalls_checked=True, by=sides.sender, now=now
        )

    return offer


def put(request_or_lot, **fields):
    """Change a lot behind the actions' back, as time or another page would."""
    pk = getattr(request_or_lot, "resource_id", request_or_lot.pk)
    MedicineLot.unscoped.filter(pk=pk).update(**fields)


def blocked(step, *arguments, **fields):
    """The codes by which a step is refused."""
    with pytest.raises(RulesBlock) as error:
        step(*arguments, **fields)
    return {finding.code for finding in error.value.findings if finding.severity == "block"}


@pytest.fixture
def sent(go, ask):
    """Send packs of a lot off; no rule asks for further signatures."""

    def send(lot, packs=5):
        return go.dispatch(go.approve(ask(lot, packs)))

    return send


def said(request, now):
    """[(code, severity)] of what the inbox and the page of a request show."""
    (findings,) = facts.judge([request], now)
    return [(finding.code, finding.severity.value) for finding in findings]


def test_what_keeps_every_rule_meets_none(fresh, ask, now):
    assert said(ask(fresh(), 5), now) == []


@pytest.mark.parametrize(("left", "refused"), [(0, False), (-1, True)])
def test_an_expired_lot_is_not_asked_for_nor_sent(fresh, ask, go, today, left, refused):
    """MED-01: usable on its last day, not on the next.  That the date cannot be edited once it was
    offered is in ``tests/resources/kinds/medicine/test_stock_guarantees.py``."""
    last_day = today + timedelta(days=left)
    approved = go.to(fresh(), "approved")
    put(approved, expiry_date=last_day)
    assert ("MED-01" in blocked(go.dispatch, approved)) == refused
    assert ("MED-01" in blocked(ask, fresh(expiry_date=last_day), 1)) == refused


def test_a_lot_that_expired_on_its_way_is_rejected_at_the_door(fresh, go, sent, today):
    """MED-01"""
    late, in_time = sent(fresh()), sent(fresh())
    put(late, expiry_date=today - timedelta(days=1))
    assert blocked(go.receive, late, accepted=5) == {"MED-01"}
    go.receive(late, accepted=0, rejected=5, difference_reason="Expired")
    put(in_time, expiry_date=today)
    assert go.receive(in_time, accepted=5).state == "finished"


@pytest.mark.parametrize(
    ("pack", "days", "asked"),
    [("CN", 179, True), ("CN", 180, False), ("UK", 89, True), ("UK", 90, False)],
)
def test_the_receivers_director_acknowledges_what_arrives_near_its_end(
    fresh, go, ask, today, now, settings, pack, days, asked
):
    """MED-03: ``near_expiry_days`` of the policy pack, counted from the arrival; who signs, and
    that nothing leaves before, is in ``test_transfers.py``."""
    settings.POLICY_PACK = pack
    basis = {"transfer_basis": "same_legal_entity"}
    request = ask(fresh(expiry_date=today + timedelta(days=days + 1), **basis), 5)
    assert said(request, now) == ([("MED-03", "info")] if asked else [])
    go.approve(request)
    wanted = ["director"] if asked else []
    assert list(SignOff.unscoped.values_list("part", flat=True)) == wanted
    if asked:
        with pytest.raises(ConsentMissing):
            go.dispatch(request)
    else:
        assert go.dispatch(request).state == "underway"


@pytest.mark.parametrize("control_class", NEVER_LISTED)
def test_what_the_law_keeps_out_is_never_listed(fresh, ask, put_up, control_class):
    """MED-04"""
    lot = fresh()
    put(lot, control_class=control_class)
    assert blocked(ask, lot, 1) == {"MED-04"}
    with pytest.raises(LotsRefused) as error:
        put_up(lot)
    (words,) = error.value.by_lot[lot.pk]
    assert str(ControlClass(control_class).label) in words
    assert Offer.unscoped.get().quantity == 100  # the offer that was there


@pytest.mark.parametrize("control_class", SIGNED_TWICE)
def test_two_people_of_each_side_sign_for_what_is_risky(
    fresh, go, ask, sides, now, put_up, control_class
):
    """MED-05: with either signature missing nothing leaves; that they are of different people is
    in ``test_transfers.py``."""
    lot = fresh(control_class=control_class)
    put_up(lot)
    request = ask(lot, 4)
    assert said(request, now) == [("MED-05", "info")]
    go.approve(request)
    for part, by in (("second_sender", sides.sender_two), ("second_receiver", sides.receiver_two)):
        with pytest.raises(ConsentMissing):
            go.dispatch(request)
        go.sign(request, part, by=by)
    assert go.dispatch(request).state == "underway"


def test_a_hospital_preparation_leaves_with_the_regulators_approval_only(fresh, ask, put_up):
    """MED-06"""
    lot = fresh()
    put(lot, control_class="hospital_preparation")
    assert blocked(ask, lot, 1) == {"MED-06"}
    with pytest.raises(LotsRefused, match="Nothing was published"):
        put_up(lot)
    put(lot, preparation_approval="Approval 2026-7")
    put_up(lot)
    assert ask(lot, 1).state == "requested"


def test_a_price_that_was_agreed_earns_nothing_when_the_cost_is_corrected(fresh, go):
    """MED-10: the database keeps the asked price within the cost (``lot_without_profit``); the
    agreed one is asked about again when it is approved and when it leaves."""
    asked, approved = go.to(fresh(), "requested", 5), go.to(fresh(), "approved", 5)
    for request in (asked, approved):
        put(request, unit_cost=119, transfer_price=100)
    assert blocked(go.approve, asked) == {"MED-10"}
    assert blocked(go.dispatch, approved) == {"MED-10"}
    put(approved, unit_cost=120)
    assert go.dispatch(approved).state == "underway"


@pytest.mark.parametrize(("minutes", "refused"), [(0, set()), (1, {"MED-12"})])
def test_the_notices_of_recalls_were_looked_at_within_a_week(fresh, ask, go, now, minutes, refused):
    """MED-12: when it is asked for, and again when it leaves."""
    lot, approved = fresh(), go.to(fresh(), "approved", 5)
    for place in (lot, approved):
        put(place, recall_checked_at=now - timedelta(days=7, minutes=minutes))
    if refused:
        assert blocked(ask, lot, 5) == refused
        assert blocked(go.dispatch, approved, recalls_checked=False) == refused
        assert go.dispatch(approved, recalls_checked=True).state == "underway"
    else:
        assert ask(lot, 5).state == "requested"
        assert go.dispatch(approved, recalls_checked=False).state == "underway"


@pytest.mark.parametrize("field", ["strength", "lot_no", "mah", "manufacturer", "dose_form"])
def test_what_cannot_be_recorded_in_full_is_not_moved(fresh, ask, go, field):
    """MED-16: name, days and the rest are kept by the database."""
    lot, promised = fresh(), go.to(fresh(), "approved", 5)
    for place in (lot, promised):
        put(place, **{field: ""})
    assert "MED-16" in blocked(ask, lot, 5)
    assert "MED-16" in blocked(go.dispatch, promised)


def test_the_note_of_a_transfer_says_all_that_the_law_wants(fresh, go, client, sides):
    """MED-16: both parties, what it is, how many, for how much, and when."""
    lot = fresh(mah="Holder Ltd", manufacturer="Maker Ltd")
    request = go.to(lot, "approved", 5)
    client.force_login(sides.receiver)
    note = client.get(reverse("scheduling:medicine-note", args=["borrower", request.pk])).text
    wanted = [
        lot.generic_name_en, lot.get_dose_form_display(), lot.strength, lot.lot_no, "Holder Ltd",
        "Maker Ltd", request.owner.name, request.borrower.name, "5 packs", "120.00 × 5 = 600.00",
        f"{lot.expiry_date.year}", lot.approval_no, str(request.decided_by),
    ]  # fmt: skip
    assert [text for text in wanted if text not in note] == []


@pytest.mark.parametrize("role", ["approver", "coordinator", "viewer", "staffing_manager"])
def test_nobody_but_a_pharmacist_decides_or_signs_for_the_sender(fresh, ask, sides, client, role):
    """MED-17: 403, and whom to ask."""
    request = ask(fresh(), 5)
    person = make.user(at=sides.owner, role=role)
    client.force_login(person)
    page = reverse("scheduling:medicine-decide", args=["owner", request.pk])
    decided = {
        "decision": "approve", "quantity": "5", "text": "", "reason": "",
        "version": request.version, "idempotency_key": "a-key-of-a-form-0001",
    }  # fmt: skip
    answer = client.post(page, decided)
    assert answer.status_code == 403
    assert "Pharmacist" in answer.text
    assert SharingRequest.unscoped.get().state == "requested"
    client.force_login(sides.sender)
    assert client.post(page, decided).status_code == 302
    assert SharingRequest.unscoped.get().decided_by == sides.sender


def test_what_came_from_another_hospital_is_not_passed_on(fresh, go, sent, sides, now):
    """MED-18: neither back nor onward, however complete its page is."""
    request = go.receive(sent(fresh()), accepted=5)
    own = MedicineTransfer.unscoped.get(pk=request.pk).received_as
    put(own, transfer_basis="consortium_unified", basis_evidence="Agreement 2")
    own.refresh_from_db()
    offer = {"audience": Audience(), "recalls_checked": True, "by": sides.receiver, "now": now}
    with pytest.raises(LotsRefused) as error:
        offer_lots(lines=[(own, 4)], **offer)
    assert error.value.by_lot == {
        own.pk: [f"It came from {request.owner.name} and is not passed on."]
    }
    put(own, received_from=None)  # the same packs, had they been bought
    assert len(offer_lots(lines=[(own, 4)], **offer)) == 1


def test_a_request_for_what_came_from_another_hospital_is_refused(fresh, ask):
    """MED-18, where an offer is there in spite of it."""
    assert blocked(ask, fresh(received_from=make.institution("third")), 1) == {"MED-18"}


def test_who_approved_does_not_sign_twice(fresh, go, ask, sides):
    """MED-05, MED-17: the second signature of the sender is another pharmacist's."""
    request = go.approve(ask(fresh(control_class="high_alert"), 5))
    approver = make.user(at=sides.owner, role="approver")
    with pytest.raises(deciding.sign_offs.NotYours):
        go.sign(request, "second_sender", by=approver)
    with pytest.raises(deciding.SecondPerson):
        go.sign(request, "second_sender", by=sides.sender)
