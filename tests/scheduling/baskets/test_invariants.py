"""check_invariants must be able to fail: each truth of baskets is broken once and then named."""

import pytest

from scheduling.invariants import breaches
from scheduling.invariants_basket import BASKETS
from tests import make
from tests.make.baskets import draft, sent_basket
from tests.scheduling.guarantees.raw_sql import TABLE, run, without

pytestmark = pytest.mark.django_db
BASKET = "scheduling_basket"


def set_basket(basket, assignments, *params):
    without("basket_is_as_its_items_are")
    run(f"UPDATE {BASKET} SET {assignments} WHERE id = %s", *params, basket.pk)


def set_item(item, assignments, *params):
    without("request_is_of_its_basket")
    run(f"UPDATE {TABLE} SET {assignments} WHERE id = %s", *params, item.pk)


def lose_one(city, _basket, items):
    set_item(items[0], "state = 'withdrawn', ended_at = %s", city.now)


def release_by_hand(city, basket, _items):
    done = "state = 'released', undone_because = 'deadline', ended_at = %s"
    set_basket(basket, done, city.now)


def hand_over(city, _basket, items):
    approver = city.approvers[0].pk
    decided = "state = 'approved', decided_at = %s, decided_by_id = %s"
    set_item(items[0], decided, city.now, approver)
    run(
        f"UPDATE {TABLE} SET state = 'underway', actual_starts_at = %s WHERE id = %s",
        city.now,
        items[0].pk,
    )


def another_borrower(_city, _basket, items):
    set_item(items[0], "borrower_id = %s", make.institution("another").pk)


def complete_by_hand(city, basket, _items):
    set_basket(basket, "state = 'complete', ended_at = %s", city.now)


def count_wrong(_city, basket, _items):
    set_basket(basket, "item_count = 4")


def add_a_line(city, basket, _items):
    without("basket_line_of_a_draft")
    _other, lines = draft(city, city.devices[:1])
    run("UPDATE scheduling_basketline SET basket_id = %s WHERE id = %s", basket.pk, lines[0].pk)


HANDS = {
    "an open basket has lost nothing": lose_one,
    "a released basket holds nothing": release_by_hand,
    "nothing leaves a basket early": hand_over,
    "one asks for a basket": another_borrower,
    "a complete basket was approved whole": complete_by_hand,
    "a basket is sent whole": count_wrong,
    "lines are of drafts": add_a_line,
}


@pytest.mark.parametrize("name", HANDS)
def test_a_broken_truth_is_named(city, name):
    basket, items = sent_basket(city)
    assert not {breach.invariant for breach in breaches()} & set(HANDS)
    HANDS[name](city, basket, items)
    found = {breach.invariant: breach.text for breach in breaches()}
    assert f"basket {basket.pk} " in found[name]


def test_every_truth_of_baskets_is_broken_once():
    assert {truth.name for truth in BASKETS} == set(HANDS)
