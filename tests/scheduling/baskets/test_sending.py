"""A draft is sent once: all of it, or what is possible."""

import pytest
from django.db import transaction

from medshare_portal import audit, notices, policy
from medshare_portal.models import AuditEvent, Notification
from medshare_portal.refusals import StaleVersion
from scheduling.actions import basket_sending, baskets, requests
from scheduling.actions._lock import NotYours
from scheduling.actions._rules import RulesBlock
from scheduling.basket_states import BasketState, Together
from scheduling.models import Basket, BasketLine, SharingRequest
from scheduling.states import State
from tests import make
from tests.make.baskets import HOUR, draft, loan, send_draft, sent_basket

pytestmark = pytest.mark.django_db


def test_a_basket_becomes_a_request_to_each_owner_in_one_transaction(city):
    basket, items = sent_basket(city, message="ICU bed 7, three days")
    assert [(item.owner.slug, item.state) for item in items] == [
        ("first", State.REQUESTED),
        ("second", State.REQUESTED),
        ("third", State.REQUESTED),
    ]
    fresh = Basket.unscoped.get(pk=basket.pk)
    assert (fresh.state, fresh.together, fresh.item_count) == ("open", "all", 3)
    assert fresh.sent_at == city.now
    assert not BasketLine.unscoped.exists()
    for approver in city.approvers:
        told = Notification.objects.addressed_to(approver).get()
        assert told.event == "request-asked"
        assert basket.reference in notices.render(told)["subject"]
        assert "unless every owner has approved by" in notices.render(told)["body"]
    event = AuditEvent.objects.owned_by(city.borrower).get(action="basket.send")
    assert event.data == {"items": 3, "together": "all"}
    assert audit.verify("borrower") == audit.verify("first") == []


def test_of_all_or_nothing_nothing_is_sent_when_one_line_is_blocked(city):
    make.block(
        city.devices[1],
        city.now + 30 * HOUR,
        city.now + 31 * HOUR,
        by=city.approvers[1],
    )
    basket, lines = draft(city)
    with pytest.raises(basket_sending.LinesRefused) as refused, transaction.atomic():
        send_draft(city, basket, lines)
    assert set(refused.value.refusals) == {lines[1].pk}
    assert isinstance(refused.value.refusals[lines[1].pk], RulesBlock)
    assert not SharingRequest.unscoped.exists()
    assert Basket.unscoped.get().state == BasketState.DRAFT
    assert not Notification.objects.addressed_to(city.approvers[0]).exists()


def test_of_what_is_possible_the_rest_stays_in_a_new_draft(city):
    make.block(
        city.devices[1],
        city.now + 30 * HOUR,
        city.now + 31 * HOUR,
        by=city.approvers[1],
    )
    basket, items = sent_basket(city, together=Together.POSSIBLE)
    assert [item.owner.slug for item in items] == ["first", "third"]
    assert Basket.unscoped.get(pk=basket.pk).item_count == 2
    left = BasketLine.objects.drafts_of(city.borrower, city.asker).get()
    assert left.resource == city.devices[1]
    assert left.basket_id != basket.pk


def test_what_is_possible_is_refused_when_nothing_is(city):
    basket, lines = draft(city)
    past = loan(city.now, starts_at=city.now - 9 * HOUR, ends_at=city.now - 8 * HOUR)
    with pytest.raises(basket_sending.LinesRefused), transaction.atomic():
        send_draft(city, basket, lines, terms=past, together=Together.POSSIBLE)
    assert Basket.unscoped.get().state == BasketState.DRAFT


def test_a_line_whose_words_are_wrong_by_now_is_refused_beside_itself(city):
    basket, lines = draft(city)
    terms = [loan(city.now), None, loan(city.now)]
    with pytest.raises(basket_sending.LinesRefused) as refused, transaction.atomic():
        send_draft(city, basket, lines, terms=terms)
    (refusal,) = refused.value.refusals.values()
    assert isinstance(refusal, basket_sending.LineWrong)


def test_a_basket_is_sent_once(city):
    basket, lines = draft(city)
    send_draft(city, basket, lines)
    with pytest.raises(baskets.BasketSent), transaction.atomic():
        send_draft(city, basket, lines)
    assert SharingRequest.unscoped.count() == 3


def test_a_page_that_showed_other_lines_sends_nothing(city):
    basket, lines = draft(city)
    more = make.equipment(make.institution("fourth"))
    make.basket_line(city.borrower, more, city.asker, now=city.now)
    with pytest.raises(StaleVersion), transaction.atomic():
        send_draft(city, basket, lines)


def test_nobody_sends_a_colleagues_basket(city):
    basket, lines = draft(city)
    colleague = make.user(at=city.borrower, role="coordinator")
    with pytest.raises(baskets.BasketSent), transaction.atomic():
        send_draft(city, basket, lines, by=colleague)


def test_a_basket_holds_so_many_items_and_no_more(city, monkeypatch):
    monkeypatch.setattr(policy.current().basket, "most_items", 2)
    with pytest.raises(baskets.BasketFull, match="at most 2"):
        draft(city)
    basket, lines = Basket.unscoped.get(), list(BasketLine.unscoped.all())
    monkeypatch.setattr(policy.current().basket, "most_items", 1)
    with pytest.raises(baskets.BasketFull, match="at most 1"), transaction.atomic():
        send_draft(city, basket, lines)


def test_a_basket_of_five_hundred_is_refused(city):
    basket, lines = draft(city)
    with pytest.raises(baskets.BasketFull), transaction.atomic():
        send_draft(city, basket, lines[:1] * 500)


def test_nobody_puts_in_what_may_not_be_asked_for(city):
    viewer = make.user(at=city.borrower, role="viewer")
    with pytest.raises(NotYours):
        make.basket_line(city.borrower, city.devices[0], viewer, now=city.now)
    own = make.equipment(city.borrower)
    with pytest.raises(baskets.OwnResource):
        make.basket_line(city.borrower, own, city.asker, now=city.now)


@pytest.mark.parametrize("hours", [-1, 0, 25, 1000, None])
def test_all_or_nothing_needs_a_moment_before_the_first_use(city, hours):
    basket, lines = draft(city)
    until = None if hours is None else city.now + hours * HOUR
    with pytest.raises(basket_sending.DeadlineWrong), transaction.atomic():
        send_draft(city, basket, lines, deadline_at=until)
    assert Basket.unscoped.get().state == BasketState.DRAFT


def test_my_own_hold_is_not_in_the_way(city):
    terms = loan(city.now)
    held = requests.hold(
        resource=city.devices[0],
        borrower=city.borrower,
        starts_at=terms.starts_at,
        ends_at=terms.ends_at,
        units=1,
        by=city.asker,
        now=city.now,
    )
    _basket, items = sent_basket(city)
    assert held.pk in {item.pk for item in items}


def test_what_is_approved_by_the_offers_rule_completes_the_basket_at_once(now):
    city = make.basket_city(now, auto_approval="anyone", auto_approval_max_hours=99)
    basket, items = sent_basket(city)
    assert {item.state for item in items} == {State.APPROVED}
    assert basket.state == BasketState.COMPLETE
    assert basket.ended_at == now
