"""The city goes through a crisis in its pages: approve, end, and the list after it."""

import csv
import io
import re

import pytest
from django.utils import timezone

from medshare_portal.models import (
    AuditEvent,
    Crisis,
)
from resources.models import Resource
from scheduling.models import SharingRequest
from scheduling.states import Priority, State
from tests import make
from tests.make.baskets import sent_basket
from tests.reports.crises.pages import HOUR, emergency, end, post

pytestmark = pytest.mark.django_db


def test_what_is_left_to_settle_is_listed_the_first_due_first(client, official, pair):
    owner, borrower = pair
    crisis = make.crisis(owner, borrower, by=official)
    now = timezone.now()

    def asked(state, hours):
        device = make.equipment(owner)
        times = {"starts_at": now - 9 * HOUR, "ends_at": now + hours * HOUR}
        return make.sharing_request(device, borrower, state=state, crisis=crisis, **times)

    late, later = asked("underway", -1), asked("approved", 5)
    asked("closed", -2)
    page = client.get(f"/city/crises/{crisis.pk}/")
    assert [deed.request for deed in page.context["report"].left] == [late, later]


def test_a_hospital_reads_what_was_done_with_it_and_no_more(client, pair):
    """Afterwards too; whoever the crisis did not reach finds nothing there."""
    owner, borrower = pair
    third, outside = make.institution("third"), make.institution("outside")
    crisis = make.crisis(owner, borrower, third)
    ours = make.sharing_request(make.equipment(owner), borrower, crisis=crisis)
    theirs = make.sharing_request(make.equipment(owner), third, crisis=crisis)
    end(crisis)
    seen = {}
    for place in (owner, borrower, third, outside):
        client.force_login(make.user(at=place, role="viewer"))
        page = client.get(f"/at/{place.slug}/crises/{crisis.pk}/")
        if page.status_code == 200:
            seen[place.slug] = {deed.request.pk for deed in page.context["report"].deeds}
            assert str(crisis.declared_by) not in page.text
            assert f"/at/{place.slug}/requests/{ours.pk}/" in page.text or place == third
    assert seen == {
        owner.slug: {ours.pk, theirs.pk}, borrower.slug: {ours.pk}, third.slug: {theirs.pk}
    }  # fmt: skip
    assert page.status_code == 404
    client.force_login(make.user(at=owner, role="viewer"))
    assert f"/at/owner/crises/{crisis.pk}/" in client.get("/at/owner/crisis/").text


def test_what_a_narrowed_crisis_does_not_reach_stays_hidden_and_unmarked(client, pair):
    owner, borrower = pair
    named, other = (
        make.equipment(owner, visibility="named", category=make.category(slug))
        for slug in ("ventilator", "ct")
    )
    make.crisis(owner, borrower, categories=[named.category])
    seen = Resource.objects.visible_to(borrower).filter(pk__in=[named.pk, other.pk])
    assert list(seen) == [named]


def test_the_banner_is_read_by_those_within_the_scope_only_while_it_runs(client, pair):
    owner, borrower = pair
    outside = make.institution("outside")
    crisis = make.crisis(owner, borrower)
    for institution, shown in ((owner, True), (borrower, True), (outside, False)):
        client.force_login(make.user(at=institution, role="viewer"))
        text = client.get(f"/at/{institution.slug}/crisis/").content.decode()
        assert ("crisis-bar" in text) is shown
        assert ("The southern pumps failed" in text) is shown
    Crisis.objects.filter(pk=crisis.pk).update(ends_at=timezone.now())
    client.force_login(make.user(at=owner, role="viewer"))
    assert "crisis-bar" not in client.get("/at/owner/").content.decode()


def test_approve_in_the_owners_place_then_end_and_read_what_was_done(client, official, pair):
    owner, borrower = pair
    crisis = make.crisis(owner, borrower, by=official)
    request = emergency(owner, borrower)
    page = client.get(f"/city/crises/{crisis.pk}/").content.decode()
    assert f"/city/crises/{crisis.pk}/requests/{request.pk}/" in page
    assert request.purpose not in page
    address = f"/city/crises/{crisis.pk}/requests/{request.pk}/"
    assert request.purpose not in client.get(address).content.decode()
    reason = {"reason": "Three patients wait.", "version": "1"}
    assert post(client, address, reason).status_code == 200
    done = post(client, address, reason | {"confirmed": "on"})
    assert done["Location"] == f"/city/crises/{crisis.pk}/"
    request.refresh_from_db()
    assert (request.state, request.crisis_id) == (State.APPROVED, crisis.pk)
    ended = post(client, f"/city/crises/{crisis.pk}/end/", {"reason": "Over", "confirmed": "on"})
    assert ended.status_code == 302
    page = client.get(f"/city/crises/{crisis.pk}/")
    report = page.context["report"]
    assert [deed.request for deed in report.by_city] == [request]
    assert {each.code: number for each, number in report.used} == {
        "wider-visibility": 0,
        "city-approval": 1,
        "shorter-notice": 0,
    }
    assert "Three patients wait." in page.content.decode()
    late = post(client, address, reason)
    assert (late.status_code, late["Location"]) == (302, f"/city/crises/{crisis.pk}/")
    assert post(client, address, reason | {"confirmed": "on"}).status_code == 412
    file = client.post(f"/city/crises/{crisis.pk}/export/", {"format": "csv"})
    rows = list(csv.DictReader(io.StringIO(b"".join(file).decode("utf-8-sig"))))
    assert [(row["reference"], row["answered_by"]) for row in rows] == [(request.reference, "city")]
    assert (rows[0]["from"][:4], rows[0]["unsettled"]) == (f"{request.starts_at:%Y}", "yes")
    assert " approve_by_city" in rows[0]["steps"]
    assert request.purpose not in str(rows)
    assert AuditEvent.unscoped.filter(action="crisis.exported", chain="city").exists()


