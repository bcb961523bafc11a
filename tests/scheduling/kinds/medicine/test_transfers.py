"""From the request to two ledgers in balance; what the rules refuse on the way."""

from datetime import timedelta

import pytest

from medshare_portal.models import AuditEvent
from resources.enums_medicine import MovementSort as Sort
from resources.models import MedicineLot, MedicineUse, StockMovement
from scheduling.actions import requests as generic
from scheduling.actions._lock import NotYours
from scheduling.actions._move import ConsentMissing
from scheduling.actions._rules import ReasonMissing, RulesBlock
from scheduling.actions.decisions import FourEyes
from scheduling.kinds.medicine.actions import deciding, moving
from scheduling.models import MedicineTransfer, SharingRequest
from scheduling.queries.open_request import AskedAlready
from scheduling.states import Side
from tests import make

pytestmark = pytest.mark.django_db


def balances(lot):
    return MedicineLot.unscoped.values_list("on_hand", "reserved", "in_transit").get(pk=lot.pk)


def codes(error):
    return [finding.code for finding in error.value.findings if finding.severity == "block"]


def test_a_transfer_ends_with_both_ledgers_in_balance(lot, go):
    request = go.to(lot, "finished")
    assert balances(lot) == (80, 0, 0)
    transfer = MedicineTransfer.unscoped.get(pk=request.pk)
    own = transfer.received_as
    assert (own.institution, own.on_hand, own.lot_no) == (request.borrower, 20, lot.lot_no)
    assert own.received_from == request.owner
    assert go.close(request).state == "closed"
    sorts = StockMovement.unscoped.filter(reference=request.reference).order_by("pk")
    assert list(sorts.values_list("sort", "quantity")) == [
        (Sort.RESERVE, 20), (Sort.DISPATCH, 20), (Sort.ACCEPT, 20), (Sort.RECEIVE, 20),
    ]  # fmt: skip
    for name in (request.owner.slug, request.borrower.slug):
        trail = AuditEvent.objects.everywhere(reason="test").filter(chain=name)
        assert trail.filter(action="request.hand_over").exists()


def test_part_of_it_is_approved_and_only_that_is_reserved(lot, go, ask):
    request = go.approve(ask(lot, 20), quantity=12)
    assert (request.quantity, request.asked_quantity) == (12, 20)
    assert balances(lot) == (100, 12, 0)


@pytest.mark.parametrize("quantity", [0, 21, -1])
def test_no_more_than_was_asked_is_approved(lot, go, ask, quantity):
    with pytest.raises(deciding.NotAPart):
        deciding.approve(
            sharing_request=ask(lot, 20), quantity=quantity, by=make.user(
                at=lot.institution, role="pharmacist"), now=lot.recall_checked_at,
        )  # fmt: skip
    assert balances(lot) == (100, 0, 0)


def test_what_arrives_broken_or_not_at_all_is_counted_and_explained(lot, go):
    """MED-15"""
    request = go.to(lot, "underway")
    assert balances(lot) == (80, 0, 20)
    with pytest.raises(moving.DoesNotAddUp):
        go.receive(request, accepted=15, rejected=2, lost=1)
    with pytest.raises(moving.ReasonMissing):
        go.receive(request, accepted=15, rejected=3, lost=2)
    go.receive(request, accepted=15, rejected=3, lost=2, difference_reason="Carton was wet")
    assert balances(lot) == (80, 0, 0)
    transfer = MedicineTransfer.unscoped.get(pk=request.pk)
    assert (transfer.shipped, transfer.received_as.on_hand) == (20, 15)


def test_all_may_be_rejected_and_nothing_enters_the_receivers_stock(lot, go):
    request = go.to(lot, "underway")
    go.receive(
        request, accepted=0, rejected=20, difference_reason="Wrong temperature", coldest=None
    )
    assert MedicineTransfer.unscoped.get(pk=request.pk).received_as is None
    request.refresh_from_db()
    assert go.close(request).state == "closed"


@pytest.mark.parametrize(
    ("fields", "what"),
    [
        ({"lot_no": "OTHER"}, "lot number"),
        ({"scan": "(01)06901234567892(17)270200(10)OTHER"}, "lot number"),
        ({"expiry_date": None}, "date"),
    ],
)
def test_another_lot_than_the_shipped_one_is_not_taken_in(lot, go, fields, what):
    """MED-14"""
    request = go.to(lot, "underway")
    with pytest.raises(moving.NotThisLot, match=what):
        go.receive(request, **fields)
    assert balances(lot) == (80, 0, 20)


def test_a_code_with_another_gtin_is_another_medicine(offered, go):
    """MED-14"""
    lot = offered(gtin="06901234567892")
    request = go.to(lot, "underway")
    code = f"(01)00012345678905(17){lot.expiry_date:%y%m%d}(10){lot.lot_no}"
    with pytest.raises(moving.NotThisLot, match="GTIN"):
        go.receive(request, scan=code)
    code = f"(01)06901234567892(17){lot.expiry_date:%y%m%d}(10){lot.lot_no}"
    go.receive(request, scan=code)


@pytest.mark.parametrize(
    "fields",
    [
        {"coldest": 1}, {"warmest": 9}, {"excursion_minutes": 5}, {"temperature_record": ""},
        {"coldest": None}, {"excursion_minutes": None},
    ],
)  # fmt: skip
def test_a_broken_cold_chain_is_not_accepted(lot, go, fields):
    request = go.to(lot, "underway")
    with pytest.raises(RulesBlock) as error:
        go.receive(request, **fields)
    assert codes(error) == ["MED-11"]


