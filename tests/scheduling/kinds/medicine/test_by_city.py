"""Packs that the city approves in the sender's place: reserved like any others, and no more."""

from datetime import timedelta

import pytest

from resources.models import MedicineLot
from scheduling.actions import city_approvals
from scheduling.actions._rules import RulesBlock
from scheduling.kinds.medicine.actions.by_city import SenderSignsTwice
from scheduling.models import MedicineTransfer
from scheduling.states import State
from tests import make

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def official(sides, now):
    person = make.city_user()
    make.crisis(sides.owner, sides.borrower, kinds=("medicine",), starts_at=now - HOUR, by=person)
    return person


def approve(request, official, now):
    return city_approvals.approve(
        sharing_request=request, reason="Nobody answers.", by=official, now=now
    )


def stock_of(lot):
    fresh = MedicineLot.unscoped.get(pk=lot.pk)
    return fresh.on_hand, fresh.reserved


def test_all_packs_are_reserved_and_wait_for_the_senders_dispatch(
    offered, ask, go, official, today, now
):
    lot = offered(expiry_date=today + timedelta(days=400))
    request = approve(ask(lot, priority="stat"), official, now)
    assert (request.state, request.quantity, request.offer) == (
        State.APPROVED,
        20,
        lot.resource.offers.get(),
    )
    assert stock_of(lot) == (100, 20)
    assert [entry["code"] for entry in request.accepted_findings] == []
    go.dispatch(request)
    assert stock_of(lot) == (80, 0)


def test_what_two_people_of_the_sender_sign_for_the_city_leaves_to_them(lot, ask, official, now):
    request = ask(lot, priority="stat")
    MedicineTransfer.unscoped.update(dual_sign_off=True)
    with pytest.raises(SenderSignsTwice):
        approve(request, official, now)
    assert stock_of(lot) == (100, 0)


def test_what_is_promised_the_city_cannot_give(offered, ask, go, official, now):
    lot = offered(stock=30)
    request = ask(lot, priority="stat")
    go.approve(request)
    again = ask(lot, 10, priority="stat")
    type(again).unscoped.filter(pk=again.pk).update(quantity=20)
    with pytest.raises(RulesBlock):
        approve(again, official, now)
    again.refresh_from_db()
    assert (again.state, stock_of(lot)) == (State.REQUESTED, (30, 20))
