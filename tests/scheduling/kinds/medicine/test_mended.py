"""What went wrong between two hospitals before: each case as it would happen."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from medshare_portal.models import Notification
from resources.enums_medicine import MovementSort as Sort
from resources.kinds.medicine.actions.states import set_state
from resources.models import MedicineLot
from scheduling.actions._move import ConsentMissing, OnHold
from scheduling.actions._rules import ReasonMissing, RulesBlock
from scheduling.actions.suspensions import suspend
from scheduling.kinds.medicine.actions import deciding, moving
from scheduling.kinds.medicine.queries import facts
from scheduling.kinds.medicine.rules.transfers import findings_of
from scheduling.models import MedicineTransfer, SharingRequest, SignOff
from scheduling.states import Suspension
from tests import make

pytestmark = pytest.mark.django_db
WRONG = {"accepted": 0, "difference_reason": "Another lot arrived"}


def balances(lot):
    return MedicineLot.unscoped.values_list("on_hand", "reserved", "in_transit").get(pk=lot.pk)


def codes(error):
    return {finding.code for finding in error.value.findings}


@pytest.mark.parametrize("counted", [{"rejected": 20}, {"lost": 20}, {"rejected": 5, "lost": 15}])
def test_another_lot_or_none_at_all_arrives_and_the_transfer_can_end(lot, go, counted):
    request = go.to(lot, "underway")
    go.receive(request, lot_no="OTHER", expiry_date=None, **WRONG | counted)
    assert balances(lot) == (80, 0, 0)
    request.refresh_from_db()
    assert go.close(request).state == "closed"


def test_its_page_asks_for_no_number_where_nothing_is_taken_in(lot, go, sides):
    request = go.to(lot, "underway")
    client = Client()
    client.force_login(sides.receiver)
    counted = {
        "accepted": "0", "rejected": "0", "lost": "20", "difference_reason": "Never arrived",
        "idempotency_key": "a-key-of-a-form-0001",
    }  # fmt: skip
    page = reverse("scheduling:medicine-receive", args=["borrower", request.pk])
    assert client.post(page, counted).status_code == 302


def test_what_else_the_sender_has_in_stock_is_the_senders_alone(lot, go, sides, today):
    make.medicine_lot(
        sides.owner, lot_no="EARLIER-7", expiry_date=lot.expiry_date - timedelta(days=5)
    )
    client = Client()
    client.force_login(sides.receiver)
    ask = reverse("scheduling:medicine-ask", args=["borrower", lot.pk])
    request = go.to(lot, "requested")
    detail = reverse("scheduling:request-detail", args=["borrower", request.pk])
    for page in (ask, detail):
        assert "EARLIER-7" not in client.get(page).content.decode()
    client.force_login(sides.sender)
    decide = reverse("scheduling:medicine-decide", args=["owner", request.pk])
    assert "EARLIER-7" in client.get(decide).content.decode()


def test_out_of_turn_a_lot_leaves_with_a_reason_only(lot, go, sides, today):
    make.medicine_lot(
        sides.owner, lot_no="EARLIER-7", expiry_date=lot.expiry_date - timedelta(days=5)
    )
    request = go.to(lot, "requested")
    with pytest.raises(ReasonMissing) as error:
        go.approve(request)
    assert "MED-07" in codes(error)
    go.approve(request, accepted={"MED-07": "The earlier one is promised to our own ward"})
    request.refresh_from_db()
    assert [entry["code"] for entry in request.accepted_findings] == ["MED-07"]


def test_a_lot_that_has_expired_has_no_turn(lot, go, sides, today):
    make.medicine_lot(sides.owner, expiry_date=today - timedelta(days=1))
    assert go.approve(go.to(lot, "requested")).state == "approved"


def test_expired_and_promised_stock_of_the_receiver_is_not_used_first(lot, ask, sides, today):
    make.medicine_lot(sides.borrower, stock=90, expiry_date=today - timedelta(days=1))
    promised = make.medicine_lot(sides.borrower, stock=70, expiry_date=today + timedelta(days=50))
    make.movement(promised, Sort.RESERVE, 70)
    assert ask(lot, 20).state == "requested"


def test_what_other_transfers_bring_is_used_first(offered, go, ask):
    go.approve(ask(offered(), 60))  # 300 of the 368 pens that can be used in time
    with pytest.raises(RulesBlock) as error:
        ask(offered(), 60)
    assert "MED-08" in codes(error)


def test_a_transfer_is_not_counted_against_itself(lot, go):
    assert go.dispatch(go.to(lot, "signed", quantity=60)).state == "underway"


def test_one_person_does_not_sign_second_and_approve_then(offered, go, ask, sides, today):
    request = ask(offered(control_class="high_alert", expiry_date=today + timedelta(days=400)))
    go.sign(request, "second_sender", by=sides.sender)
    with pytest.raises(deciding.SecondPerson):
        go.approve(request)
    assert go.approve(request, by=sides.sender_two).state == "approved"


def test_who_asked_does_not_acknowledge_as_director(lot, go, sides):
    request = go.to(lot, "approved")
    make.grant(sides.receiver, "approver", at=sides.borrower)
    with pytest.raises(deciding.SecondPerson):
        go.sign(request, by=sides.receiver)


@pytest.fixture
def late(offered, go, ask, today):
    """Approved with 185 days left at its arrival, looked at eight days later."""
    request = go.approve(ask(offered(expiry_date=today + timedelta(days=186)), 5))
    assert not SignOff.unscoped.exists()
    return request


def test_a_late_transfer_that_came_close_to_its_end_waits_for_the_director(late, sides, now):
    later = now + timedelta(days=8)
    package = moving.Package(seal_no="S-1", courier="Van", logger_no="L-7")
    send = {"package": package, "recalls_checked": True, "by": sides.sender, "now": later}
    with pytest.raises(ConsentMissing), transaction.atomic():
        moving.dispatch(sharing_request=late, **send)
    assert (deciding.look_at_late_ones(now=later), deciding.look_at_late_ones(now=later)) == (1, 0)
    told = Notification.unscoped.filter(event="transfer-acknowledge")
    assert [notice.user for notice in told] == [sides.director]
    deciding.sign(sharing_request=late, part="director", by=sides.director, now=later)
    assert moving.dispatch(sharing_request=late, **send).state == "underway"
    assert MedicineTransfer.unscoped.get(pk=late.pk).days_left_at_arrival == 177


def test_the_job_locks_no_transfer_whose_day_is_still_to_come(late, now, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert deciding.look_at_late_ones(now=now + timedelta(days=1)) == 0


@pytest.mark.parametrize(("expected_in", "left"), [(3, 27), (0, 30), (-1, 29), (-9, 29)])
def test_what_should_have_arrived_takes_a_day_of_transit_from_today(
    lot, go, today, now, expected_in, left
):
    """MED-02: a day that somebody said holds, also today; one that is past says nothing more."""
    request = go.to(lot, "approved")
    MedicineLot.unscoped.filter(pk=lot.pk).update(expiry_date=today + timedelta(days=30))
    expected_on = today + timedelta(days=expected_in)
    MedicineTransfer.unscoped.filter(pk=request.pk).update(expected_on=expected_on)
    wish = facts.wish_of(SharingRequest.unscoped.get(pk=request.pk), now)
    assert wish.days_left == left
    assert ("MED-02" in {finding.code for finding in findings_of(wish).blocks}) == (left < 30)


def test_a_class_of_two_signatures_that_came_later_counts(offered, go, ask, today):
    lot = offered(expiry_date=today + timedelta(days=400))
    request = ask(lot)
    MedicineLot.unscoped.filter(pk=lot.pk).update(control_class="high_alert")
    go.approve(request)
    with pytest.raises(ConsentMissing):
        go.dispatch(request)


@pytest.mark.parametrize(
    ("fields", "code"),
    [({"control_class": "vaccine"}, "MED-04"), ({"transfer_basis": ""}, "MED-09")],
)
def test_a_lot_that_changed_after_its_approval_does_not_leave(lot, go, fields, code):
    request = go.to(lot, "signed")
    MedicineLot.unscoped.filter(pk=lot.pk).update(**fields)
    with pytest.raises(RulesBlock) as error:
        go.dispatch(request)
    assert code in codes(error)


def state(lot, sides, now, quarantine_state):
    set_state(
        lot=lot, quarantine_state=quarantine_state, pack_state="sealed", reason="Checked",
        by=sides.sender, now=now,
    )  # fmt: skip


def test_what_was_held_back_with_its_lot_goes_on_when_it_is_released(lot, go, sides, now):
    request = go.to(lot, "signed")
    state(lot, sides, now, "quarantine")
    with pytest.raises((OnHold, RulesBlock)):
        go.dispatch(request)
    state(lot, sides, now, "released")
    assert go.dispatch(request).state == "underway"


def test_what_is_on_hold_for_something_else_stays_so(lot, go, sides, now):
    request = go.to(lot, "signed")
    suspend(sharing_request=request, reason=Suspension.OTHER, text="x", now=now)
    state(lot, sides, now, "quarantine")
    state(lot, sides, now, "released")
    assert SharingRequest.unscoped.get(pk=request.pk).suspended_reason == Suspension.OTHER


def test_the_price_is_the_one_that_was_agreed(lot, go):
    request = go.to(lot, "underway")
    MedicineLot.unscoped.filter(pk=lot.pk).update(transfer_price=1)
    go.receive(request)
    own = MedicineTransfer.unscoped.get(pk=request.pk).received_as
    assert own.unit_cost == 120


def test_an_open_request_for_the_lot_is_named_before_another_is_sent(lot, go, sides):
    request = go.to(lot, "requested")
    client = Client()
    client.force_login(sides.receiver)
    page = client.get(reverse("scheduling:medicine-ask", args=["borrower", lot.pk]))
    assert f"open request for this already: {request.reference}" in page.content.decode()
