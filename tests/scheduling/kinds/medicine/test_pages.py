"""A transfer through its pages, as two pharmacists and a director make it."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse

from resources.models import MedicineLot
from scheduling.models import SharingRequest

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_counts():
    cache.clear()


def filled(sides, today, **fields):
    values = {
        "quantity": "20", "expected_on": (today + timedelta(days=1)).isoformat(),
        "delivery_site": sides.borrower.sites.get().pk, "priority": "routine",
        "purpose": "Ours runs out.", "reason": "",
    }  # fmt: skip
    return values | fields


def test_a_transfer_through_its_pages(at, sides, lot, today):
    page = at(sides.receiver, "resources:resource-detail", lot.pk)
    assert reverse("scheduling:medicine-ask", args=["borrower", lot.pk]) in page.content.decode()
    page = at(sides.receiver, "scheduling:medicine-ask", lot.pk).content.decode()
    assert re.search(r'name="quantity"[^>]*value="73"', page)  # 4 pens on 92 days, 5 in a pack
    answer = at(sides.receiver, "scheduling:medicine-ask", lot.pk, data=filled(sides, today))
    request = SharingRequest.unscoped.get()
    assert answer["Location"] == f"/at/borrower/requests/{request.pk}/"
    assert at(sides.receiver, "scheduling:request-detail", request.pk).status_code == 200
    for name in ("inbox", "lending", "borrowing"):
        for person in (sides.sender, sides.receiver):
            assert at(person, f"scheduling:{name}").status_code == 200
    inbox = at(sides.sender, "scheduling:inbox").content.decode()
    assert reverse("scheduling:medicine-decide", args=["owner", request.pk]) in inbox
    decided = {
        "decision": "approve",
        "quantity": "15",
        "reason": "",
        "text": "Here you are",
        "version": 1,
    }
    assert (
        at(sides.sender, "scheduling:medicine-decide", request.pk, data=decided).status_code == 302
    )
    detail = at(sides.director, "scheduling:request-detail", request.pk).content.decode()
    sign = reverse("scheduling:medicine-sign", args=["borrower", request.pk, "director"])
    assert sign in detail
    assert (
        at(
            sides.director, "scheduling:medicine-sign", request.pk, "director", data={"text": ""}
        ).status_code
        == 302
    )
    sent = {"seal_no": "S-1", "courier": "Van", "logger_no": "L-1", "recalls_checked": "on"}
    assert (
        at(sides.sender, "scheduling:medicine-dispatch", request.pk, data=sent).status_code == 302
    )
    note = at(sides.sender, "scheduling:medicine-note", request.pk).content.decode()
    for text in (lot.lot_no, lot.approval_no, "S-1", "L-1", "<svg", "Example Pharma"):
        assert text in note
    counted = {
        "scan": "", "lot_no": lot.lot_no, "expiry_date": lot.expiry_date.isoformat(),
        "accepted": "13", "rejected": "1", "lost": "1", "difference_reason": "Wet",
        "coldest": "3", "warmest": "6.5", "excursion_minutes": "0", "temperature_record": "L-1.pdf",
    }  # fmt: skip
    assert (
        at(sides.receiver, "scheduling:medicine-receive", request.pk, data=counted).status_code
        == 302
    )
    page = at(sides.sender, "scheduling:medicine-close", request.pk)
    assert "Rejected by the receiver" in page.content.decode()
    assert (
        at(sides.sender, "scheduling:medicine-close", request.pk, data={"text": ""}).status_code
        == 302
    )
    request.refresh_from_db()
    assert request.state == "closed"
    stocks = MedicineLot.unscoped.order_by("pk").values_list("on_hand", "reserved", "in_transit")
    assert list(stocks) == [(85, 0, 0), (13, 0, 0)]
    for person in (sides.sender, sides.receiver):
        assert at(person, "scheduling:request-detail", request.pk).status_code == 200
        assert at(person, "reports:home").status_code == 200
    own = MedicineLot.unscoped.order_by("pk").last()
    assert at(sides.receiver, "resources:medicine-stock", own.pk).status_code == 200


@pytest.mark.parametrize(
    "fields",
    [
        {"quantity": ""}, {"quantity": "0"}, {"quantity": "1.5"}, {"quantity": "9" * 30},
        {"expected_on": "2020-01-01"}, {"expected_on": "9999-12-31"}, {"expected_on": "tomorrow"},
        {"delivery_site": ""}, {"delivery_site": "9" * 25}, {"priority": "soon"}, {"purpose": ""},
        {"purpose": "a\x00b"}, {"reason": "x" * 501},
    ],
)  # fmt: skip
def test_a_wish_that_makes_no_sense_is_refused_beside_its_field(at, sides, lot, today, fields):
    answer = at(
        sides.receiver, "scheduling:medicine-ask", lot.pk, data=filled(sides, today, **fields)
    )
    assert answer.status_code == 422
    assert SharingRequest.unscoped.count() == 0


def test_a_wish_that_the_rules_refuse_shows_all_that_they_say(at, sides, offered, today):
    lot = offered(quantity=10)
    wish = filled(sides, today, quantity="400")
    answer = at(sides.receiver, "scheduling:medicine-ask", lot.pk, data=wish)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "MED-08" in page
    assert "OFR-05" in page


def test_where_the_rules_refuse_a_lot_others_of_the_medicine_are_ranked(at, sides, offered, today):
    """Those of another strength are none of the medicine."""
    lot, other, another = offered(quantity=10), offered(stock=30), offered(strength="300 U/ml")
    wish = filled(sides, today, quantity="20")
    answer = at(sides.receiver, "scheduling:medicine-ask", lot.pk, data=wish)
    [row] = answer.context["instead"]["rows"]
    assert (row["code"], row["part"]) == (other.resource.code, "")
    ask = reverse("scheduling:medicine-ask", args=["borrower", other.pk])
    assert row["url"] == f"{ask}?quantity=20"
    page = answer.content.decode()
    assert "Who else could serve you" in page
    assert another.resource.code not in page
    assert at(sides.receiver, "scheduling:medicine-ask", other.pk).context["instead"] is None


def test_the_site_of_another_institution_is_no_choice(at, sides, lot, today):
    wish = filled(sides, today, delivery_site=sides.owner.sites.get().pk)
    assert at(sides.receiver, "scheduling:medicine-ask", lot.pk, data=wish).status_code == 422


@pytest.mark.parametrize(
    "fields",
    [
        {"decision": "approve", "quantity": ""}, {"decision": "approve", "quantity": "21"},
        {"decision": "approve", "quantity": "x"}, {"decision": "decline", "reason_code": ""},
        {"decision": "decline", "reason_code": "because"}, {"decision": ""},
        {"decision": "approve", "quantity": "5", "text": "x" * 2001},
    ],
)  # fmt: skip
def test_a_decision_that_makes_no_sense_is_refused(at, sides, lot, go, fields):
    request = go.to(lot, "requested")
    values = {"version": request.version} | fields
    answer = at(sides.sender, "scheduling:medicine-decide", request.pk, data=values)
    assert answer.status_code == 422
    assert SharingRequest.unscoped.get().state == "requested"


def test_a_stale_decision_is_refused(at, sides, lot, go):
    request = go.to(lot, "requested")
    fields = {"decision": "approve", "quantity": "5"}
    for version in ({}, {"version": ""}, {"version": request.version + 1}):
        answer = at(sides.sender, "scheduling:medicine-decide", request.pk, data=fields | version)
        assert answer.status_code == 412


def test_it_is_declined_with_a_reason(at, sides, lot, go):
    request = go.to(lot, "requested")
    fields = {
        "decision": "decline", "reason_code": "own_need", "text": "Sorry",
        "version": request.version,
    }  # fmt: skip
    assert (
        at(sides.sender, "scheduling:medicine-decide", request.pk, data=fields).status_code == 302
    )
    assert SharingRequest.unscoped.get().state == "declined"


@pytest.mark.parametrize(
    "fields",
    [{"seal_no": ""}, {"courier": ""}, {"recalls_checked": ""}, {"seal_no": "x" * 61},
     {"courier": "\x00"}],
)  # fmt: skip
def test_a_dispatch_that_is_incomplete_is_refused(at, sides, lot, go, fields):
    request = go.to(lot, "signed")
    sent = {"seal_no": "S-1", "courier": "Van", "logger_no": "L-1", "recalls_checked": "on"}
    answer = at(sides.sender, "scheduling:medicine-dispatch", request.pk, data=sent | fields)
    assert answer.status_code == 422
    assert SharingRequest.unscoped.get().state == "approved"


@pytest.mark.parametrize(
    "fields",
    [
        {"accepted": ""}, {"accepted": "-1"}, {"accepted": "21"}, {"accepted": "19"},
        {"lot_no": ""}, {"lot_no": "OTHER"}, {"expiry_date": "x"}, {"scan": "hello"},
        {"scan": "\x00"}, {"coldest": "cold"}, {"coldest": "1e9"}, {"excursion_minutes": "-1"},
        {"accepted": "19", "lost": "1"}, {"temperature_record": ""},
    ],
)  # fmt: skip
def test_a_receipt_that_makes_no_sense_is_refused_and_nothing_moves(at, sides, lot, go, fields):
    request = go.to(lot, "underway")
    counted = {
        "scan": "", "lot_no": lot.lot_no, "expiry_date": lot.expiry_date.isoformat(),
        "accepted": "20", "rejected": "0", "lost": "0", "difference_reason": "",
        "coldest": "3", "warmest": "6.5", "excursion_minutes": "0", "temperature_record": "L-1.pdf",
    }  # fmt: skip
    answer = at(sides.receiver, "scheduling:medicine-receive", request.pk, data=counted | fields)
    assert answer.status_code in (409, 422)
    assert SharingRequest.unscoped.get().state == "underway"
    assert MedicineLot.unscoped.count() == 1


def test_a_colleague_without_the_right_is_told_whom_to_ask(at, sides, lot, go):
    request = go.to(lot, "approved")
    answer = at(sides.receiver, "scheduling:medicine-sign", request.pk, "director")
    assert answer.status_code == 403
    assert "Approver" in answer.content.decode()


def test_a_part_that_is_nobodys_is_not_found(at, sides, lot, go):
    request = go.to(lot, "approved")
    assert at(sides.receiver, "scheduling:medicine-sign", request.pk, "king").status_code == 404
    assert at(sides.sender, "scheduling:medicine-sign", request.pk, "director").status_code == 404


LOANS = ("handover", "return", "post-check", "receipt", "request-extend", "request-no-show",
         "request-recall", "request-counter")  # fmt: skip


def test_the_general_pages_of_a_loan_are_not_a_lots(at, sides, lot, go):
    found = [
        ("request-create", at(sides.receiver, "scheduling:request-create", lot.pk).status_code)
    ]
    request = go.to(lot, "approved")
    for name in LOANS:
        person = sides.receiver if name in ("return", "request-extend") else sides.sender
        found.append((name, at(person, f"scheduling:{name}", request.pk).status_code))
    assert [name for name, status in found if status not in (302, 403, 404)] == []


def test_a_batch_approves_no_transfer_unseen(at, sides, lot, go):
    request = go.to(lot, "requested")
    answer = at(sides.sender, "scheduling:inbox-batch", data={"pk": [request.pk]})
    assert answer.status_code in (302, 409, 422)
    assert SharingRequest.unscoped.get().state == "requested"
