"""Register, scan, book, hold, offer and recall lots through the pages."""

from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from medshare_portal.models import AuditEvent
from resources.enums import ResourceStatus
from resources.models import MedicineLot, Offer, StockMovement
from tests import make

pytestmark = pytest.mark.django_db
CODE = "(01)06901234567892(17)280200(10)AB12(21)S1"


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


def filled(owner, **changes):
    values = {
        "idempotency_key": "key-0000001",
        "code": "M-1",
        "category": make.category("A", kind="medicine").pk,
        "site": owner.sites.get().pk,
        "room": "",
        "detail-generic_name_en": "Insulin glargine",
        "detail-generic_name_zh": "甘精胰岛素",
        "detail-dose_form": "injection",
        "detail-strength": "300 IU/3 ml",
        "detail-unit": "pen",
        "detail-pack_size": "5",
        "detail-pack": "box",
        "detail-approval_no": "国药准字S20200001",
        "detail-gtin": "6901234567892",
        "detail-mah": "Maker",
        "detail-manufacturer": "Maker",
        "detail-lot_no": "AB12",
        "detail-mfg_date": "2026-01-01",
        "detail-expiry_date": "2028-02-29",
        "detail-control_class": "none",
        "detail-storage_class": "refrigerated_2_8",
        "detail-transfer_basis": "donation",
        "detail-basis_evidence": "Letter 1",
        "detail-unit_cost": "12.50",
        "detail-transfer_price": "12.50",
        "detail-currency": "cny",
        "detail-min_days_at_receipt": "60",
    }
    return values | changes


def test_a_registered_lot_is_a_draft_that_is_called_by_its_name_and_strength(person, owner):
    answer = person.post(at("register", owner), filled(owner))
    lot = MedicineLot.unscoped.select_related("resource").get()
    assert answer["Location"] == f"/at/{owner.slug}/resources/{lot.pk}/"
    assert lot.resource.name_en == "Insulin glargine 300 IU/3 ml"
    assert lot.resource.name_zh == "甘精胰岛素 300 IU/3 ml"
    assert (lot.gtin, lot.currency, lot.expiry_date) == (
        "06901234567892",
        "CNY",
        date(2028, 2, 29),
    )
    assert (lot.on_hand, lot.resource.status) == (0, ResourceStatus.DRAFT)
    assert person.get(answer["Location"]).status_code == 200
    assert "AB12" in person.get(answer["Location"]).content.decode()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("detail-generic_name_en", None),
        ("detail-approval_no", "H2020"),
        ("detail-approval_no", "国药准字X20200001"),
        ("detail-gtin", "6901234567891"),
        ("detail-gtin", "12345"),
        ("detail-lot_no", "批号1"),
        ("detail-lot_no", "A B"),
        ("detail-lot_no", "x" * 21),
        ("detail-expiry_date", "2028-02-30"),
        ("detail-expiry_date", "2025-01-01"),
        ("detail-expiry_date", ""),
        ("detail-pack_size", "0"),
        ("detail-pack_size", str(2**40)),
        ("detail-pack_size", "1.5"),
        ("detail-unit_cost", "-1"),
        ("detail-unit_cost", "1e400"),
        ("detail-transfer_price", "12.51"),
        ("detail-atc", "insulin"),
        ("detail-currency", "RMBX"),
        ("detail-storage_class", "warm"),
        ("detail-control_class", "none\x00"),
        ("detail-basis_evidence", ""),
        ("detail-min_days_at_receipt", "99999999"),
        ("detail-serials", "1\n1"),
        ("detail-serials", "追溯码"),
        ("code", ""),
        ("site", "999999999999999999999999"),
        ("category", "x"),
    ],
)
def test_what_does_not_fit_is_said_beside_its_field(person, owner, field, value):
    changes = {field: value} if value is not None else {}
    if value is None:
        changes = {"detail-generic_name_en": "", "detail-generic_name_zh": ""}
    answer = person.post(at("register", owner), filled(owner, **changes))
    assert answer.status_code == 422
    assert MedicineLot.unscoped.count() == 0
    assert 'class="error-summary"' in answer.content.decode()


def test_a_number_that_is_taken_is_refused(person, owner):
    person.post(at("register", owner), filled(owner))
    again = filled(owner, idempotency_key="key-0000002")
    assert person.post(at("register", owner), again).status_code == 422


def test_what_was_offered_keeps_its_number_and_date_in_the_form(person, owner):
    """MED-01"""
    person.post(at("register", owner), filled(owner))
    MedicineLot.unscoped.update(identity_fixed=True)
    lot = MedicineLot.unscoped.select_related("resource").get()
    changes = {"detail-lot_no": "OTHER", "detail-expiry_date": "2030-01-01", "detail-brand": "New"}
    data = filled(owner, idempotency_key="key-0000002", version=lot.resource.version, **changes)
    person.post(reverse("resources:resource-edit", args=[owner.slug, lot.pk]), data)
    lot.refresh_from_db()
    assert (lot.lot_no, lot.expiry_date, lot.brand) == ("AB12", date(2028, 2, 29), "New")


