"""The column beside the results: from a unit to the sent request."""

import re
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.urls import reverse

from scheduling.actions import requests
from scheduling.models import SharingRequest
from scheduling.states import State
from tests import make
from tests.scheduling.views.find.search import END, NOW, START, address, filled

pytestmark = pytest.mark.django_db


def test_the_column_says_price_checks_and_what_the_button_does(client, asker, device):
    body = client.get(address(unit=device.pk)).content.decode()
    assert re.search(r"All \d+ checks pass", body)
    assert "Send request for Wed 25 Nov, 08:00 – Fri 27 Nov, 20:00" in body
    assert "Use, 60 h at ¥75" in body
    assert "Dongbei Hospital must answer within 16 working hours." in body


def test_sending_makes_the_request_and_leads_to_it(client, asker, borrower, device):
    answer = client.post(address(unit=device.pk), filled(borrower))
    sent = SharingRequest.unscoped.get()
    assert answer.status_code == 302
    assert answer["Location"] == reverse("scheduling:request-detail", args=["renhe", sent.pk])
    assert (sent.state, sent.starts_at, sent.ends_at) == (State.REQUESTED, START, END)
    assert (sent.priority, sent.delivery_place, sent.transport) == ("urgent", "ICU 3", "city_van")
    assert sent.created_by == asker


def test_the_same_form_twice_is_one_request(client, asker, borrower, device):
    first = client.post(address(unit=device.pk), filled(borrower))
    second = client.post(address(unit=device.pk), filled(borrower))
    assert first["Location"] == second["Location"]
    assert SharingRequest.unscoped.count() == 1


def test_a_new_form_with_the_same_wish_leads_to_the_first_request(client, asker, borrower, device):
    first = client.post(address(unit=device.pk), filled(borrower))
    again = filled(borrower, idempotency_key="fedcba9876543210")
    second = client.post(address(unit=device.pk), again, follow=True)
    assert second.redirect_chain == [(first["Location"], 302)]
    assert "this is that request" in second.content.decode()
    assert SharingRequest.unscoped.count() == 1


def test_what_waits_already_is_said_of_hours_that_meet_it(client, asker, borrower, device):
    client.post(address(unit=device.pk), filled(borrower))
    sent = SharingRequest.unscoped.get()
    later = address(unit=device.pk, starts_at="2026-11-26T08:00", ends_at="2026-11-28T20:00")
    page = client.get(later)
    words = f"You asked for this already: {sent.reference}"
    assert words in page.text
    assert "Asked for already" in page.context["rows"]
    requests.withdraw(sharing_request=sent, by=asker, now=NOW)
    assert words not in client.get(later).text


def test_what_others_ask_for_is_not_ones_own(client, asker, borrower, device):
    make.sharing_request(device, make.institution(), starts_at=START, ends_at=END, now=NOW)
    assert "You asked for this already" not in client.get(address(unit=device.pk)).text


def test_a_get_never_writes(client, asker, device):
    client.get(address(unit=device.pk))
    assert SharingRequest.unscoped.count() == 0


def test_a_missing_purpose_and_unticked_terms_are_said_beside_their_fields(
    client, asker, borrower, device
):
    values = filled(borrower, purpose="", agreement_accepted="")
    answer = client.post(address(unit=device.pk), values)
    body = answer.content.decode()
    assert answer.status_code == 422
    assert "A loan needs the accepted terms." in body
    assert 'id="id_purpose_error"' in body
    assert "ICU 3" in body
    assert SharingRequest.unscoped.count() == 0


def test_a_taken_time_is_a_409_with_ways_round_and_keeps_what_was_typed(
    client, asker, borrower, device
):
    make.sharing_request(
        device,
        make.institution("xihu"),
        state="approved",
        starts_at=START - timedelta(hours=9),
        ends_at=START + timedelta(hours=12),
    )
    answer = client.post(address(unit=device.pk), filled(borrower))
    body = answer.content.decode()
    assert answer.status_code == 409
    assert "Ways round the block" in body
    assert "Shorten: start Wed 25 Nov, 20:00" in body
    assert "Clears the block" in body
    assert "starts_at=2026-11-25T20%3A00" in body
    assert "Own unit failed" in body
    assert SharingRequest.unscoped.filter(borrower=borrower).count() == 0


