"""Find and request: one page from the search to the sent request."""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from scheduling.models import SharingRequest
from scheduling.states import State
from tests import make

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 4, tzinfo=UTC)
START, END = datetime(2026, 11, 25, 0, tzinfo=UTC), datetime(2026, 11, 27, 12, tzinfo=UTC)
SEARCH = {
    "what": "Ventilator",
    "units": "1",
    "starts_at": "2026-11-25T08:00",
    "ends_at": "2026-11-27T20:00",
}


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def borrower():
    return make.institution("renhe")


@pytest.fixture
def owner():
    return make.institution("dongbei")


@pytest.fixture
def device(owner):
    device = make.equipment(owner, code="DB-V-01", last_safety_test=NOW.date())
    make.offer(device, now=NOW, fee_per_hour=75)
    return device


@pytest.fixture
def asker(client, borrower):
    asker = make.user("asker", at=borrower, role="coordinator")
    client.force_login(asker)
    return asker


def address(**changes):
    return reverse("scheduling:find", args=["renhe"]) + "?" + urlencode(SEARCH | changes)


def filled(borrower, **changes):
    return {
        "do": "send",
        "idempotency_key": "0123456789abcdef",
        "starts_at": SEARCH["starts_at"],
        "ends_at": SEARCH["ends_at"],
        "units": "1",
        "priority": "urgent",
        "mode": "loan",
        "purpose": "Own unit failed",
        "delivery_site": borrower.sites.get().pk,
        "delivery_place": "ICU 3",
        "transport": "city_van",
        "agreement_accepted": "on",
    } | changes


def test_an_empty_search_asks_what_is_needed(client, asker):
    answer = client.get(reverse("scheduling:find", args=["renhe"]))
    assert answer.status_code == 200
    assert "What do you need, and when?" in answer.content.decode()


def test_a_result_says_verdict_distance_and_cost(client, asker, device):
    body = client.get(address()).content.decode()
    assert "DB-V-01" in body
    assert "Free the whole time" in body
    assert "¥4,500" in body
    assert '<rect class="wish"' in body
    assert body.count('<rect class="uncovered"') == 1  # the legend


def test_hours_that_are_not_covered_are_marked(client, asker, device):
    make.sharing_request(
        device,
        make.institution("xihu"),
        state="approved",
        starts_at=START - timedelta(hours=9),
        ends_at=START + timedelta(hours=12),
    )
    body = client.get(address()).content.decode()
    assert "Covers 48 h of 60 h" in body
    assert body.count('<rect class="uncovered"') == 2  # the lane and the legend
    assert "Xihu" not in body


def test_own_units_are_shown_as_own(client, asker, borrower, device):
    make.equipment(borrower, code="RH-V-02")
    body = client.get(address()).content.decode()
    assert "RH-V-02" in body
    assert "Yours, free the whole time" in body


def test_who_is_left_out_is_said_with_the_reason(client, asker, owner, device):
    short = make.equipment(owner, code="DB-V-02")
    make.offer(short, now=NOW, max_loan_hours=24)
    body = client.get(address()).content.decode()
    assert "1 unit left out" in body
    assert "Lent for 24 h at most." in body


def test_nothing_found_says_what_to_do_next(client, asker):
    body = client.get(address(what="Linear accelerator")).content.decode()
    assert "Nothing is free for these dates" in body
    assert "Try other dates" in body


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"ends_at": "2026-11-25T08:00"}, "End must be after start."),
        ({"starts_at": "2026-11-20T08:00"}, "This time is already past."),
        ({"ends_at": "2027-11-25T08:00"}, "Nothing is lent for more than 180 days."),
        ({"starts_at": "0000-01-01T00:00"}, "Enter a date and a time"),
        ({"starts_at": "0001-01-01T00:00"}, "Choose a year from 2000 to 2100."),
        ({"starts_at": "99999-01-01T00:00"}, "Enter a date and a time"),
        ({"starts_at": "soon"}, "Enter a date and a time"),
        ({"units": "-1"}, "greater than or equal to 1"),
        ({"units": "1" * 40}, "less than or equal to 10000"),
        ({"within": "7"}, "Select a valid choice"),
        ({"what": "x" * 101}, "at most 100 characters"),
        ({"what": "\x00"}, "Null characters are not allowed"),
        ({"unit": "x"}, "address of this page is damaged"),
        ({"unit": "9" * 40}, "address of this page is damaged"),
    ],
)
def test_a_malformed_search_is_a_400_with_a_message(client, asker, device, changes, words):
    answer = client.get(address(**changes))
    assert answer.status_code == 400
    assert words in answer.content.decode()


