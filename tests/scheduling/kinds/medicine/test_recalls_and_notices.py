"""A recall stops what holds the lot at once; whoever must act next is told."""

from datetime import timedelta

import pytest

from medshare_portal.models import Notification
from resources.kinds.medicine.actions.states import recall
from resources.models import MedicineLot
from scheduling.actions._move import ConsentMissing, OnHold
from scheduling.actions._rules import RulesBlock
from scheduling.models import MedicineTransfer

pytestmark = pytest.mark.django_db


def balances(lot):
    return MedicineLot.unscoped.values_list("on_hand", "reserved", "in_transit").get(pk=lot.pk)


def codes(error):
    return [finding.code for finding in error.value.findings if finding.severity == "block"]


def notice(lot, sides, now):
    return recall(
        institution=sides.owner, approval_no=lot.approval_no, lot_no=lot.lot_no,
        reference="Notice 9", reason="Glass", by=sides.sender, now=now,
    )  # fmt: skip


@pytest.mark.parametrize("state", ["requested", "approved", "signed"])
def test_a_recall_stops_what_is_open_at_once_and_by_name(lot, go, sides, now, state):
    request = go.to(lot, state)
    notice(lot, sides, now)
    request.refresh_from_db()
    assert request.suspended_reason == "recalled_lot"
    step = {"requested": go.approve, "approved": go.dispatch, "signed": go.dispatch}[state]
    with pytest.raises((OnHold, RulesBlock, ConsentMissing)):
        step(request)
    told = Notification.unscoped.filter(user=sides.receiver, object_id=request.pk)
    assert any("Notice 9" in str(n.context) for n in told)


def test_a_recalled_lot_on_its_way_is_rejected_at_the_door(lot, go, sides, now):
    request = go.to(lot, "underway")
    notice(lot, sides, now)
    with pytest.raises(RulesBlock) as error:
        go.receive(request)
    assert codes(error) == ["MED-12"]
    go.receive(request, accepted=0, rejected=20, difference_reason="Recalled")
    assert balances(lot) == (80, 0, 0)


def test_a_recall_reaches_what_was_received_through_the_portal(lot, go, sides, now):
    own = MedicineTransfer.unscoped.get(pk=go.to(lot, "finished").pk).received_as
    notice(lot, sides, now)
    own.refresh_from_db()
    assert own.quarantine_state == "recalled"


def told(code):
    rows = Notification.unscoped.filter(event=code)
    return set(rows.values_list("user__username", flat=True))


def test_who_must_act_next_is_told(lot, go):
    request = go.to(lot, "approved")
    assert told("transfer-acknowledge") == {"director"}
    go.sign(request)
    go.dispatch(request)
    assert told("transfer-on-its-way") == {"receiver", "receiver.two"}
    request.refresh_from_db()
    go.receive(request)
    assert told("transfer-received") == {"sender", "sender.two"}


def test_second_signatures_are_asked_of_both_sides(offered, go, ask, today):
    go.approve(ask(offered(control_class="high_alert", expiry_date=today + timedelta(days=400))))
    assert told("transfer-second-signature") == {"sender.two", "receiver", "receiver.two"}
