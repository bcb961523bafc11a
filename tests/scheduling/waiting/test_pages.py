"""The pages of the wait-list, as a browser without script sends them."""

import re
from datetime import timedelta
from html import unescape
from urllib.parse import urlencode

import pytest
from django.urls import reverse

from scheduling.actions import promises
from scheduling.models import SharingRequest, WaitlistEntry
from scheduling.states import State
from scheduling.waiting import WaitState
from tests import make
from tests.make.answers import closed

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
KEY = {"idempotency_key": "a-key-of-a-form"}


def at(name, institution, *args):
    return reverse(f"scheduling:{name}", args=[institution.slug, *args])


def text(response):
    return closed(response).content.decode()


def moment(value):
    return value.strftime("%Y-%m-%dT%H:%M+00:00")


@pytest.fixture
def asker(client, city):
    client.force_login(city.asker)
    return client


def test_a_full_device_is_waited_for_from_its_request_form(asker, city, now):
    query = {"starts_at": moment(now + 48 * HOUR), "ends_at": moment(now + 72 * HOUR)}
    form = text(asker.get(at("request-create", city.first, city.device.pk), query))
    assert "Wait for this one" in form
    join = f"{at('waitlist-join', city.first)}?{urlencode(query | {'unit': city.device.pk})}"
    assert city.device.code in text(asker.get(join))
    sent = query | {
        "hours": 8, "units": 1, "priority": "routine", "purpose": "Ours is in repair",
        "site": city.first.sites.first().pk,
    }  # fmt: skip
    assert asker.post(join, sent | KEY).status_code == 302
    page = text(asker.get(at("waitlist", city.first)))
    assert "Place 1 of 1 in the line" in page


def test_the_catalogue_leads_into_the_line_where_everything_is_taken(client, city, now):
    full = make.equipment(city.owner, last_safety_test=now.date())
    make.offer(full, now=now)
    make.sharing_request(
        full, city.holder, state=State.UNDERWAY, starts_at=now - HOUR, ends_at=now + 2400 * HOUR,
        now=now,
    )  # fmt: skip
    shown = {}
    for who, role, where in (
        ("asker", "coordinator", city.first), ("viewer", "viewer", city.first),
        ("owner", "coordinator", city.owner),
    ):  # fmt: skip
        client.force_login(make.user(at=where, role=role))
        page = text(client.get(reverse("resources:resource-list", args=[where.slug])))
        shown[who] = re.findall(r'href="([^"]*/waitlist/join/[^"]*)"', page)
    [link] = shown.pop("asker")
    assert shown == {"viewer": [], "owner": []}
    client.force_login(city.asker)
    assert full.code in text(client.get(unescape(link)))


def test_the_line_is_a_number_and_names_nobody(client, city, now):
    make.waitlist_entry(city.first, resource=city.device, priority="urgent", now=now)
    make.waitlist_entry(city.second, resource=city.device, now=now)
    client.force_login(city.rival)
    page = text(client.get(at("waitlist", city.second)))
    assert "Place 2 of 2 in the line" in page
    assert city.first.name not in page


def test_an_offered_place_is_taken_on_one_page_and_only_once(asker, city, now, cancel):
    entry = make.waitlist_entry(
        city.first, resource=city.device, starts_at=now + 48 * HOUR, ends_at=now + 72 * HOUR,
        now=now, created_by=city.asker,
    )  # fmt: skip
    cancel()
    assert promises.offer_freed(now=now) == 1
    page = at("waitlist-accept", city.first, entry.pk)
    shown = asker.get(page)
    assert "Held for you" in text(shown)
    initial = shown.context["column"]["form"].initial
    held = SharingRequest.unscoped.get(state=State.HELD)
    sent = {
        "starts_at": moment(held.starts_at), "ends_at": moment(held.ends_at), "units": 1,
        "priority": "routine", "mode": initial["mode"], "purpose": initial["purpose"],
        "delivery_site": initial["delivery_site"], "transport": "borrower",
        "agreement_accepted": "on", "do": "send",
    }  # fmt: skip
    for _again in range(2):
        assert asker.post(page, sent | KEY).status_code == 302
    assert WaitlistEntry.unscoped.get().state == WaitState.TAKEN
    assert SharingRequest.unscoped.get(pk=held.pk).state == State.REQUESTED
    assert "no longer held" in text(asker.get(page))
    assert asker.post(page, sent | {"idempotency_key": "another-key"}).status_code in (302, 409)
    assert SharingRequest.unscoped.filter(borrower=city.first).count() == 1


def test_what_the_address_does_not_name_rightly_is_not_found(asker, city):
    for query in ({}, {"unit": "987654"}, {"unit": "x"}, {"kind": "medicine"}, {"what": "zzz"}):
        assert asker.get(at("waitlist-join", city.first), query).status_code == 404
    own = make.equipment(city.first)
    assert asker.get(at("waitlist-join", city.first), {"unit": own.pk}).status_code == 404


@pytest.fixture
def place(city, now, cancel):
    entry = make.waitlist_entry(
        city.first, resource=city.device, starts_at=now + 48 * HOUR, ends_at=now + 72 * HOUR,
        now=now, created_by=city.asker,
    )  # fmt: skip
    cancel()
    promises.offer_freed(now=now)
    return WaitlistEntry.unscoped.get(pk=entry.pk)


def numbers_in(page):
    """The numbers of the navigation's entries and of the page's tabs."""
    return re.findall(r'class="(?:nav-)?count">(\d+)', page)


def test_an_offered_place_is_told_at_home_and_counted_where_it_is_found(asker, city, place, client):
    home = reverse("reports:home", args=[city.first.slug])
    page = text(asker.get(home))
    assert "Nothing waits for you" not in page
    assert at("waitlist-accept", city.first, place.pk) in page
    assert "1 thing waits for you" in page
    assert numbers_in(page) == ["1"]
    assert numbers_in(text(asker.get(at("needs", city.first)))) == ["1", "1"]
    client.force_login(make.user(at=city.first, role="viewer"))
    assert numbers_in(text(client.get(home))) == []


def test_the_page_of_an_offered_place_leads_to_taking_it(asker, city, place, client):
    page = asker.get(at("request-detail", city.first, place.promise_id))
    assert at("waitlist-accept", city.first, place.pk) in text(page)
    marks = [step["state"] for step in page.context["story"].steps]
    assert marks == ["current", *["next"] * 5]
    client.force_login(make.user(at=city.first, role="viewer"))
    shown = text(client.get(at("request-detail", city.first, place.promise_id)))
    assert at("waitlist-accept", city.first, place.pk) not in shown
    assert at("waitlist", city.first) in shown


def test_passing_on_and_leaving_are_two_pages_that_say_what_they_do(asker, city, place):
    listed = text(asker.get(at("waitlist", city.first)))
    passing, leaving = (
        at(f"waitlist-{name}", city.first, place.pk) for name in ("pass-on", "leave")
    )
    assert passing in listed
    assert leaving in listed
    assert "You keep waiting" in text(asker.get(passing))
    assert "no other is offered to you" in text(asker.get(leaving))
    assert asker.post(passing, KEY).status_code == 302
    assert "Place 1 of 1 in the line" in text(asker.get(at("waitlist", city.first)))
    assert "no longer held" in text(asker.get(passing))
    mailed = asker.get(at("waitlist-accept", city.first, place.pk), follow=True)
    assert "no longer held" in text(mailed)
    assert (
        asker.post(passing, KEY | {"idempotency_key": "another-key-of-a-form"}).status_code == 409
    )
