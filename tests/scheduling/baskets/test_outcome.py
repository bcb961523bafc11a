"""All or nothing: everything is approved before anything leaves, or everything is released."""

import pytest
from django.db import transaction

from medshare_portal import audit
from medshare_portal.models import Notification
from scheduling.actions import basket_outcome, decisions, handovers, lapses, requests
from scheduling.actions._basket import OnlyWhole, WaitsForBasket
from scheduling.basket_states import BasketState, Together
from scheduling.models import Basket, SharingRequest, TransitionLog
from scheduling.next_steps import next_steps
from scheduling.states import Side, Stage, State
from tests.make.baskets import HOUR, loan, sent_basket
from tests.scheduling.actions.loan import record

pytestmark = pytest.mark.django_db


def approve(city, item, **changes):
    number = city.devices.index(item.resource)
    return decisions.approve(
        sharing_request=item, by=city.approvers[number], now=city.now, **changes
    )


def decline(city, item):
    number = city.devices.index(item.resource)
    return decisions.decline(
        sharing_request=item, by=city.approvers[number], now=city.now, reason_code="own_need"
    )


def states(basket):
    rows = SharingRequest.unscoped.filter(basket=basket).order_by("pk")
    return list(rows.values_list("state", flat=True))


def state(basket):
    return Basket.unscoped.get(pk=basket.pk).state


def hand_over(city, item, now):
    number = city.devices.index(item.resource)
    return handovers.give(
        sharing_request=item,
        stage=Stage.HANDOVER,
        record=record(counter_reading=100, receiver_name="Wang"),
        by=city.approvers[number],
        institution=item.owner,
        now=now,
    )


def told(person):
    rows = Notification.objects.addressed_to(person)
    return set(rows.values_list("event", flat=True)) - {"request-asked"}


def test_each_approval_holds_its_item_and_the_last_one_completes_the_basket(city):
    basket, items = sent_basket(city)
    for item in items[:2]:
        approve(city, item)
    assert states(basket) == ["approved", "approved", "requested"]
    assert state(basket) == BasketState.OPEN
    assert "basket-item-complete" not in told(city.approvers[0])
    approve(city, items[2])
    assert state(basket) == BasketState.COMPLETE
    assert "basket-complete" in told(city.asker)
    for approver in city.approvers[:2]:
        assert told(approver) == {"basket-item-complete"}
    assert audit.verify("borrower") == audit.verify("third") == []


def test_nothing_is_handed_over_before_everything_is_approved(city):
    basket, items = sent_basket(city)
    first = approve(city, items[0])
    with pytest.raises(WaitsForBasket), transaction.atomic():
        hand_over(city, first, first.starts_at)
    steps = {
        step.name: step.why
        for step in next_steps(
            first, side=Side.OWNER, permissions={"hand-over"}, now=first.starts_at
        )
    }
    assert "all-or-nothing" in str(steps["hand_over"])
    approve(city, items[1])
    approve(city, items[2])
    hand_over(city, first, first.starts_at)
    assert states(basket) == ["underway", "approved", "approved"]


def test_what_is_possible_is_handed_over_by_itself(city):
    basket, items = sent_basket(city, together=Together.POSSIBLE)
    first = approve(city, items[0])
    hand_over(city, first, first.starts_at)
    decline(city, items[1])
    assert state(basket) == BasketState.OPEN
    approve(city, items[2])
    assert states(basket) == ["underway", "declined", "approved"]
    assert state(basket) == BasketState.COMPLETE
    assert "basket-answered" in told(city.asker)


def declined(city, items):
    decline(city, items[2])


def withdrawn(city, items):
    requests.withdraw(sharing_request=items[2], by=city.asker, now=city.now)


def lapsed(city, items):
    lapses.lapse_unanswered(now=items[2].starts_at)


def cancelled_by_the_owner(city, items):
    requests.cancel(
        sharing_request=items[0],
        side=Side.OWNER,
        by=city.approvers[0],
        now=city.now,
        reason_code="defect",
    )


def cancelled(city, items):
    requests.cancel(
        sharing_request=items[0],
        side=Side.BORROWER,
        by=city.asker,
        now=city.now,
        reason_code="no_longer_needed",
    )


def refused_counter(city, items):
    countered(city, items[2])
    requests.refuse_counter(sharing_request=items[2], by=city.asker, now=city.now)


def countered(city, item):
    return decisions.counter(
        sharing_request=item,
        by=city.approvers[2],
        now=city.now,
        starts_at=item.starts_at + HOUR,
        ends_at=item.ends_at,
        units=1,
    )


def in_time(city, items):
    """The moment has come."""
    basket_outcome.settle_all(now=items[0].basket.deadline_at)


ENDINGS = {
    declined: "declined",
    withdrawn: "withdrawn",
    lapsed: "lapsed",
    cancelled: "cancelled",
    cancelled_by_the_owner: "cancelled",
    refused_counter: "withdrawn",
    in_time: "deadline",
}


