"""The pages of baskets: put in, change, take out, send; who sees what of it."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from medshare_portal import policy
from scheduling.basket_states import BasketState
from scheduling.models import Basket, BasketLine, SharingRequest
from tests import make
from tests.make.baskets import HOUR, sent_basket

pytestmark = pytest.mark.django_db
KEYS = iter(range(10_000, 99_999))


def at(person, institution, name, *arguments, data=None, query=""):
    client = Client()
    client.force_login(person)
    address = reverse(f"scheduling:{name}", args=[institution.slug, *arguments]) + query
    if data is None:
        return client.get(address)
    return client.post(address, {"idempotency_key": f"key-{next(KEYS)}"} | data)


def local(moment):
    return timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M")


def loan(city, **changes):
    values = {
        "starts_at": local(city.now + 24 * HOUR),
        "ends_at": local(city.now + 48 * HOUR),
        "units": 1,
        "priority": "routine",
        "mode": "loan",
        "purpose": "A bed more",
        "delivery_site": city.borrower.sites.get().pk,
        "transport": "borrower",
        "agreement_accepted": "on",
        "do": "basket",
    }
    return values | changes


def put(city, device, query="", **changes):
    return at(
        city.asker,
        city.borrower,
        "request-create",
        device.pk,
        data=loan(city, **changes),
        query=query,
    )


def send(city, together="all", **changes):
    basket = Basket.unscoped.filter(state="draft").first()
    values = {
        "message": "ICU bed 7",
        "deadline_at": local(city.now + 12 * HOUR),
        "together": together,
        "version": basket.version if basket else 1,
    }
    return at(city.asker, city.borrower, "basket-draft", data=values | changes)


def draft_page(city):
    answer = at(city.asker, city.borrower, "basket-draft")
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_device_is_put_in_changed_and_taken_out(city):
    answer = put(city, city.devices[0])
    assert answer.url == reverse("scheduling:basket-draft", args=["borrower"])
    assert not SharingRequest.unscoped.exists()
    line = BasketLine.unscoped.get()
    assert "Ready to send" in draft_page(city)
    edit = at(
        city.asker,
        city.borrower,
        "request-create",
        city.devices[0].pk,
        query=f"?line={line.pk}",
    )
    assert "A bed more" in edit.content.decode()
    assert "Save in the basket" in edit.content.decode()
    put(city, city.devices[0], query=f"?line={line.pk}", purpose="Two beds more")
    line.refresh_from_db()
    assert line.typed["purpose"] == ["Two beds more"]
    at(city.asker, city.borrower, "basket-line-remove", line.pk, data={})
    assert not BasketLine.unscoped.exists()


def test_wrong_words_are_said_beside_their_field_and_put_nothing_in(city):
    answer = put(city, city.devices[0], ends_at=local(city.now))
    assert answer.status_code == 422
    assert "End must be after start" in answer.content.decode()
    assert not Basket.unscoped.exists()


def test_each_line_is_judged_when_it_is_looked_at(city):
    put(city, city.devices[0])
    make.block(city.devices[0], city.now + 30 * HOUR, city.now + 31 * HOUR, by=city.approvers[0])
    page = draft_page(city)
    assert "Something stands in the way" in page
    assert "GEN-03" in page
    answer = send(city)
    assert answer.status_code == 409
    assert "Nothing was sent" in answer.content.decode()
    assert not SharingRequest.unscoped.exists()


def test_it_is_sent_with_one_button_and_one_key(city):
    for device in city.devices:
        put(city, device)
    key = {"idempotency_key": "the-same-key"}
    first, again = send(city, **key), None
    basket = Basket.unscoped.get()
    assert first.url == reverse("scheduling:basket-detail", args=["borrower", basket.pk])
    version = {"version": basket.version - 1}
    again = send(city, **key, **version)
    assert again.url == first.url
    assert SharingRequest.unscoped.count() == 3
    late = send(city, **version)
    assert late.status_code == 409
    page = at(city.asker, city.borrower, "basket-detail", basket.pk).content.decode()
    assert all(device.name_en in page for device in city.devices)
    assert "0 of 3 approved" in page


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"together": ""}, "Choose: all or nothing"),
        ({"together": "half"}, "half"),
        ({"deadline_at": ""}, "Choose a moment"),
        ({"deadline_at": "2199-01-01T00:00"}, "Choose a year"),
        ({"message": "x" * 501}, "500"),
        ({"version": "9"}, "changed"),
    ],
)
def test_bad_input_is_an_error_and_sends_nothing(city, changes, words):
    put(city, city.devices[0])
    answer = send(city, **changes)
    assert answer.status_code in (409, 412, 422)
    assert words in answer.content.decode()
    assert not SharingRequest.unscoped.exists()


def test_the_error_of_a_full_basket_is_in_both_languages(city, monkeypatch):
    monkeypatch.setattr(policy.current().basket, "most_items", 1)
    put(city, city.devices[0])
    answer = put(city, city.devices[1])
    assert answer.status_code == 422
    assert "A basket holds at most 1 items" in answer.content.decode()
    city.asker.language = "zh-hans"
    city.asker.save()
    answer = put(city, city.devices[1])
    assert answer.status_code == 422
    assert "最多" in answer.content.decode()


def test_an_owner_sees_its_own_item_and_how_many_there_are(city):
    basket, items = sent_basket(city, message="ICU bed 7")
    approver, owner = city.approvers[0], city.devices[0].institution
    page = at(approver, owner, "basket-detail", basket.pk).content.decode()
    assert "1 of 3 are yours" in page
    assert city.devices[0].name_en in page
    row = at(approver, owner, "inbox").content.decode()
    request = at(approver, owner, "request-detail", items[0].pk).content.decode()
    opened = at(approver, owner, "inbox", query=f"?open={items[0].pk}").content.decode()
    assert "Basket of 3 items, all or nothing, until" in row
    assert "Part of a basket" in request
    assert "one of 3 items of an all-or-nothing basket" in opened
    for text in (page, row, request, opened):
        for other, device in zip(items[1:], city.devices[1:], strict=True):
            assert device.name_en not in text
            assert device.institution.name_en not in text
            assert other.reference not in text


def test_a_stranger_finds_no_basket_and_a_colleague_no_draft(city):
    basket, _items = sent_basket(city)
    stranger = make.institution("stranger")
    person = make.user(at=stranger, role="coordinator")
    assert at(person, stranger, "basket-detail", basket.pk).status_code == 404
    put(city, city.devices[0])
    line, draft = BasketLine.unscoped.get(), Basket.unscoped.get(state="draft")
    colleague = make.user(at=city.borrower, role="coordinator")
    assert "empty" in at(colleague, city.borrower, "basket-draft").content.decode()
    for name, number, query in (
        ("basket-line-remove", line.pk, ""),
        ("request-create", city.devices[0].pk, f"?line={line.pk}"),
        ("basket-detail", draft.pk, ""),
        ("basket-take-back", draft.pk, ""),
    ):
        answer = at(colleague, city.borrower, name, number, query=query)
        assert answer.status_code == 404, name
    for query in ("?line=0", "?line=x", "?line=99999999999999999999", f"?line={line.pk}x"):
        answer = at(city.asker, city.borrower, "request-create", city.devices[0].pk, query=query)
        assert answer.status_code == 404, query
    other = at(
        city.asker,
        city.borrower,
        "request-create",
        city.devices[1].pk,
        query=f"?line={line.pk}",
    )
    assert other.status_code == 404


def test_the_borrower_takes_it_back_from_its_page(city):
    basket, _items = sent_basket(city)
    at(city.asker, city.borrower, "basket-take-back", basket.pk, data={})
    assert Basket.unscoped.get().state == BasketState.RELEASED
    page = at(city.asker, city.borrower, "basket-detail", basket.pk).content.decode()
    assert "Taken back by the borrower" in page
    owners = at(city.approvers[0], city.devices[0].institution, "basket-detail", basket.pk)
    assert "Taken back by the borrower" not in owners.content.decode()


def test_a_line_of_each_other_kind_is_read_by_its_own_form(city):
    lab, home, library = (make.institution(slug) for slug in ("lab", "home", "library"))
    lot = make.offered_lot(lab)
    make.medicine_use(city.borrower, 4)
    nurse, asset = make.compliant(home, city.borrower), make.asset(library)
    site = city.borrower.sites.get().pk
    day = timezone.localdate(city.now)
    night = timezone.localtime(city.now + timedelta(days=2)).replace(hour=20, minute=0)
    asks = [
        (
            "medicine-ask",
            lot.resource,
            {
                "quantity": 20,
                "expected_on": day + timedelta(days=1),
                "delivery_site": site,
                "priority": "routine",
                "purpose": "Consumables",
            },
        ),
        (
            "staff-invite",
            nurse,
            {
                "starts_at": night.strftime("%Y-%m-%dT%H:%M"),
                "ends_at": (night + 12 * HOUR).strftime("%Y-%m-%dT%H:%M"),
                "break_minutes": 60,
                "specialty": make.specialty().code,
                "site": site,
                "priority": "routine",
            },
        ),
        (
            "information-ask",
            asset,
            {
                "purpose_of_use": "TREAT",
                "legal_basis": "none_needed",
                "recipient_role": "physician",
                "until": day + timedelta(days=5),
                "looks": 3,
                "priority": "routine",
                "reason": "The protocol",
                "agreed": "on",
            },
        ),
    ]
    for name, resource, values in asks:
        answer = at(city.asker, city.borrower, name, resource.pk, data=values | {"do": "basket"})
        assert answer.status_code == 302, (name, answer.content.decode())
        line = BasketLine.unscoped.get(resource=resource)
        edit = at(city.asker, city.borrower, name, resource.pk, query=f"?line={line.pk}")
        assert "Save in the basket" in edit.content.decode(), name
    page = draft_page(city)
    assert page.count("Ready to send") == 3
    assert "20 packs" in page
    assert send(city).status_code == 302
    kinds = SharingRequest.unscoped.values_list("kind", flat=True)
    assert sorted(kinds) == ["information", "medicine", "staff"]


def test_a_line_that_says_the_same_as_another_is_not_ready(city):
    for _twice in range(2):
        put(city, city.devices[0])
    rows = at(city.asker, city.borrower, "basket-draft").context["rows"]
    assert [row["ready"] for row in rows] == [True, False]
