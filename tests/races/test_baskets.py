"""The owners, the borrower and the clock move one all-or-nothing basket at once: never half."""

from types import SimpleNamespace

import pytest
from django.db import connection

from scheduling.actions import basket_outcome
from scheduling.basket_states import BasketState
from scheduling.models import Basket, BasketLine, SharingRequest
from scheduling.states import State
from tests.make.baskets import loan, sent_basket
from tests.races import truths, walls
from tests.races.arena import FEW, HOUR, rounds, rush, typed, winners, wish

pytestmark = pytest.mark.race
ITEMS = 3


def city_of(arena, devices):
    """The first asker's side of the arena, as the builders of baskets know it."""
    asker = arena.askers[0]
    return SimpleNamespace(
        borrower=asker.institution, asker=asker.user, devices=devices, now=arena.now
    )


def sent(arena, devices, number):
    """A basket of a round's hours, its first two items approved by the first approver."""
    starts_at, ends_at = arena.slot(number)
    city = city_of(arena, devices)
    terms = loan(arena.now, starts_at=starts_at, ends_at=ends_at)
    basket, items = sent_basket(city, terms=terms)
    answers = [decide(arena.approvers[0], item, "approve")() for item in items[:2]]
    assert [answer.status for answer in answers] == [302, 302]
    return basket, list(SharingRequest.unscoped.filter(basket=basket).order_by("pk"))


def decide(client, item, decision, **fields):
    """A call that decides an item."""
    values = {"decision": decision, "version": item.version, "text": ""} | fields
    return lambda: client.post(f"scheduling:request-{decision}", [item.pk], values)


def decline(client, item):
    return decide(client, item, "decline", reason_code="own_need")


def cancel(client, item):
    values = {"reason_code": "no_longer_needed", "text": ""}
    return lambda: client.post("scheduling:request-cancel", [item.pk], values)


def take_back(client, basket):
    return lambda: client.post("scheduling:basket-take-back", [basket.pk], {})


def clock(basket):
    """The job, at the moment at which the basket must be complete."""

    def run():
        try:
            return basket_outcome.settle_all(now=basket.deadline_at)
        finally:
            connection.close()

    return run


def settled(basket):
    """Whatever was cut short is done by the next run of the job; how it stands then."""
    basket_outcome.settle_all(now=basket.deadline_at)
    rows = SharingRequest.unscoped.filter(basket=basket)
    return Basket.unscoped.get(pk=basket.pk).state, set(rows.values_list("state", flat=True))


def test_the_last_yes_a_no_and_the_clock_at_once_leave_all_or_nothing(arena):
    """Approve one × decline it × call off another × take it all back × the deadline."""
    arena = arena(threads=4).sign_in(askers=2, approvers=3)
    devices = [arena.device(auto=False) for _item in range(ITEMS)]
    for number in range(rounds(FEW)):
        basket, items = sent(arena, devices, number)
        first, second, third = arena.approvers
        rush(
            [
                decide(first, items[2], "approve"),
                decline(second, items[2]),
                cancel(third, items[0]),
                take_back(arena.askers[0], basket),
                clock(basket),
            ]
        )
        state, states = settled(basket)
        if state == BasketState.COMPLETE:
            assert states <= {State.APPROVED, State.CANCELLED}
        else:
            assert state == BasketState.RELEASED
            assert not states & set(State.OPEN)
    assert truths.broken() == {}


def test_of_the_last_yes_and_a_cancellation_one_comes_first(arena):
    arena = arena(threads=4).sign_in(askers=2, approvers=2)
    devices = [arena.device(auto=False) for _item in range(ITEMS)]
    for number in range(rounds(FEW)):
        yes_and_no(arena, devices, number)
    assert truths.broken() == {}


def yes_and_no(arena, devices, number):
    basket, items = sent(arena, devices, number)
    first, second = arena.approvers
    rush([decide(first, items[2], "approve"), cancel(second, items[0])])
    settled(basket)


def test_two_approvals_that_end_items_of_one_basket_do_not_wait_for_each_other(arena):
    """Each declines an item of the same basket on its own device and so releases the other's."""
    arena = arena(threads=4).sign_in(askers=2, approvers=2)
    devices = [arena.device(auto=False) for _item in range(2)]
    for number in range(rounds(FEW)):
        starts_at, ends_at = arena.slot(number)
        terms = loan(arena.now, starts_at=starts_at, ends_at=ends_at)
        basket, _items = sent_basket(city_of(arena, devices), terms=terms)
        rivals = [rival(arena.askers[1], device, starts_at, ends_at) for device in devices]
        answers = rush(
            [
                decide(approver, asked, "approve")
                for approver, asked in zip(arena.approvers, rivals, strict=True)
            ]
        )
        assert [answer.status for answer in answers] == [302, 302]
        state, states = settled(basket)
        assert state == BasketState.RELEASED
        assert states <= {State.DECLINED, State.WITHDRAWN}
    assert truths.broken() == {}


def rival(asker, device, starts_at, ends_at):
    """Somebody else's request for the same hours."""
    asker.post("scheduling:request-create", [device.pk], wish(asker, starts_at, ends_at))
    return SharingRequest.unscoped.filter(resource=device, basket=None).latest("pk")


def test_twin_without_the_database_walls_half_a_basket_would_be_noticed(arena):
    arena = arena(threads=4).sign_in(askers=1, approvers=1)
    devices = [arena.device(auto=False) for _item in range(ITEMS)]
    basket, items = sent(arena, devices, 0)
    assert truths.broken() == {}
    walls.drop_trigger("request_is_of_its_basket")
    given = SharingRequest.unscoped.filter(pk=items[0].pk)
    given.update(state=State.UNDERWAY, actual_starts_at=arena.now)
    assert truths.broken().keys() >= {"an item given before its basket was complete"}
    walls.drop_trigger("basket_is_as_its_items_are")
    rows = Basket.unscoped.filter(pk=basket.pk)
    rows.update(state=BasketState.RELEASED, undone_because="deadline", ended_at=arena.now)
    assert truths.broken().keys() >= {"a released basket that still holds something"}


def test_of_two_tabs_that_send_the_same_basket_one_sends_it(arena):
    arena = arena(threads=4).sign_in(askers=1)
    devices = [arena.device(auto=False) for _item in range(ITEMS)]
    asker = arena.askers[0]
    for number in range(rounds(FEW)):
        starts_at, ends_at = arena.slot(number)
        for device in devices:
            fields = wish(asker, starts_at, ends_at, do="basket")
            asker.post("scheduling:request-create", [device.pk], fields)
        basket = Basket.unscoped.get(state=BasketState.DRAFT)
        values = {
            "message": "",
            "together": "all",
            "version": basket.version,
            "deadline_at": typed(arena.now + 12 * HOUR),
        }
        answers = rush(
            [lambda values=values: asker.post("scheduling:basket-draft", [], values)] * 4
        )
        assert len(winners(answers)) == 1
    assert SharingRequest.unscoped.count() == ITEMS * rounds(FEW)
    assert not BasketLine.unscoped.exists()
    assert truths.broken() == {}