@pytest.mark.parametrize("end", ENDINGS, ids=lambda end: end.__name__)
def test_one_that_ends_releases_all_at_the_same_moment(city, end):
    basket, items = sent_basket(city)
    approve(city, items[0])
    approve(city, items[1])
    end(city, items)
    fresh = Basket.unscoped.get(pk=basket.pk)
    assert (fresh.state, fresh.undone_because) == (BasketState.RELEASED, ENDINGS[end])
    assert not set(states(basket)) & set(State.OPEN)
    again = basket_outcome.settle_all(now=basket.deadline_at + HOUR)
    assert again == 0
    assert "basket-released" in told(city.asker)
    assert audit.verify("borrower") == audit.verify("first") == []


def test_the_others_are_released_at_once_and_their_owners_told(city):
    basket, items = sent_basket(city)
    approve(city, items[0])
    decline(city, items[2])
    assert states(basket) == ["cancelled", "withdrawn", "declined"]
    assert told(city.approvers[0]) == told(city.approvers[1]) == {"basket-item-released"}
    steps = TransitionLog.unscoped.filter(sharing_request__in=items, reason_code="basket")
    assert set(steps.values_list("transition", flat=True)) == {"release", "release_booking"}
    codes = SharingRequest.unscoped.filter(basket=basket).order_by("pk")
    assert list(codes.values_list("decision_code", flat=True)) == ["basket", "basket", "own_need"]
    # The time is free again.
    taken = requests.ask(
        resource=city.devices[0],
        borrower=city.devices[1].institution,
        terms=loan(city.now),
        by=city.approvers[1],
        now=city.now,
    )
    assert (
        decisions.approve(sharing_request=taken, by=city.approvers[0], now=city.now).state
        == State.APPROVED
    )


def test_the_no_and_the_release_are_one_or_neither(city, monkeypatch):
    """Whatever goes wrong with one of the others, nothing has ended."""
    basket, items = sent_basket(city)
    approve(city, items[0])

    def breaks(*_args, **_kwargs):
        raise RuntimeError

    monkeypatch.setattr(basket_outcome.basket_notices, "tell_borrower", breaks)
    with pytest.raises(RuntimeError), transaction.atomic():
        decline(city, items[2])
    assert states(basket) == ["approved", "requested", "requested"]
    assert state(basket) == BasketState.OPEN


def test_the_borrower_takes_the_whole_basket_back(city):
    basket, items = sent_basket(city)
    approve(city, items[0])
    basket_outcome.take_back(basket=basket, by=city.asker, now=city.now)
    assert states(basket) == ["cancelled", "withdrawn", "withdrawn"]
    assert Basket.unscoped.get(pk=basket.pk).undone_because == "taken_back"
    with pytest.raises(basket_outcome.BasketOver):
        basket_outcome.take_back(basket=basket, by=city.asker, now=city.now)


def test_a_complete_basket_is_not_released_by_what_happens_to_one(city):
    basket, items = sent_basket(city)
    for item in items:
        approve(city, item)
    cancelled(city, items)
    basket_outcome.settle_all(now=basket.deadline_at)
    assert state(basket) == BasketState.COMPLETE
    assert states(basket) == ["cancelled", "approved", "approved"]


def test_a_part_of_an_item_is_not_approved(city):
    basket, items = sent_basket(city)
    with pytest.raises(OnlyWhole), transaction.atomic():
        approve(city, items[0], ends_at=items[0].ends_at - HOUR)
    assert states(basket) == ["requested"] * 3


def test_an_accepted_counter_offer_completes_the_basket(city):
    basket, items = sent_basket(city)
    approve(city, items[0])
    approve(city, items[1])
    countered(city, items[2])
    assert state(basket) == BasketState.OPEN
    requests.accept_counter(sharing_request=items[2], by=city.asker, now=city.now)
    assert state(basket) == BasketState.COMPLETE


def test_a_competitor_that_wins_undoes_the_other_basket(city):
    """The approval of one request declines another, which is part of a basket."""
    basket, _items = sent_basket(city)
    rival = requests.ask(
        resource=city.devices[0],
        borrower=city.devices[1].institution,
        terms=loan(city.now),
        by=city.approvers[1],
        now=city.now,
    )
    decisions.approve(sharing_request=rival, by=city.approvers[0], now=city.now)
    assert state(basket) == BasketState.RELEASED
    assert states(basket) == ["declined", "withdrawn", "withdrawn"]


def test_one_approval_over_two_items_of_a_basket_ends_both(city):
    """The first is declined and takes the second along, which is not declined again."""
    halves = [
        loan(city.now, starts_at=city.now + first * HOUR, ends_at=city.now + last * HOUR)
        for first, last in ((24, 36), (40, 48))
    ]
    basket, _items = sent_basket(city, resources=[city.devices[0]] * 2, terms=halves)
    rival = requests.ask(
        resource=city.devices[0],
        borrower=city.devices[1].institution,
        terms=loan(city.now),
        by=city.approvers[1],
        now=city.now,
    )
    decisions.approve(sharing_request=rival, by=city.approvers[0], now=city.now)
    assert states(basket) == ["declined", "withdrawn"]
    assert audit.verify("borrower") == audit.verify("first") == audit.verify("second") == []
