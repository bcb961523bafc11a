"""What the database itself says of baskets, to statements past every rule of our own."""

import pytest
from django.utils import timezone

from scheduling.basket_states import Together
from scheduling.models import Basket, BasketLine
from tests import make
from tests.make.baskets import HOUR, draft, sent_basket
from tests.scheduling.guarantees.raw_sql import TABLE, refused, run, without

pytestmark = pytest.mark.django_db
BASKET = "scheduling_basket"
MOVE = f"UPDATE {TABLE} SET state = %s, decided_at = %s, decided_by_id = %s WHERE id = %s"


def approve(city, item):
    run(MOVE, "approved", city.now, city.approvers[0].pk, item.pk)


def underway(item):
    return (
        f"UPDATE {TABLE} SET state = 'underway', actual_starts_at = %s WHERE id = %s",
        timezone.now(),
        item.pk,
    )


def test_an_item_stays_whole_while_the_others_wait(city):
    _basket, items = sent_basket(city)
    sooner = f"UPDATE {TABLE} SET ends_at = %s WHERE id = %s", items[0].ends_at - HOUR, items[0].pk
    at_once = (
        f"UPDATE {TABLE} SET state = 'approved', decided_at = %s, decided_by_id = %s, "
        "ends_at = %s WHERE id = %s",
        city.now, city.approvers[1].pk, items[1].ends_at - HOUR, items[1].pk,
    )  # fmt: skip
    approve(city, items[0])
    for sql in (sooner, at_once):
        assert "request_whole_in_its_basket" in refused(*sql)
    without("request_stays_whole")
    for sql in (sooner, at_once):
        run(*sql)


def test_an_item_is_the_baskets_borrowers_and_stays_in_it(city):
    basket, items = sent_basket(city)
    other = make.institution("another")
    said = refused(f"UPDATE {TABLE} SET borrower_id = %s WHERE id = %s", other.pk, items[0].pk)
    assert "request_of_the_baskets_borrower" in said
    said = refused(f"UPDATE {TABLE} SET basket_id = NULL WHERE id = %s", items[0].pk)
    assert "request_keeps_its_basket" in said
    loose = make.sharing_request(make.equipment(other), city.borrower)
    said = refused(f"UPDATE {TABLE} SET basket_id = %s WHERE id = %s", basket.pk, loose.pk)
    assert "request_joins_a_draft" in said
    without("request_is_of_its_basket")
    run(f"UPDATE {TABLE} SET borrower_id = %s WHERE id = %s", other.pk, items[0].pk)


def test_nothing_is_under_way_before_the_basket_is_complete(city):
    _basket, items = sent_basket(city)
    approve(city, items[0])
    assert "request_waits_for_its_basket" in refused(*underway(items[0]))
    without("request_is_of_its_basket")
    run(*underway(items[0]))


def test_what_is_possible_does_not_wait(city):
    _basket, items = sent_basket(city, together=Together.POSSIBLE)
    approve(city, items[0])
    run(*underway(items[0]))


def test_a_basket_is_complete_only_with_every_item_approved(city):
    basket, items = sent_basket(city)
    complete = (
        f"UPDATE {BASKET} SET state = 'complete', ended_at = %s WHERE id = %s",
        city.now,
        basket.pk,
    )
    approve(city, items[0])
    approve(city, items[1])
    assert "basket_complete_is_approved" in refused(*complete)
    approve(city, items[2])
    run(*complete)


RELEASE = (
    f"UPDATE {BASKET} SET state = 'released', undone_because = 'deadline', ended_at = %s "
    "WHERE id = %s"
)


def test_a_released_basket_holds_nothing_and_stays_so(city):
    basket, items = sent_basket(city)
    assert "basket_released_is_empty" in refused(RELEASE, city.now, basket.pk)
    for item in items:
        run(
            f"UPDATE {TABLE} SET state = 'withdrawn', ended_at = %s WHERE id = %s",
            city.now,
            item.pk,
        )
    run(RELEASE, city.now, basket.pk)
    assert "basket_illegal_move" in refused(
        f"UPDATE {BASKET} SET state = 'open', ended_at = NULL, undone_because = '' WHERE id = %s",
        basket.pk,
    )


@pytest.mark.parametrize(
    ("column", "value", "guard"),
    [
        ("together", "possible", "basket_keeps_its_terms"),
        ("item_count", 2, "basket_keeps_its_terms"),
        ("deadline_at", "2030-01-01 00:00:00+00:00", "basket_keeps_its_terms"),
        ("state", "draft", "basket_"),
        ("state", "lost", "basket_"),
        ("deadline_at", None, "basket_all_has_deadline"),
        ("ended_at", "2030-01-01 00:00:00+00:00", "basket_ended_where_state_says_so"),
        ("undone_because", "declined", "basket_undone_is_all"),
    ],
)
def test_a_sent_basket_keeps_its_terms(city, column, value, guard):
    basket, _items = sent_basket(city)
    said = refused(f"UPDATE {BASKET} SET {column} = %s WHERE id = %s", value, basket.pk)
    assert guard in said


def test_a_basket_keeps_its_people(city):
    basket, _lines = draft(city)
    other = make.institution("another")
    said = refused(f"UPDATE {BASKET} SET borrower_id = %s WHERE id = %s", other.pk, basket.pk)
    assert "basket_keeps_its_people" in said


def test_a_basket_is_sent_with_all_its_items(city):
    basket, _lines = draft(city)
    send = (
        f"UPDATE {BASKET} SET state = 'open', together = 'possible', item_count = 3, sent_at = %s "
        "WHERE id = %s"
    )
    assert "basket_counts_its_items" in refused(send, city.now, basket.pk)


def test_a_person_has_one_draft_at_an_institution(city):
    basket, _lines = draft(city)
    values = basket.borrower_id, basket.created_by_id, city.now
    sql = (
        f"INSERT INTO {BASKET} (borrower_id, created_by_id, created_at, state, together, message, "
        "still_needed, item_count, undone_because, version) "
        "VALUES (%s, %s, %s, '{}', '', '', '', 0, '', 1)"
    )
    assert "basket" in refused(sql.format("draft"), *values)
    said = refused(sql.format("open"), *values)
    assert "basket_begins_as_a_draft" in said or "basket_sent_is_whole" in said


def test_lines_are_of_drafts(city):
    basket, _lines = draft(city)
    line = BasketLine.unscoped.first()
    sent, _items = sent_basket_of_another(city)
    said = refused(
        "UPDATE scheduling_basketline SET basket_id = %s WHERE id = %s", sent.pk, line.pk
    )
    assert "basket_line_of_a_draft" in said
    assert Basket.unscoped.get(pk=basket.pk).lines.count() == 3


def sent_basket_of_another(city):
    """Somebody else's basket, sent."""
    city.asker = make.user(at=city.borrower, roles=("coordinator",))
    return sent_basket(city)