def test_who_else_could_serve_is_ranked_as_in_a_round_and_says_why(
    client, asker, borrower, device, owner
):
    """Also with what keeps the closest others out; the unit itself is not among them."""
    make.sharing_request(
        device, make.institution("xihu"), state="approved", starts_at=START, ends_at=END
    )
    far = make.institution("far", with_site=False)
    make.site(far, is_main=True, latitude=30.9, longitude=120.9)
    away, near, shut = (_another(device, place) for place in (far, owner, make.institution("shut")))
    make.block(shut, START, END, by=make.user(at=shut.institution, role="coordinator"))
    for url in (address(unit=device.pk), own_page(device)):
        answer = client.get(url)
        column = answer.context["column"]
        assert [row["code"] for row in column["instead"]["rows"]] == [near.code, away.code]
        assert column["instead"]["rows"][0]["why"] == "Before the next because it is nearer."
        assert [row["code"] for row in column["instead"]["out"]] == [shut.code]
        assert near.code not in str(column["ways"])
        assert "Who else could serve you" in answer.content.decode()
        chosen = client.get(column["instead"]["rows"][0]["url"])
        assert chosen.context["column"]["resource"] == near
        assert not chosen.context["column"]["blocked"]
        assert chosen.context["column"]["wish"].starts_at == START


def _another(device, place):
    """One like it."""
    found = make.equipment(
        place, category=device.category, confirmed_at=NOW, last_safety_test=NOW.date()
    )
    make.offer(found, now=NOW)
    return found


def own_page(device) -> str:
    times = {"starts_at": "2026-11-25T08:00", "ends_at": "2026-11-27T20:00"}
    path = reverse("scheduling:request-create", args=["renhe", device.pk])
    return f"{path}?{urlencode(times)}"


@pytest.mark.parametrize(
    ("starts_at", "ends_at"),
    [
        ("2026-11-01T08:00", "2026-11-02T08:00"),
        ("2026-11-01T08:00", "2027-11-01T08:00"),
        ("2027-06-01T08:00", "2027-06-01T09:00"),
    ],
    ids=["past", "from the past", "later than any offer"],
)
def test_a_time_that_nobody_can_give_is_said_and_breaks_nothing(
    client, asker, borrower, device, owner, starts_at, ends_at
):
    _another(device, owner)
    answer = client.post(
        address(unit=device.pk), filled(borrower, starts_at=starts_at, ends_at=ends_at)
    )
    assert answer.status_code in (409, 422)
    assert answer.context["column"]["instead"]["rows"] == []


def test_a_warning_needs_a_reason_and_the_reason_is_kept(client, asker, borrower, device):
    device.offers.update(notice_hours=100)
    values = filled(borrower, priority="stat")
    refused = client.post(address(unit=device.pk), values)
    assert refused.status_code == 422
    assert 'name="accepted_OFR-03"' in refused.content.decode()
    sent = client.post(
        address(unit=device.pk),
        values | {"accepted_OFR-03": "Patients wait", "idempotency_key": "fedcba9876543210"},
    )
    assert sent.status_code == 302
    kept = SharingRequest.unscoped.get().accepted_findings
    assert [(one["code"], one["reason"]) for one in kept] == [("OFR-03", "Patients wait")]


def test_a_hold_is_placed_by_post_shown_and_used_up_by_sending(client, asker, borrower, device):
    held = client.post(address(unit=device.pk), filled(borrower, do="hold"))
    assert held.status_code == 200
    hold = SharingRequest.unscoped.get()
    assert (hold.state, hold.hold_expires_at) == (State.HELD, NOW + timedelta(minutes=15))
    assert ", 15 min left." in held.content.decode()
    assert ", 15 min left." in client.get(address(unit=device.pk)).content.decode()
    sent = client.post(address(unit=device.pk), filled(borrower, idempotency_key="f" * 16))
    assert sent.status_code == 302
    assert not SharingRequest.unscoped.filter(state=State.HELD).exists()
    assert SharingRequest.unscoped.filter(state=State.REQUESTED).count() == 1


