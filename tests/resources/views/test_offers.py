import re
from datetime import time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from resources.enums import OfferStatus, ResourceStatus
from resources.models import IdleWindow, Offer, Resource
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner():
    return make.institution("owner")


@pytest.fixture
def device(owner):
    return make.equipment(owner, status="submitted", visibility="private", confirmed_at=None)


@pytest.fixture
def coordinator(owner, client):
    person = make.user(at=owner, role="coordinator")
    client.force_login(person)
    return person


def create_url(device):
    return reverse("resources:offer-create", args=["owner", device.pk])


def filled_in(page, **changes):
    """What a browser would post of the form on a page."""
    form = page.context["form"]
    values = {}
    for field in form:
        value = form[field.name].value()
        if value is None or value == "":
            continue
        values[field.name] = value if isinstance(value, list) else str(value)
    values |= {"idempotency_key": "key-of-the-form-1"}
    return {name: value for name, value in (values | changes).items() if value is not None}


def test_the_form_comes_filled_in_and_is_published_as_it_is(client, coordinator, device):
    page = client.get(create_url(device))
    assert page.status_code == 200
    assert page.context["hours"] == 5 * 14 + 48
    answer = client.post(create_url(device), filled_in(page))
    assert answer.status_code == 302, answer.context["form"].errors
    offer = Offer.unscoped.get()
    device.refresh_from_db()
    assert (offer.status, device.status) == (OfferStatus.PUBLISHED, ResourceStatus.LISTED)
    assert IdleWindow.unscoped.filter(offer=offer).count() == 12


def test_the_same_form_sent_twice_makes_one_offer(client, coordinator, device):
    page = client.get(create_url(device))
    values = filled_in(page)
    first, second = (client.post(create_url(device), values) for _ in range(2))
    assert (first.status_code, second.status_code, first.url == second.url) == (302, 302, True)
    assert Offer.unscoped.count() == 1


def test_terms_are_those_of_the_institutions_last_offer(client, coordinator, owner, device):
    make.offer(make.equipment(owner), notice_hours=17, recall_notice_hours=33)
    form = client.get(create_url(device)).context["form"]
    assert (form.initial["notice_hours"], form.initial["recall_notice_hours"]) == (17, 33)


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"w0a_ends": None}, "w0a_ends", "Give both times, or neither."),
        ({"w0a_starts": "25:00"}, "w0a_starts", "Enter a time such as 18:00."),
        (
            {"w0a_starts": "00:00", "w0a_ends": "19:00"},
            "w0b_starts",
            "Overlaps the window of Monday from 00:00 until 19:00.",
        ),
        ({"ends_on": "2020-01-01"}, "ends_on", "This date is past."),
        ({"starts_on": "2020-01-01"}, "starts_on", "This date is past."),
        ({"ends_on": "9999-01-01"}, "ends_on", "This date is too far away."),
        (
            {"notice_hours": "-1"},
            "notice_hours",
            "Ensure this value is greater than or equal to 0.",
        ),
        (
            {"max_loan_hours": "99999999999999999999"},
            "max_loan_hours",
            "Ensure this value is less than or equal to 4320.",
        ),
        (
            {"fee_per_hour": "-1"},
            "fee_per_hour",
            "Ensure this value is greater than or equal to 0.",
        ),
        ({"visibility": "named"}, "named_institutions", "Choose at least one institution."),
        (
            {"visibility": "private"},
            "visibility",
            "Select a valid choice. private is not one of the available choices.",
        ),
        (
            {"exceptions": "Christmas"},
            "exceptions",
            "Line 1, “Christmas”: write a date, and the hours if it is open.",
        ),
        (
            {"exceptions": "2020-12-25"},
            "exceptions",
            "Line 1, “2020-12-25”: outside the time of the offer.",
        ),
        (
            {"exceptions": "2090-02-30"},
            "exceptions",
            "Line 1, “2090-02-30”: there is no such date or time.",
        ),
        (
            {"exceptions": "2090-12-25\n2090-12-25 08:00-09:00"},
            "exceptions",
            "Line 2, “2090-12-25 08:00-09:00”: the date is there twice.",
        ),
    ],
)
def test_bad_input_is_named_beside_its_field(client, coordinator, device, changes, field, message):
    page = client.get(create_url(device))
    answer = client.post(create_url(device), filled_in(page, **changes))
    assert answer.status_code == 422
    with translation.override("en"):
        assert message in answer.context["form"].errors[field]
    assert not Offer.unscoped.exists()


def test_no_window_at_all_is_refused(client, coordinator, device):
    page = client.get(create_url(device))
    values = {name: value for name, value in filled_in(page).items() if not re.match(r"w\d", name)}
    answer = client.post(create_url(device), values)
    assert answer.context["form"].errors == {
        "w0a_starts": ["Enter at least one time in which it is idle."]
    }


def test_what_the_rules_forbid_is_shown_with_the_form(client, coordinator, device):
    device.equipment.indemnity_ref = ""
    device.equipment.save()
    page = client.get(create_url(device))
    assert "A loan needs an insurance or indemnity reference." in page.text
    answer = client.post(create_url(device), filled_in(page))
    assert answer.status_code == 422
    assert "This cannot be offered yet." in answer.text
    assert not Offer.unscoped.exists()


