"""The board: what will be left, what is suggested, and offering it in one step."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from medshare_portal.models import AuditEvent
from resources.enums import ResourceStatus, Visibility
from resources.models import MedicineLot, Offer
from tests import make

pytestmark = pytest.mark.django_db
KEY = "idempotency_key"
QUERIES = 15


def day(number):
    return timezone.localdate() + timedelta(days=number)


@pytest.fixture
def board(client, owner, pharmacist):
    client.force_login(pharmacist)
    return lambda query="": client.get(
        reverse("resources:medicine-at-risk", args=[owner.slug]) + query
    )


def offer(client, owner, lots, key="key-00000001", checked=True, **fields):
    data = {"pick": [lot.pk for lot in lots], KEY: key}
    data |= {f"quantity-{lot.pk}": 5 for lot in lots} | fields
    if checked:
        data["recalls_checked"] = "on"
    return client.post(reverse("resources:medicine-offer-lots", args=[owner.slug]), data)


def ticked(response):
    boxes = re.findall(r'<input[^>]+name="pick"[^>]*>', response.content.decode())
    return {int(re.search(r'value="(\d+)"', box)[1]) for box in boxes if " checked" in box}


def suggested(response, lot):
    box = re.search(rf'<input[^>]+name="quantity-{lot.pk}"[^>]*>', response.content.decode())[0]
    return re.search(r'value="(\d*)"', box)[1]


def test_consumption_is_spent_on_the_earliest_lot_and_the_rest_is_suggested(board, owner):
    late = make.medicine_lot(owner, stock=100, pack_size=1, expiry_date=day(80))
    early = make.medicine_lot(owner, stock=100, pack_size=1, expiry_date=day(40))
    make.medicine_use(owner, 2)
    page = board()
    assert suggested(page, early) == "20"  # 100 − 2 × 40
    assert suggested(page, late) == "20"  # 100 − 2 × (80 − 40)
    assert ticked(page) == {early.pk, late.pk}


def test_without_known_use_all_is_at_risk_and_said_so(board, owner):
    lot = make.medicine_lot(owner, stock=30, expiry_date=day(60))
    page = board()
    assert suggested(page, lot) == "30"
    assert "all 30 box at risk" in page.content.decode()


def test_what_is_used_in_time_is_not_ticked(board, owner):
    make.medicine_lot(owner, stock=10, pack_size=1, expiry_date=day(60))
    make.medicine_use(owner, 5)
    assert ticked(board()) == set()


def test_what_is_reserved_or_on_offer_is_not_suggested_again(board, client, owner):
    lot = make.medicine_lot(owner, stock=30, expiry_date=day(60))
    make.movement(lot, "reserve", 10)
    assert suggested(board(), lot) == "20"
    assert offer(client, owner, [lot]).status_code == 302
    assert suggested(board(), lot) == "15"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"expiry_date": day(20)}, "would arrive with"),
        ({"control_class": "narcotic"}, "not shared through a portal"),
        ({"transfer_basis": ""}, "basis of a transfer"),
        ({"transfer_basis": "mutual_aid_small"}, "no basis for a transfer here"),
        ({"control_class": "hospital_preparation"}, "regulator"),
        ({"received_from": "other"}, "not passed on"),
    ],
)
def test_what_may_not_be_offered_is_shown_with_its_reason_and_has_no_tick(
    board, client, owner, fields, words
):
    if fields.get("received_from"):
        fields = {"received_from": make.institution("other")}
    lot = make.medicine_lot(owner, stock=30, **{"expiry_date": day(60)} | fields)
    page = board()
    assert words in page.content.decode()
    assert ticked(page) == set()
    answer = offer(client, owner, [lot])
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert Offer.unscoped.count() == 0


def test_recalled_and_quarantined_lots_are_not_on_the_board(board, owner):
    make.medicine_lot(owner, stock=30, quarantine_state="recalled", expiry_date=day(60))
    make.medicine_lot(owner, stock=30, quarantine_state="quarantine", expiry_date=day(60))
    make.medicine_lot(owner, stock=30, pack_state="opened", expiry_date=day(60))
    assert 'name="pick"' not in board().content.decode()


def test_a_lot_that_expired_is_counted_and_not_offered(board, owner):
    make.medicine_lot(owner, stock=30, expiry_date=day(-1))
    page = board().content.decode()
    assert "past its date" in page
    assert 'name="pick"' not in page


def test_several_lots_are_offered_in_one_step(client, board, owner):
    lots = [make.medicine_lot(owner, stock=30, expiry_date=day(60 + n)) for n in range(3)]
    board()
    answer = offer(client, owner, lots)
    assert answer.status_code == 302
    offers = Offer.unscoped.order_by("resource")
    assert [(o.resource_id, o.quantity, o.status) for o in offers] == [
        (lot.pk, 5, "published") for lot in lots
    ]
    lots[0].resource.refresh_from_db()
    assert (lots[0].resource.status, lots[0].resource.visibility) == (
        ResourceStatus.LISTED,
        Visibility.ALL,
    )
    fixed = MedicineLot.unscoped.values_list("identity_fixed", "recall_checked_at")
    assert all(flag and checked for flag, checked in fixed)
    assert (
        AuditEvent.objects.everywhere(reason="test").filter(action="offer.published").count() == 3
    )


def test_the_same_form_twice_offers_once(client, board, owner):
    lot = make.medicine_lot(owner, stock=30, expiry_date=day(60))
    assert offer(client, owner, [lot]).status_code == 302
    assert offer(client, owner, [lot]).status_code == 302
    assert Offer.unscoped.count() == 1


def test_one_wrong_row_stops_all_and_says_which(client, board, owner):
    good = make.medicine_lot(owner, stock=30, expiry_date=day(60))
    bad = make.medicine_lot(owner, stock=3, expiry_date=day(60))
    answer = offer(client, owner, [good, bad])
    assert answer.status_code == 422
    assert "only 3 free packs" in answer.content.decode()
    assert ticked(answer) == {good.pk, bad.pk}
    assert Offer.unscoped.count() == 0


@pytest.mark.parametrize("typed", ["", "0", "-1", "1.5", "many", "9" * 30, "１２", "1e3", "\x00"])
def test_a_quantity_that_is_none_is_refused_beside_its_row(client, board, owner, typed):
    lot = make.medicine_lot(owner, stock=30, expiry_date=day(60))
    answer = offer(client, owner, [lot], **{f"quantity-{lot.pk}": typed})
    assert answer.status_code == 422
    assert f'id="wrong-{lot.pk}"' in answer.content.decode()
    assert Offer.unscoped.count() == 0


def test_nothing_ticked_or_unchecked_recalls_is_refused(client, board, owner):
    lot = make.medicine_lot(owner, stock=30, expiry_date=day(60))
    assert offer(client, owner, []).status_code == 422
    answer = offer(client, owner, [lot], checked=False)
    assert answer.status_code == 422
    assert "Look at the recall notices first" in answer.content.decode()


@pytest.mark.parametrize("pick", ["x", "0", "9" * 40, "-1", "１"])
def test_a_tick_of_no_lot_of_ours_is_refused(client, board, owner, pick):
    path = reverse("resources:medicine-offer-lots", args=[owner.slug])
    data = {"pick": [pick], KEY: "key-00000001", "recalls_checked": "on"}
    assert client.post(path, data).status_code == 422


def test_a_lot_of_another_institution_cannot_be_offered(client, board, owner):
    foreign = make.medicine_lot(make.institution("stranger"), stock=30, expiry_date=day(60))
    answer = offer(client, owner, [foreign])
    assert answer.status_code == 422
    assert Offer.unscoped.count() == 0


def test_a_colleague_reads_the_board_and_cannot_offer(client, owner):
    lot = make.medicine_lot(owner, stock=30, expiry_date=day(60))
    client.force_login(make.user(at=owner, role="coordinator"))
    page = client.get(reverse("resources:medicine-at-risk", args=[owner.slug]))
    assert page.status_code == 200
    assert 'name="pick"' not in page.content.decode()
    assert offer(client, owner, [lot]).status_code == 403


@pytest.mark.parametrize(
    "query", ["?within=7", "?within=x", "?site=999999999999999999999", "?sort=1", "?page=x"]
)
def test_a_filter_that_makes_no_sense_shows_no_rows(board, owner, query):
    make.medicine_lot(owner, stock=30, expiry_date=day(60))
    answer = board(query)
    assert answer.status_code == 400
    assert 'name="pick"' not in answer.content.decode()


def test_filters_by_time_cold_chain_use_and_site(board, owner):
    other_site = make.site(owner)
    cold = make.medicine_lot(owner, stock=30, expiry_date=day(60), strength="1")
    warm = make.medicine_lot(
        owner, stock=30, expiry_date=day(100), storage_class="room_10_30", site=other_site
    )
    make.medicine_use(owner, "0.1")
    assert ticked(board()) == {cold.pk}
    assert ticked(board("?within=180")) == {cold.pk, warm.pk}
    assert ticked(board("?within=180&cold=on")) == {cold.pk}
    assert ticked(board("?within=180&unused=on")) == {cold.pk}
    assert ticked(board(f"?within=180&site={other_site.pk}")) == {warm.pk}


def test_who_else_uses_the_item_is_a_number_and_no_name(board, owner):
    make.medicine_lot(owner, stock=30, expiry_date=day(60))
    for number in range(2):
        make.medicine_use(make.institution(f"user-{number}"), 3)
    page = board().content.decode()
    assert "2 other institutions use it" in page
    assert "user-0" not in page.lower()


def test_the_board_asks_the_database_as_often_for_30_lots_as_for_one(
    board, owner, django_assert_num_queries
):
    first = make.medicine_lot(owner, stock=30, expiry_date=day(60))
    make.offer(first.resource, quantity=5, intervals=[])
    board()
    with django_assert_num_queries(QUERIES):
        board()
    for number in range(30):
        lot = make.medicine_lot(owner, stock=30, expiry_date=day(60 + number), strength=str(number))
        make.offer(lot.resource, quantity=5, intervals=[])
    with django_assert_num_queries(QUERIES):
        board()