KEPT = {
    "starts_at": "2026-11-25T10:00",
    "ends_at": "2026-11-26T20:00",
    "priority": "asap",
    "purpose": "Two units <failed>",
    "delivery_place": "ICU 7",
    "transport": "owner",
    "agreement_accepted": True,
}


def shown(answer):
    """What the request form shows, as a browser would send it again."""
    form = answer.context["column"]["form"]
    assert form.errors == {}
    values = {name: form[name].value() for name in KEPT}
    return values | {name: values[name].text for name in ("starts_at", "ends_at")}


@pytest.mark.parametrize("page", ["find", "own"])
def test_placing_a_hold_keeps_all_that_was_typed(client, asker, borrower, device, page):
    own = reverse("scheduling:request-create", args=["renhe", device.pk])
    url = address(unit=device.pk) if page == "find" else own
    form = filled(borrower, **KEPT, do="hold")
    held = client.post(url, form)
    assert (held.status_code, shown(held)) == (200, KEPT)
    assert "Two units &lt;failed&gt;" in held.content.decode()
    assert 'value="hold"' not in held.content.decode()
    hold = SharingRequest.unscoped.get()
    assert (hold.starts_at, hold.ends_at) == (START + timedelta(hours=2), END - timedelta(days=1))
    again = client.post(url, form)  # the page loaded again is the same hold
    assert (again.status_code, shown(again)) == (200, KEPT)
    assert SharingRequest.unscoped.count() == 1


def test_a_box_that_was_not_ticked_stays_so(client, asker, borrower, device):
    form = filled(borrower, do="hold")
    del form["agreement_accepted"]
    held = client.post(address(unit=device.pk), form)
    assert held.context["column"]["form"]["agreement_accepted"].value() is False


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"starts_at": "x"}, "From: Enter a date and a time"),
        ({"ends_at": "2026-11-24T20:00"}, "Until: "),
        ({"units": ""}, "Units: "),
    ],
)
def test_a_hold_with_wrong_times_says_so_and_keeps_the_rest(
    client, asker, borrower, device, wrong, words
):
    answer = client.post(address(unit=device.pk), filled(borrower, do="hold", **wrong))
    assert answer.status_code == 422
    assert words in str(answer.context["column"]["refusal"].message)
    assert answer.context["column"]["form"]["purpose"].value() == "Own unit failed"
    assert SharingRequest.unscoped.count() == 0


def test_a_hold_that_comes_too_late_says_so_and_keeps_the_rest(client, asker, borrower, device):
    make.sharing_request(
        device, make.institution("quick"), state="approved", starts_at=START, ends_at=END, now=NOW
    )
    answer = client.post(address(unit=device.pk), filled(borrower, do="hold"))
    assert answer.status_code == 409
    assert answer.context["column"]["form"]["purpose"].value() == "Own unit failed"


def test_who_may_not_ask_sees_the_findings_and_no_form(client, borrower, device):
    client.force_login(make.user(at=borrower, role="viewer"))
    answer = client.get(address(unit=device.pk))
    assert answer.status_code == 200
    assert "Your role may look, not ask." in answer.content.decode()
    assert client.post(address(unit=device.pk), filled(borrower)).status_code == 403


def test_our_own_device_has_no_request_form(client, asker, borrower):
    mine = make.equipment(borrower)
    body = client.get(address(unit=mine.pk)).content.decode()
    assert "This device is yours." in body
    assert "<textarea" not in body


def test_the_column_is_also_a_page_of_its_own(client, asker, borrower, device):
    page = reverse("scheduling:request-create", args=["renhe", device.pk])
    assert "Send request for Wed 25 Nov, 13:00" in client.get(page).content.decode()
    sent = client.post(page, filled(borrower))
    assert sent.status_code == 302
    assert SharingRequest.unscoped.get().resource == device


def test_dates_in_the_address_of_the_page_are_read_and_checked(client, asker, device):
    page = reverse("scheduling:request-create", args=["renhe", device.pk])
    good = client.get(page, {"starts_at": "2026-11-26T08:00", "ends_at": "2026-11-26T20:00"})
    assert "Send request for Thu 26 Nov, 08:00 – 20:00" in good.content.decode()
    bad = client.get(page, {"starts_at": "x", "ends_at": "2026-11-26T20:00"})
    assert bad.status_code == 400