def test_a_cold_chain_lot_does_not_leave_without_a_logger(lot, go):
    request = go.to(lot, "signed")
    with pytest.raises(RulesBlock) as error:
        go.dispatch(request, moving.Package(seal_no="S", courier="Van"))
    assert codes(error) == ["MED-11"]
    assert balances(lot) == (100, 20, 0)


def test_close_to_its_end_nothing_leaves_before_the_receivers_director_signed(lot, go, ask, sides):
    """MED-03"""
    request = go.approve(ask(lot))
    with pytest.raises(ConsentMissing):
        go.dispatch(request)
    with pytest.raises(NotYours):
        go.sign(request, by=sides.receiver_two)
    go.sign(request)
    assert go.dispatch(request).state == "underway"


def test_far_from_its_end_no_director_is_asked(offered, go, ask, today):
    request = go.approve(ask(offered(expiry_date=today + timedelta(days=400))))
    assert go.dispatch(request).state == "underway"


def test_a_class_with_two_signatures_wants_two_people_of_each_side(offered, go, ask, sides, today):
    """MED-05"""
    lot = offered(control_class="high_alert", expiry_date=today + timedelta(days=400))
    request = go.approve(ask(lot))
    with pytest.raises(ConsentMissing):
        go.dispatch(request)
    with pytest.raises(deciding.SecondPerson):
        go.sign(request, "second_sender", by=sides.sender)
    go.sign(request, "second_sender", by=sides.sender_two)
    with pytest.raises(deciding.SecondPerson):
        go.sign(request, "second_receiver", by=sides.receiver)
    go.sign(request, "second_receiver", by=sides.receiver_two)
    assert go.dispatch(request).state == "underway"


def test_more_than_the_receiver_can_use_needs_a_reason_and_much_more_is_refused(offered, ask):
    lot = offered(stock=200)
    with pytest.raises(ReasonMissing):
        ask(lot, 80)  # 400 pens of 368 usable
    with pytest.raises(RulesBlock) as error:
        ask(lot, 120)  # 600 pens
    assert codes(error) == ["MED-08"]
    assert ask(lot, 80, accepted={"MED-08": "Winter"}).accepted_findings[0]["reason"] == "Winter"


def test_without_known_use_nothing_close_to_its_end_is_moved(lot, ask, sides):
    MedicineUse.unscoped.all().delete()
    with pytest.raises(RulesBlock) as error:
        ask(lot)
    assert codes(error) == ["MED-08"]


def test_the_receivers_own_stock_that_expires_first_is_used_first(lot, ask, sides, today):
    make.medicine_lot(sides.borrower, stock=70, expiry_date=today + timedelta(days=50))
    with pytest.raises(RulesBlock) as error:
        ask(lot, 20)  # of 368 usable pens 350 are in stock already
    assert codes(error) == ["MED-08"]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"control_class": "vaccine"}, "MED-04"),
        ({"pack_state": "opened"}, "MED-13"),
        ({"pack_state": "damaged"}, "MED-13"),
        ({"pack_state": "relabelled"}, "MED-13"),
        ({"pack_state": "patient_return"}, "MED-13"),
        ({"quarantine_state": "quarantine"}, "MED-13"),
        ({"transfer_basis": ""}, "MED-09"),
    ],
)
def test_a_lot_that_changed_since_it_was_offered_is_refused(offered, ask, fields, code):
    with pytest.raises(RulesBlock) as error:
        ask(offered(**fields))
    assert code in codes(error)


def test_what_has_too_few_days_left_at_arrival_is_refused(offered, ask, today):
    with pytest.raises(RulesBlock) as error:
        ask(offered(expiry_date=today + timedelta(days=30)), 1)
    assert "MED-02" in codes(error)


def test_no_more_is_asked_than_is_on_offer(offered, ask):
    with pytest.raises(RulesBlock) as error:
        ask(offered(quantity=10), 11)
    assert "OFR-05" in codes(error)


def test_the_same_lot_is_asked_for_once(lot, ask):
    first = ask(lot)
    with pytest.raises(AskedAlready, match=first.reference):
        ask(lot)


def test_who_asked_does_not_approve(lot, ask, go, sides):
    make.grant(sides.receiver, "pharmacist", at=sides.owner)
    with pytest.raises(FourEyes):
        go.approve(ask(lot), by=sides.receiver)


def test_only_a_pharmacist_approves(lot, ask, go, sides):
    """MED-17"""
    with pytest.raises(NotYours):
        go.approve(ask(lot), by=make.user(at=sides.owner, role="approver"))


@pytest.mark.parametrize("side", [Side.OWNER, Side.BORROWER])
def test_a_transfer_that_is_called_off_gives_the_stock_back(lot, go, sides, now, side):
    request = go.to(lot, "approved")
    assert balances(lot) == (100, 20, 0)
    by = sides.sender if side == Side.OWNER else sides.receiver
    generic.cancel(
        sharing_request=request, side=side, by=by, now=now, reason_code="no_longer_needed"
    )
    assert balances(lot) == (100, 0, 0)


def test_an_approval_that_finds_too_little_left_changes_nothing(offered, ask, go, sides, now):
    lot = offered(stock=30)
    request = ask(lot, 20)
    make.movement(lot, Sort.WRITE_OFF, 15)
    with pytest.raises(RulesBlock):
        go.approve(request)
    assert SharingRequest.unscoped.get(pk=request.pk).state == "requested"
