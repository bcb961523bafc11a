"""An item of an all-or-nothing basket stays whole while the others wait."""

import pytest
from django.db import transaction
from django.urls import reverse

from scheduling.actions import basket_sending, changes, requests
from scheduling.actions._basket import StaysWhole
from scheduling.basket_states import BasketState, Together
from scheduling.models import SharingRequest
from scheduling.next_steps import next_steps
from scheduling.states import Side
from tests.make.baskets import HOUR, draft, loan, sent_basket
from tests.scheduling.baskets.test_outcome import approve, state

pytestmark = pytest.mark.django_db


def test_nothing_is_taken_off_an_approved_item_while_the_others_wait(client, city):
    basket, items = sent_basket(city)
    approve(city, items[0])
    sooner = {"new_ends_at": items[0].ends_at - HOUR, "reason": "", "now": city.now}
    for end_earlier, by in ((changes.recall, city.approvers[0]), (changes.shorten, city.asker)):
        with pytest.raises(StaysWhole), transaction.atomic():
            end_earlier(sharing_request=items[0], by=by, **sooner)
    fresh = SharingRequest.unscoped.select_related("basket").get(pk=items[0].pk)
    assert (fresh.ends_at, fresh.answer_due_at) == (items[0].ends_at, None)
    offered = {"permissions": {"decide", "ask"}, "now": city.now}
    [off] = [
        step.why for step in next_steps(fresh, side=Side.OWNER, **offered) if step.name == "recall"
    ]
    assert "cancelled" in str(off)
    approve(city, items[1])
    approve(city, items[2])
    assert state(basket) == BasketState.COMPLETE
    changes.recall(sharing_request=items[0], by=city.approvers[0], **sooner)
    client.force_login(city.asker)
    address = reverse("scheduling:basket-detail", args=["borrower", basket.pk])
    assert client.get(address).text.count("First asked: ") == 1


@pytest.mark.parametrize(("together", "sent"), [("all", False), ("possible", True)])
def test_two_lines_that_cannot_both_be_had_are_not_sent_as_all_or_nothing(city, together, sent):
    """The second begins while the first is still on its way back."""
    device = city.devices[0]
    basket, lines = draft(city, [device, device])
    wishes = (loan(city.now), loan(city.now, starts_at=city.now + 40 * HOUR))
    wanted = [
        basket_sending.Wanted(line=line, resource=device, terms=terms)
        for line, terms in zip(lines, wishes, strict=True)
    ]
    send = {
        "basket": basket, "wanted": wanted, "together": Together(together), "by": city.asker,
        "version": basket.version, "now": city.now, "deadline_at": city.now + HOUR,
    }  # fmt: skip
    if sent:
        assert basket_sending.send(**send).item_count == 2
        return
    with pytest.raises(basket_sending.LinesRefused) as refused, transaction.atomic():
        basket_sending.send(**send)
    assert isinstance(refused.value.refusals[lines[1].pk], basket_sending.TooClose)


def test_what_was_complete_says_that_an_item_has_ended_since(client, city):
    basket, items = sent_basket(city)
    for item in items:
        approve(city, item)
    client.force_login(city.asker)
    address = reverse("scheduling:basket-detail", args=["borrower", basket.pk])
    assert "come to nothing" not in client.get(address).text
    requests.cancel(
        sharing_request=items[0], side=Side.OWNER, by=city.approvers[0], now=city.now,
        reason_code="own_need",
    )  # fmt: skip
    assert "since then 1 item has come to nothing" in client.get(address).text