def test_the_site_of_another_institution_is_refused(client, asker, owner):
    assert client.get(address(site=owner.sites.get().pk)).status_code == 400


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        ("2027-03-28T02:30", "there is no 02:30."),
        ("2027-10-31T02:30", "02:30 comes twice. Choose which."),
    ],
)
def test_hours_of_clock_changes_are_explained(client, moment, words):
    berlin = make.institution("charite", with_site=False)
    make.site(berlin, is_main=True, time_zone="Europe/Berlin")
    client.force_login(make.user(at=berlin, role="coordinator"))
    query = urlencode(SEARCH | {"starts_at": moment})
    answer = client.get(reverse("scheduling:find", args=["charite"]) + "?" + query)
    assert answer.status_code == 400
    assert words in answer.content.decode()


@pytest.mark.parametrize("status", ["draft", "paused", "retired"])
def test_a_unit_that_is_not_listed_does_not_exist(client, asker, owner, status):
    hidden = make.equipment(owner, status=status)
    assert client.get(address(unit=hidden.pk)).status_code == 404
    assert client.post(address(unit=hidden.pk), {}).status_code == 404


def test_a_private_unit_does_not_exist(client, asker, owner):
    assert (
        client.get(address(unit=make.equipment(owner, visibility="private").pk)).status_code == 404
    )


def test_the_column_says_price_checks_and_what_the_button_does(client, asker, device):
    body = client.get(address(unit=device.pk)).content.decode()
    assert re.search(r"All \d+ checks pass", body)
    assert "Send request for Wed 25 Nov, 08:00 – Fri 27 Nov, 20:00" in body
    assert "Use, 60 h at ¥75" in body
    assert "Dongbei Hospital must answer within 2 d." in body


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
    assert held.status_code == 302
    hold = SharingRequest.unscoped.get()
    assert (hold.state, hold.hold_expires_at) == (State.HELD, NOW + timedelta(minutes=15))
    body = client.get(held["Location"]).content.decode()
    assert "Held for you, 15 min left." in body
    sent = client.post(address(unit=device.pk), filled(borrower, idempotency_key="f" * 16))
    assert sent.status_code == 302
    assert not SharingRequest.unscoped.filter(state=State.HELD).exists()
    assert SharingRequest.unscoped.filter(state=State.REQUESTED).count() == 1


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


def test_the_number_of_queries_does_not_depend_on_the_results(client, asker, owner, borrower):
    counts = []
    for number in (1, 15):
        for _device in range(number):
            make.offer(make.equipment(owner), now=NOW)
            make.equipment(borrower)
        client.get(address())
        with CaptureQueriesContext(connection) as queries:
            client.get(address())
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(("which", "offset"), [("0", "02"), ("1", "01")])
def test_the_chosen_meaning_of_a_doubled_hour_goes_on_into_every_link(
    client, owner, device, which, offset
):
    berlin = make.institution("charite", with_site=False)
    make.site(berlin, is_main=True, time_zone="Europe/Berlin")
    times = {
        "starts_at": "2027-10-31T02:30",
        "starts_at_which": which,
        "ends_at": "2027-10-31T08:00",
    }
    query = urlencode(SEARCH | times | {"unit": device.pk})
    with time_machine.travel(datetime(2027, 10, 1, tzinfo=UTC), tick=False):
        client.force_login(make.user(at=berlin, role="coordinator"))
        answer = client.get(reverse("scheduling:find", args=["charite"]) + "?" + query)
    assert answer.status_code == 200
    body = answer.content.decode()
    assert f'<option value="{which}" selected>' in body
    assert f"starts_at=2027-10-31T02%3A30%2B{offset}%3A00" in body