def test_the_navigation_counts_the_emergencies_whose_owners_time_is_over(client, official, pair):
    owner, borrower = pair

    def count():
        page = client.get("/city/crises/").content.decode()
        return re.findall(r'nav-count">(\d+)<', page)

    emergency(owner, borrower)
    assert count() == []
    make.crisis(owner, borrower, by=official)
    assert count() == ["1"]


def test_packs_are_approved_in_the_senders_place(client, official, pair):
    owner, borrower = pair
    crisis = make.crisis(owner, borrower, kinds=("medicine",), by=official)
    make.medicine_use(borrower, 5)
    lot = make.offered_lot(owner, stock=10)
    request = make.transfer(lot, borrower, packs=2)
    type(request).unscoped.filter(pk=request.pk).update(priority=Priority.STAT)
    address = f"/city/crises/{crisis.pk}/requests/{request.pk}/"
    page = client.get(address)
    assert request.purpose not in page.content.decode()
    assert "2 packs" in page.content.decode()
    fields = {"reason": "Nobody answers.", "version": "1", "confirmed": "on"}
    assert post(client, address, fields).status_code == 302
    request.refresh_from_db()
    lot.refresh_from_db()
    assert (request.state, lot.reserved) == (State.APPROVED, 2)


def test_an_emergency_for_information_is_the_owners_only(client, official, pair):
    """The city opens nobody's data: it reads that somebody waits, and finds nothing to press."""
    owner, borrower = pair
    crisis = make.crisis(owner, borrower, kinds=("information",), by=official)
    request = make.access_request(make.asset(owner), borrower, priority=Priority.STAT)
    page = client.get(f"/city/crises/{crisis.pk}/")
    assert [row.request for row in page.context["emergencies"]] == [request]
    address = f"/city/crises/{crisis.pk}/requests/{request.pk}/"
    assert address not in page.content.decode()
    assert post(client, address, {"reason": "x", "confirmed": "on"}).status_code == 404


def test_a_request_outside_the_scope_is_not_there(client, official, pair):
    owner, borrower = pair
    crisis = make.crisis(owner, make.institution("third"), by=official)
    request = emergency(owner, borrower)
    address = f"/city/crises/{crisis.pk}/requests/{request.pk}/"
    assert client.get(address).status_code == 404
    assert post(client, address, {"reason": "x", "confirmed": "on"}).status_code == 404
    assert client.get(f"/city/crises/{crisis.pk}/requests/{2**63}/").status_code == 404


def test_wider_visibility_comes_and_goes_with_the_crisis(client, pair):
    owner, borrower = pair
    device = make.equipment(owner, visibility="named", name_en="CANARY-NAMED")
    make.offer(device, visibility="named", conditions="CANARY-TERMS")
    kept = make.equipment(owner, visibility="private", name_en="CANARY-PRIVATE")
    client.force_login(make.user(at=borrower, role="coordinator"))

    def seen():
        listed = client.get("/at/borrower/resources/").content.decode()
        statuses = [
            client.get(f"/at/borrower/resources/{row.pk}/").status_code for row in (device, kept)
        ]
        assert "CANARY-PRIVATE" not in listed
        return ["CANARY-NAMED" in listed, *statuses]

    assert seen() == [False, 404, 404]
    crisis = make.crisis(owner, borrower, kinds=("medicine",))
    assert seen() == [False, 404, 404]
    end(crisis)
    crisis = make.crisis(owner, make.institution("third"))
    assert seen() == [False, 404, 404]
    end(crisis)
    crisis = make.crisis(owner, borrower, relaxed=("shorter-notice",))
    assert seen() == [False, 404, 404]
    end(crisis)
    crisis = make.crisis(owner, borrower)
    assert seen() == [True, 200, 404]
    Crisis.objects.filter(pk=crisis.pk).update(ends_at=timezone.now())  # no job has closed it yet
    assert seen() == [False, 404, 404]


@pytest.mark.parametrize("state", ["requested", "approved", "underway", "finished"])
def test_only_what_was_handed_over_and_is_not_back_counts_as_out(client, official, pair, state):
    owner, borrower = pair
    crisis = make.crisis(owner, borrower, by=official)
    make.sharing_request(make.equipment(owner), borrower, state=state, crisis=crisis)
    page = client.get(f"/city/crises/{crisis.pk}/")
    assert [deed.still_out for deed in page.context["report"].deeds] == [state == "underway"]
    assert "still out" not in page.text


def test_the_city_reads_that_what_it_approves_is_part_of_a_basket(client, official):
    city = make.basket_city(timezone.now().replace(minute=0, second=0, microsecond=0))
    _basket, items = sent_basket(city)
    SharingRequest.unscoped.filter(pk=items[0].pk).update(priority=Priority.STAT)
    crisis = make.crisis(items[0].owner, city.borrower, by=official)
    address = f"/city/crises/{crisis.pk}/requests/{items[0].pk}/"
    words = "one of 3 items of a basket, all or nothing"
    asked = client.get(address)
    assert words in asked.text
    sent = {"reason": "Patients wait", "version": asked.context["form"].initial["version"]}
    assert words in post(client, address, sent).text
