"""Pages of statements: what each side, the city and a stranger see; forms; files; query counts."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from reports.models import LineDispute, StatementLine
from reports.settlement.actions.closing import close_due
from reports.settlement.queries.lines import LineRow
from tests import make
from tests.reports.settlement.conftest import KEY

pytestmark = pytest.mark.django_db


def test_each_side_reads_the_balance_from_where_it_stands(desk, client):
    east = desk.get(client, desk.east, "statement", desk.statement.pk).content.decode()
    west = desk.get(client, desk.west, "statement", desk.statement.pk).content.decode()
    assert "West Hospital pays you" in east
    assert "You pay East Hospital" in west
    assert east.count("800.00 CNY") == west.count("800.00 CNY") == 3  # owed, net, the line


def test_the_line_leads_to_the_request_and_to_a_dispute_by_either_side(desk, client):
    west = desk.get(client, desk.west, "statement", desk.statement.pk).content.decode()
    east = desk.get(client, desk.east, "statement", desk.statement.pk).content.decode()
    request = reverse("scheduling:request-detail", args=["west", desk.line.sharing_request_id])
    assert request in west
    for side, page in ((desk.west, west), (desk.east, east)):
        assert desk.address(side, "line-dispute", desk.line.pk) in page


def test_the_side_that_is_paid_asks_for_more_and_the_other_answers(desk, client):
    answer = desk.post(
        client, desk.east, "line-dispute", desk.line.pk, quantity="9", price="100", reason="Late"
    )
    row = LineDispute.unscoped.get()
    assert answer["Location"] == desk.address(desk.east, "dispute", row.pk)
    asked = desk.get(client, desk.west, "dispute", row.pk).content.decode()
    raised = desk.get(client, desk.east, "dispute", row.pk).content.decode()
    assert desk.address(desk.west, "dispute-answer", row.pk) in asked
    assert desk.address(desk.east, "dispute-answer", row.pk) not in raised
    assert desk.address(desk.east, "dispute-withdraw", row.pk) in raised
    for place, name in ((desk.east, "dispute-answer"), (desk.west, "dispute-withdraw")):
        assert desk.get(client, place, name, row.pk).status_code == 404


def test_both_sides_set_off_one_against_the_other(desk, client):
    own = make.equipment(desk.west)
    make.statement_line(own, desk.east, statement=desk.statement, amount=30001, now=desk.now)
    page = desk.get(client, desk.west, "statement-list").content.decode()
    assert "we pay 499.99 CNY" in page
    assert "300.01 CNY" in page


def test_a_draft_is_nobodys_yet(desk, client):
    own = make.equipment(desk.west)
    request = make.sharing_request(own, make.institution("third"), state="closed", now=desk.now)
    draft = make.statement(request, now=desk.now, state="draft", drafted_at=None, review_until=None)
    assert desk.get(client, desk.west, "statement", draft.pk).status_code == 404
    assert len(desk.get(client, desk.west, "statement-list").context["table"].rows) == 1


def test_a_dispute_is_raised_with_the_figures_of_the_line_filled_in(desk, client):
    page = desk.get(client, desk.west, "line-dispute", desk.line.pk)
    assert page.context["form"].initial == {"quantity": 8, "price": 100}
    answer = desk.post(
        client, desk.west, "line-dispute", desk.line.pk, quantity="4", price="100", reason="Noon"
    )
    row = LineDispute.unscoped.get()
    assert answer["Location"] == desk.address(desk.west, "dispute", row.pk)
    assert (row.after_quantity, row.after_amount, row.reason) == (4, 40000, "Noon")


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"quantity": "-1"}, "quantity"),
        ({"quantity": "4.123"}, "quantity"),
        ({"quantity": "99999999999"}, "quantity"),
        ({"quantity": "NaN"}, "quantity"),
        ({"price": "1e999"}, "price"),
        ({"quantity": "1000001"}, "quantity"),
        ({"price": "1000001"}, "price"),
        ({"quantity": "8"}, "quantity"),  # as it is
        ({"reason": ""}, "reason"),
        ({"reason": "x" * 1001}, "reason"),
    ],
)
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_what_is_wrong_is_said_beside_its_field_and_changes_nothing(
    desk, client, data, field, language
):
    user = desk.people["west"]
    user.language = language
    user.save()
    values = {"quantity": "4", "price": "100", "reason": "Noon"} | data
    answer = desk.post(client, desk.west, "line-dispute", desk.line.pk, **values)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert not LineDispute.unscoped.exists()


def test_packs_are_whole(desk, client):
    lot = make.offered_lot(desk.east)
    packs = make.statement_line(
        lot.resource, desk.west, unit="pack", now=desk.now,
        sharing_request=make.transfer(lot, desk.west, state="closed"),
    )  # fmt: skip
    answer = desk.post(
        client, desk.west, "line-dispute", packs.pk, quantity="1.5", price="100", reason="x"
    )
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["quantity"])


@pytest.mark.parametrize(
    ("unit", "quantity", "words"),
    [("pack", "1.00", "1 pack"), ("pack", "12.00", "12 packs"), ("hour", "1.50", "1.50 hours"),
     ("shift", "1.00", "1 shift"), ("access", "0.00", "0 accesses")],
)  # fmt: skip
def test_a_quantity_is_said_with_its_unit(unit, quantity, words):
    line = StatementLine(unit=unit, quantity=Decimal(quantity))
    assert LineRow(line, "CNY", None).quantity == words


def test_a_line_that_nobody_can_dispute_any_more_has_no_form(desk, client, time_machine):
    close_due(now=desk.now + timedelta(days=100))
    time_machine.move_to(desk.now + timedelta(days=400))
    answer = desk.get(client, desk.west, "line-dispute", desk.line.pk)
    assert answer["Location"] == desk.address(desk.west, "statement", desk.statement.pk)
    page = desk.get(client, desk.west, "statement", desk.statement.pk).text
    assert "The time in which this line could be disputed is over." in page


def test_answered_on_the_page_of_the_dispute(desk, client):
    row = desk.disputed()
    page = desk.get(client, desk.east, "dispute", row.pk).content.decode()
    assert desk.address(desk.east, "dispute-answer", row.pk) in page
    answer = desk.post(client, desk.east, "dispute-answer", row.pk, agree="yes", text="")
    assert answer.status_code == 302
    assert StatementLine.unscoped.get(sort="adjustment").amount == -40000
    again = client.post(
        desk.address(desk.east, "dispute-answer", row.pk),
        {"idempotency_key": "another-key-of-a-second-tab", "agree": "no", "text": "late"},
    )
    assert again.status_code == 409
    assert "Agreed" in again.content.decode()


def test_the_same_form_twice_is_one_answer(desk, client):
    row = desk.disputed()
    answers = [
        desk.post(client, desk.east, "dispute-answer", row.pk, agree="yes", text="")
        for _click in range(2)
    ]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert StatementLine.unscoped.filter(sort="adjustment").count() == 1


def test_a_refusal_says_why(desk, client):
    row = desk.disputed()
    answer = desk.post(client, desk.east, "dispute-answer", row.pk, agree="no", text="")
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["text"])
    row.refresh_from_db()
    assert row.state == "open"


def test_who_pays_withdraws_or_asks_the_city_once_it_may(desk, client):
    row = desk.disputed()
    page = desk.get(client, desk.west, "dispute", row.pk).content.decode()
    assert desk.address(desk.west, "dispute-withdraw", row.pk) in page
    assert desk.address(desk.west, "dispute-ask-city", row.pk) not in page
    assert desk.post(client, desk.west, "dispute-ask-city", row.pk).status_code == 409
    LineDispute.unscoped.update(raised_at=desk.now - timedelta(days=6))
    assert desk.post(client, desk.west, "dispute-ask-city", row.pk).status_code == 302
    row.refresh_from_db()
    assert row.state == "with_city"


def test_accepted_by_both_it_is_closed_and_says_so(desk, client):
    for place in (desk.east, desk.west):
        page = desk.get(client, place, "statement", desk.statement.pk).content.decode()
        assert desk.address(place, "statement-accept", desk.statement.pk) in page
        assert desk.post(client, place, "statement-accept", desk.statement.pk).status_code == 302
    desk.statement.refresh_from_db()
    assert desk.statement.state == "closed"
    page = desk.get(client, desk.east, "statement", desk.statement.pk).content.decode()
    assert "nothing of it changes any more" in page
    assert "accept/" not in page


def test_the_city_sees_all_of_it_and_no_person(desk, client):
    row = desk.disputed(
        state="with_city", city_asked_at=desk.now, city_asked_by=desk.people["west"]
    )
    client.force_login(make.city_user())
    listed = client.get("/city/statements/").content.decode()
    statement = client.get(f"/city/statements/{desk.statement.pk}/").content.decode()
    dispute = client.get(f"/city/disputes/{row.pk}/").content.decode()
    assert "800.00 CNY" in listed
    assert f"/city/disputes/{row.pk}/" in listed
    assert "West Hospital pays East Hospital" in statement
    for page in (listed, statement, dispute):
        assert str(row.raised_by) not in page
        assert str(desk.people["west"]) not in page
        assert "/at/" not in page.partition("<main")[2]


def test_the_city_decides_on_its_page(desk, client):
    row = desk.disputed(
        state="with_city", city_asked_at=desk.now, city_asked_by=desk.people["west"]
    )
    page = f"/city/disputes/{row.pk}/"
    address = f"{page}decide/"
    client.force_login(make.city_user("admin", role="registry_admin"))
    assert address not in client.get(page).content.decode()
    assert client.post(address, KEY | {"uphold": "yes", "text": "x"}).status_code == 403
    client.force_login(make.city_user())
    assert address in client.get(page).content.decode()
    assert client.post(address, KEY | {"uphold": "yes", "text": ""}).status_code == 422
    other = {"idempotency_key": "the-key-of-a-later-page"}
    answer = client.post(address, other | {"uphold": "yes", "text": "By the log"})
    assert (answer.status_code, answer["Location"]) == (302, page)
    assert StatementLine.unscoped.get(sort="adjustment").amount == -40000


def test_a_dispute_waits_on_the_home_page_of_who_answers_it(desk, client):
    row = desk.disputed()
    shown = {}
    for place in (desk.east, desk.west):
        client.force_login(desk.people[place.slug])
        page = client.get(f"/at/{place.slug}/")
        linked = desk.address(place, "dispute", row.pk) in page.text
        shown[place.slug] = (linked, page.context["waiting_count"])
    assert shown == {"east": (True, 1), "west": (False, 0)}