def test_an_offered_device_leads_to_its_offer(client, coordinator, device):
    offer = make.offer(device)
    answer = client.get(create_url(device))
    assert (answer.status_code, answer.url) == (
        302,
        reverse("resources:offer-edit", args=["owner", offer.pk]),
    )


def test_an_offer_is_changed_on_the_same_page(client, coordinator, device):
    offer = make.offer(device, windows=[(2, time(8), time(12))], notice_hours=7)
    address = reverse("resources:offer-edit", args=["owner", offer.pk])
    page = client.get(address)
    assert page.context["form"]["w2a_starts"].value() == time(8)
    assert client.post(address, filled_in(page, notice_hours="9")).status_code == 302
    assert (
        Offer.unscoped.filter(status="published").values_list("notice_hours", flat=True).get() == 9
    )


def test_hours_a_week_are_previewed_for_what_is_typed(client, coordinator, device):
    address = reverse("resources:offer-hours", args=["owner", device.pk])
    assert "12 h" in client.get(address, {"w0a_starts": "08:00", "w0a_ends": "20:00"}).text
    assert "check the times" in client.get(address, {"w0a_starts": "x"}).text


def test_confirm_one_and_all_that_wait(client, coordinator, owner):
    old = timezone.now() - timedelta(days=9)
    offers = [make.offer(make.equipment(owner), confirmed_at=old) for _ in range(3)]
    one = reverse("resources:offer-confirm", args=["owner", offers[0].pk])
    assert (
        client.post(one, {"idempotency_key": "abcdefgh", "next": "/at/owner/"}).url == "/at/owner/"
    )
    assert Offer.unscoped.filter(confirmed_at=old).count() == 2
    page = client.get(reverse("resources:offer-list", args=["owner"]))
    assert "Confirm 2 offers" in page.text
    many = reverse("resources:offer-confirm-many", args=["owner"])
    assert client.post(many, {"idempotency_key": "abcdefgi", "all": "1"}).status_code == 302
    assert not Offer.unscoped.filter(confirmed_at=old).exists()


def test_confirm_refuses_nothing_ticked_and_foreign_offers(client, coordinator, owner):
    foreign = make.offer(make.equipment(make.institution()))
    many = reverse("resources:offer-confirm-many", args=["owner"])
    assert client.post(many, {"idempotency_key": "abcdefgh"}).status_code == 422
    assert client.post(many, {"idempotency_key": "abcdefgi", "pk": foreign.pk}).status_code == 422
    one = reverse("resources:offer-confirm", args=["owner", foreign.pk])
    assert client.post(one, {"idempotency_key": "abcdefgj"}).status_code == 404
    assert (
        client.get(reverse("resources:offer-edit", args=["owner", foreign.pk])).status_code == 404
    )


def test_withdraw_asks_then_takes_back(client, coordinator, device):
    offer = make.offer(device)
    address = reverse("resources:offer-withdraw", args=["owner", offer.pk])
    assert "Bookings that were approved stay as they are." in client.get(address).text
    assert client.post(address, {"idempotency_key": "abcdefgh"}).status_code == 302
    assert Resource.unscoped.get(pk=device.pk).status == ResourceStatus.PAUSED


def test_the_list_takes_the_same_queries_for_one_and_for_thirty(
    client, coordinator, owner, django_assert_num_queries
):
    address = reverse("resources:offer-list", args=["owner"])
    make.offer(make.equipment(owner))
    client.get(address)
    with django_assert_num_queries(7):
        client.get(address)
    for _ in range(29):
        make.offer(make.equipment(owner))
    with django_assert_num_queries(7):
        assert len(client.get(address).context["rows"]) == 30


def test_a_viewer_may_look_and_not_publish(client, owner, device):
    client.force_login(make.user(at=owner, role="viewer"))
    offer = make.offer(device)
    assert client.get(reverse("resources:offer-list", args=["owner"])).status_code == 200
    assert client.get(create_url(device)).status_code == 403
    assert (
        client.post(reverse("resources:offer-withdraw", args=["owner", offer.pk])).status_code
        == 403
    )


def test_numbers_too_large_for_the_database_are_not_found(client, coordinator):
    for name in ("offer-edit", "offer-withdraw", "offer-create", "block-list", "block-delete"):
        address = reverse(f"resources:{name}", args=["owner", 10**30])
        assert client.get(address).status_code == 404


def test_an_older_page_does_not_write_over_what_a_colleague_saved(client, coordinator, device):
    offer = make.offer(device, notice_hours=4)
    address = reverse("resources:offer-edit", args=["owner", offer.pk])
    first, second = client.get(address), client.get(address)
    saved = filled_in(first, notice_hours="9", idempotency_key="key-of-the-first-tab")
    assert client.post(address, saved).status_code == 302
    late = filled_in(second, notice_hours="2", idempotency_key="key-of-the-second-tab")
    refused = client.post(address, late)
    assert refused.status_code == 412
    page = refused.content.decode()
    assert "Somebody changed this record in the meantime." in page
    assert "Now in force: minimum notice, hours 9" in page
    now = Offer.unscoped.get(resource=device, status=OfferStatus.PUBLISHED)
    present = reverse("resources:offer-edit", args=["owner", now.pk])
    assert f'href="{present}"' in page
    assert (now.notice_hours, Offer.unscoped.count()) == (9, 2)
    again = client.get(address)
    assert (again.status_code, again.headers["Location"]) == (302, present)
