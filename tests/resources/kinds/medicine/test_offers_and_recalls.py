"""Offer and recall lots through the pages."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from medshare_portal.models import AuditEvent, Notification
from resources.models import MedicineLot, Offer, RecallNotice
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_counts():
    cache.clear()


@pytest.fixture
def person(client, pharmacist):
    client.force_login(pharmacist)
    return client


def at(name, owner, *arguments):
    return reverse(f"resources:medicine-{name}", args=[owner.slug, *arguments])


def day(number):
    return timezone.localdate() + timedelta(days=number)


def state(person, owner, lot, value, **fields):
    data = {
        "quarantine_state": value, "pack_state": "sealed", "reason": "Temperature",
        "idempotency_key": f"key-{value:_<8}",
    }  # fmt: skip
    return person.post(at("state", owner, lot.pk), data | fields)


def offer(person, owner, lot, **fields):
    data = {
        "quantity": "4", "visibility": "all", "recalls_checked": "on",
        "idempotency_key": "key-0000001",
    }  # fmt: skip
    return person.post(at("offer", owner, lot.pk), data | fields)


def test_one_lot_is_offered_and_the_offer_is_changed(person, owner, lot):
    assert offer(person, owner, lot).status_code == 302
    assert offer(person, owner, lot, quantity="6", idempotency_key="key-0000002").status_code == 302
    rows = Offer.unscoped.order_by("pk").values_list("status", "quantity")
    assert list(rows) == [("withdrawn", 4), ("published", 6)]


@pytest.mark.parametrize(
    "fields",
    [
        {"quantity": "11"},
        {"quantity": "0"},
        {"quantity": "x"},
        {"recalls_checked": ""},
        {"visibility": "consortium"},
        {"visibility": "private"},
    ],
)
def test_an_offer_that_cannot_be_is_refused(person, owner, lot, fields):
    assert offer(person, owner, lot, **fields).status_code == 422
    assert Offer.unscoped.count() == 0


def test_the_general_offer_page_leads_to_the_lots_own(person, owner, lot):
    answer = person.get(reverse("resources:offer-create", args=[owner.slug, lot.pk]))
    assert answer["Location"] == at("offer", owner, lot.pk)


def recall(person, owner, **fields):
    data = {
        "approval_no": "国药准字S20200001", "lot_no": "BAD1", "reference": "Notice 7",
        "reason": "Glass", "idempotency_key": "key-0000001",
    }  # fmt: skip
    return person.post(at("recall", owner), data | fields)


def test_a_recall_stops_the_lot_in_the_whole_city_at_once_and_tells_everybody(person, owner):
    other = make.institution("other")
    colleague = make.user(at=other, role="pharmacist")
    bad = {"approval_no": "国药准字S20200001", "lot_no": "BAD1"}
    ours, theirs = make.medicine_lot(owner, **bad), make.medicine_lot(other, **bad)
    sound = make.medicine_lot(other, approval_no="国药准字S20200001", lot_no="GOOD")
    make.offer(theirs.resource, quantity=3, intervals=[])
    assert recall(person, owner).status_code == 302
    states = dict(MedicineLot.unscoped.values_list("pk", "quarantine_state"))
    assert states == {ours.pk: "recalled", theirs.pk: "recalled", sound.pk: "released"}
    assert Offer.unscoped.get().status == "withdrawn"
    told = Notification.unscoped.filter(event="lot-recalled", user=colleague)
    assert [n.context["lot"] for n in told] == ["BAD1"]
    chains = AuditEvent.objects.everywhere(reason="test").filter(action="stock.recalled")
    assert set(chains.values_list("chain", flat=True)) == {owner.slug, other.slug}
    assert "Notice 7" in person.get(at("recalls", owner)).content.decode()


def test_a_lot_that_comes_after_the_notice_cannot_be_offered(person, owner):
    """MED-12"""
    recall(person, owner)
    late = make.medicine_lot(owner, approval_no="国药准字S20200001", lot_no="BAD1")
    answer = offer(person, owner, late, idempotency_key="key-0000002")
    assert answer.status_code == 422
    assert "Notice 7" in answer.content.decode()


def test_a_recalled_lot_is_not_released_by_hand(person, owner):
    lot = make.medicine_lot(owner, approval_no="国药准字S20200001", lot_no="BAD1")
    recall(person, owner)
    assert state(person, owner, lot, "released").status_code == 409
    lot.refresh_from_db()
    assert lot.quarantine_state == "recalled"


def test_a_notice_is_entered_once(person, owner):
    recall(person, owner)
    assert recall(person, owner, idempotency_key="key-0000002").status_code == 422
    assert RecallNotice.objects.count() == 1


@pytest.mark.parametrize("name", ["approval_no", "lot_no", "reference", "reason"])
@pytest.mark.parametrize("value", ["", "x" * 300, "a\x00b"])
def test_a_notice_needs_all_its_fields(person, owner, name, value):
    assert recall(person, owner, **{name: value}).status_code == 422
    assert RecallNotice.objects.count() == 0


@pytest.mark.parametrize("name", ["stock", "move", "state", "offer"])
def test_a_lot_of_another_institution_is_not_found(person, owner, name):
    foreign = make.medicine_lot(make.institution("stranger"))
    assert person.get(at(name, owner, foreign.pk)).status_code == 404
    assert person.get(at(name, owner, 10**17)).status_code == 404