def test_a_scan_fills_the_form_with_what_the_code_and_an_earlier_lot_tell(person, owner):
    make.medicine_lot(owner, gtin="06901234567892", manufacturer="Known Maker")
    page = person.get(at("scan", owner), {"scan": CODE}).content.decode()
    assert "2028/02/29" in page or "29 Feb 2028" in page
    form = person.get(at("register", owner), {"scan": CODE}).content.decode()
    for value in ("06901234567892", "AB12", "2028-02-29", "Known Maker", "S1"):
        assert value in form


def test_a_scan_leads_to_the_lot_that_is_known(person, owner):
    lot = make.medicine_lot(owner, gtin="06901234567892", lot_no="AB12")
    page = person.get(at("scan", owner), {"scan": CODE}).content.decode()
    assert at("stock", owner, lot.pk) in page
    assert "this lot" in page


@pytest.mark.parametrize("text", ["", "hello", "\x00", "x" * 600, "0106901234567891", "人血白蛋白"])
def test_a_scan_that_is_no_code_is_refused_in_words(person, owner, text):
    answer = person.get(at("scan", owner), {"scan": text})
    assert answer.status_code == 422
    assert person.get(at("register", owner), {"scan": text}).status_code == 200


def test_foreign_lots_of_the_same_code_are_not_shown(person, owner):
    make.medicine_lot(make.institution("stranger"), gtin="06901234567892", lot_no="AB12")
    page = person.get(at("scan", owner), {"scan": CODE}).content.decode()
    assert "this lot" not in page


def book(person, owner, lot, **fields):
    data = {"sort": "receive", "quantity": "5", "idempotency_key": "key-0000001"} | fields
    return person.post(at("move", owner, lot.pk), data)


def test_what_is_booked_stands_in_the_ledger(person, owner, lot):
    assert book(person, owner, lot, reference="RK1").status_code == 302
    assert book(person, owner, lot, idempotency_key="key-0000002", sort="correct", quantity="-3",
                reason="counted").status_code == 302  # fmt: skip
    page = person.get(at("stock", owner, lot.pk)).content.decode()
    assert "RK1" in page
    assert "counted" in page
    lot.refresh_from_db()
    assert lot.on_hand == 12


def test_the_same_form_twice_books_once(person, owner, lot):
    book(person, owner, lot)
    book(person, owner, lot)
    lot.refresh_from_db()
    assert lot.on_hand == 15


@pytest.mark.parametrize(
    "fields",
    [
        {"quantity": ""},
        {"quantity": "0"},
        {"quantity": "-1"},
        {"quantity": "1.5"},
        {"quantity": "9" * 30},
        {"quantity": "１"},
        {"sort": "reserve"},
        {"sort": "dispatch"},
        {"sort": "write_off", "reason": ""},
        {"sort": "correct", "reason": "  "},
        {"sort": "write_off", "quantity": "11", "reason": "x"},
        {"reason": "x" * 251},
        {"reference": "a\x00b"},
    ],
)
def test_a_line_that_cannot_be_is_refused_and_nothing_changes(person, owner, lot, fields):
    answer = book(person, owner, lot, **fields)
    assert answer.status_code in (409, 422) or fields == {"quantity": "１"}
    lot.refresh_from_db()
    if fields != {"quantity": "１"}:
        assert (lot.on_hand, StockMovement.unscoped.count()) == (10, 1)


def state(person, owner, lot, value, **fields):
    data = {
        "quarantine_state": value, "pack_state": "sealed", "reason": "Temperature",
        "idempotency_key": f"key-{value:_<8}",
    }  # fmt: skip
    return person.post(at("state", owner, lot.pk), data | fields)


def test_a_lot_that_is_held_back_is_no_longer_offered(person, owner, lot):
    make.offer(lot.resource, quantity=3, intervals=[])
    assert state(person, owner, lot, "quarantine").status_code == 302
    assert Offer.unscoped.get().status == "withdrawn"
    lot.refresh_from_db()
    assert lot.quarantine_state == "quarantine"
    event = AuditEvent.objects.everywhere(reason="test").get(action="stock.state_set")
    assert event.data["changes"] == {"quarantine_state": ["released", "quarantine"]}


@pytest.mark.parametrize(
    "fields", [{"reason": ""}, {"quarantine_state": "recalled"}, {"pack_state": "x"}]
)
def test_a_state_that_is_none_is_refused(person, owner, lot, fields):
    assert state(person, owner, lot, "released", **fields).status_code == 422
