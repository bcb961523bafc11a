"""Need a shift, invite, the pages of each step, and the person's signed link."""

import re
from datetime import timedelta

import pytest
from django.core import signing
from django.urls import reverse
from django.utils import timezone

from scheduling.kinds.staff.links import SALT, token_for
from scheduling.models import SharingRequest, SignOff
from tests import make

KEY = {"idempotency_key": "key-of-a-form"}


@pytest.fixture
def head(lending, client):
    client.force_login(lending.head)
    return client


def asked(lending, **changes):
    values = {
        "profession": "2221",
        "specialty": "28",
        "starts_at": f"{lending.starts_at:%Y-%m-%dT%H:%M}",
        "ends_at": f"{lending.ends_at:%Y-%m-%dT%H:%M}",
        "break_minutes": 60,
        "site": lending.host.sites.get().pk,
        "ward": "ICU 3",
    }
    return values | changes


def need(client, lending, **changes):
    return client.get(reverse("scheduling:staff-need", args=["host"]), asked(lending, **changes))


def invite(client, lending, **changes):
    address = reverse("scheduling:staff-invite", args=["host", lending.nurse.pk])
    values = asked(lending) | {"priority": "urgent", "purpose": "Two are ill"} | KEY
    return client.post(address, values | changes)


def test_an_address_with_the_times_alone_opens_a_form_without_errors(lending, head):
    address = reverse("scheduling:staff-invite", args=["host", lending.nurse.pk])
    times = {name: asked(lending)[name] for name in ("starts_at", "ends_at")}
    for given in (times, times | {"ends_at": times["starts_at"]}):
        page = head.get(address, given)
        assert page.status_code == 200
        assert not page.context["form"].errors
    assert "findings" in page.context


def test_the_empty_page_proposes_tonight(lending, head):
    page = head.get(reverse("scheduling:staff-need", args=["host"]))
    assert page.status_code == 200
    assert "T20:00" in page.text


def test_people_are_shown_by_badge_with_rest_hours_and_funnel(lending, head):
    make.shift(
        lending.nurse, lending.starts_at - timedelta(hours=36, minutes=10), 8, by=lending.manager
    )
    page = need(head, lending).text
    assert lending.nurse.code in page
    assert "All 5 in date" in page
    assert "28 h before, free after" in page
    assert re.search(r"<strong>1</strong>\s+hold the skill", page)
    assert "Li Xiaomei" not in page


def test_what_is_missing_is_said_with_what_to_do(lending, head):
    lending.nurse.indemnities.all().delete()
    page = need(head, lending).text
    assert "Indemnity does not cover this host and day." in page
    assert "4 of 5 in date" in page
    assert "How to fix" in page


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"starts_at": "soon"}, "Enter a date and a time"),
        ({"ends_at": "2026-01-01T08:00"}, "End must be after start."),
        ({"profession": "pilot"}, "Select a valid choice"),
        ({"profession": "\x00"}, "Null characters are not allowed."),
        ({"break_minutes": "-5"}, "greater than or equal to 0"),
        ({"site": "987654321"}, "Select a valid choice"),
        ({"competencies": "flying"}, "Select a valid choice"),
        ({"within": "9999"}, "Select a valid choice"),
    ],
)
def test_a_bad_search_is_named_and_finds_nobody(lending, head, changes, message):
    page = need(head, lending, **changes)
    assert (page.status_code, message in page.text) == (400, True)
    assert lending.nurse.code not in page.text


def test_an_invitation_is_three_interactions_from_the_search(lending, head):
    page = need(head, lending).text
    link = re.search(r'href="(/at/host/staff/\d+/invite/[^"]+)"', page).group(1)
    shown = head.get(link.replace("&amp;", "&"))
    assert shown.status_code == 200
    assert f"{lending.starts_at:%Y-%m-%dT%H:%M}" in shown.text
    answer = invite(head, lending)
    request = SharingRequest.unscoped.get()
    assert answer.url == f"/at/host/requests/{request.pk}/"
    assert (request.priority, request.delivery_place) == ("urgent", "ICU 3")
    detail = head.get(answer.url).text
    assert "The name is shown once the shift is booked." in detail
    assert "Li Xiaomei" not in detail


def test_an_invitation_against_a_rule_is_refused_with_all_findings(lending, head):
    lending.nurse.indemnities.all().delete()
    lending.nurse.bases.all().delete()
    answer = invite(head, lending)
    assert answer.status_code == 409
    assert "STF-03" in answer.text
    assert "STF-05" in answer.text
    assert not SharingRequest.unscoped.exists()


def test_a_warning_is_passed_with_a_reason_only(lending, head):
    member = lending.nurse.staff_member
    member.licence_valid_until = lending.starts_at.date() + timedelta(days=9)
    member.save()
    assert invite(head, lending).status_code == 422
    answer = invite(head, lending, **{"reason_STF-01": "Renewal is filed"})
    assert answer.status_code == 302
    assert SharingRequest.unscoped.get().accepted_findings[0]["reason"] == "Renewal is filed"


def test_the_page_of_an_invitation_speaks_of_shifts_and_not_of_devices(lending, head):
    page = head.get(f"/at/host/requests/{invited(lending, head).pk}/").text
    assert "scope and basis to practise, indemnity, skills and health, hours and rest" in page
    for words in ("Hours confirmed", "Timesheet signed", "At work"):
        assert words in page
    for words in ("Handed over", "calibration", "safety test"):
        assert words not in page


def invited(lending, head):
    invite(head, lending)
    return SharingRequest.unscoped.get()


def test_the_person_agrees_by_the_link_and_never_by_opening_it(lending, head, client):
    request = invited(lending, head)
    client.logout()
    address = reverse("staff-person", args=[token_for(request)])
    assert client.get(address).status_code == 200
    assert SignOff.unscoped.get(part="person").decision == "waiting"
    assert client.post(address, {}).status_code == 422
    assert client.post(address, {"answer": "yes"}).status_code == 302
    signed = SignOff.unscoped.get(part="person")
    assert (signed.decision, signed.signed_name) == ("given", lending.nurse.code)
    assert "Nothing waits for your answer." in client.get(address).text
    assert client.post(address, {"answer": "no"}).status_code == 409


def test_a_link_that_is_forged_cut_or_expired_gets_a_clear_page(
    lending, head, client, time_machine
):
    request = invited(lending, head)
    token = token_for(request)
    stranger = make.compliant(lending.home, lending.host)
    others = signing.dumps([request.pk, stranger.pk], salt=SALT)
    broken = ["forged", token[:-3], signing.dumps([1, 2], salt="other"), others]
    broken.append(signing.dumps("text", salt=SALT))
    for text in broken:
        answer = client.get(reverse("staff-person", args=[text]))
        assert answer.status_code == 404
        assert "This link does not open anything" in answer.text
        assert client.post(reverse("staff-person", args=[text])).status_code == 404
    time_machine.move_to(timezone.now() + timedelta(days=15))
    assert client.get(reverse("staff-person", args=[token])).status_code == 404


def test_who_has_an_account_finds_the_own_shifts(lending, head, client):
    account = make.user("nurse")
    lending.nurse.staff_member.user = account
    lending.nurse.staff_member.save()
    request = invited(lending, head)
    client.force_login(account)
    page = client.get(reverse("my-shifts"))
    assert reverse("staff-person", args=[token_for(request)]).split(":")[0] in page.text
    assert SignOff.unscoped.get(part="person").person == account
    client.force_login(make.user("other"))
    assert "Invitations of other institutions appear here." in client.get(reverse("my-shifts")).text


def test_host_and_home_answer_on_their_pages_and_the_shift_runs(
    lending, head, client, time_machine
):
    request = invited(lending, head)
    client.post(reverse("staff-person", args=[token_for(request)]), {"answer": "yes"})
    client.force_login(lending.credentialing)
    page = reverse("scheduling:staff-credentialing", args=["host", request.pk])
    assert client.post(page, {"answer": "yes", **KEY}).status_code == 302
    client.force_login(lending.manager)
    assert "Li Xiaomei" in client.get(f"/at/home/requests/{request.pk}/").text
    decide = reverse("scheduling:request-approve", args=["home", request.pk])
    assert client.post(decide, {"version": request.version + 2, **KEY}).status_code == 302
    assert SharingRequest.unscoped.get().state == "approved"

    client.force_login(lending.head)
    assert "Li Xiaomei" in client.get(f"/at/host/requests/{request.pk}/").text
    time_machine.move_to(lending.starts_at)
    check_in = reverse("scheduling:staff-check-in", args=["host", request.pk])
    client.force_login(lending.head)
    assert "Li Xiaomei" in client.get(check_in).text
    assert client.post(check_in, {"idempotency_key": "key-of-check-in"}).status_code == 302
    time_machine.move_to(lending.ends_at)
    client.logout()  # a session does not last so long
    client.force_login(lending.head)
    sheet = reverse("scheduling:staff-timesheet", args=["host", request.pk])
    times = {
        "worked_from": f"{lending.starts_at:%Y-%m-%dT%H:%M}",
        "worked_until": f"{lending.ends_at:%Y-%m-%dT%H:%M}",
        "break_minutes": 60,
    }
    assert client.post(sheet, times | {"break_minutes": 999} | KEY).status_code == 422
    assert client.post(sheet, times | {"idempotency_key": "another-key"}).status_code == 302
    client.logout()
    assert client.post(reverse("staff-person", args=[token_for(request)])).status_code == 302
    assert SharingRequest.unscoped.get().state == "closed"


def test_pages_of_shifts_do_not_open_requests_of_other_kinds(lending, head):
    device = make.equipment(lending.home)
    request = make.sharing_request(device, lending.host, state="approved", by=lending.head)
    address = reverse("scheduling:staff-check-in", args=["host", request.pk])
    assert head.get(address).status_code == 404


def test_who_refused_is_said_and_nothing_waits_any_more(lending, head, client):
    request = invited(lending, head)
    client.post(reverse("staff-person", args=[token_for(request)]), {"answer": "no"})
    client.force_login(lending.head)
    page = client.get(f"/at/host/requests/{request.pk}/").text
    assert page.count("Consent of the person: refused") == 2  # in the history, and who decided
    assert page.count("the person, by a link") == 2  # refused, and so declined
    assert "offer&#x27;s rule" not in page
    assert "Cost recovery" not in page
    assert "Waiting for an answer" not in page
    assert page.count("Not answered") == 2
    assert "The last of the three books the shift." not in page


def test_a_shift_has_words_of_its_own_for_its_sides(lending, head):
    request = invited(lending, head)
    page = head.get(f"/at/host/requests/{request.pk}/").text
    assert "comes from" in page
    assert ">Home employer<" in page
    assert ">Host<" in page
    for loan in ("borrowed from", ">Owner<", ">Borrower<", "Handed over", "Returned", "Goes to"):
        assert loan not in page, loan


def test_a_missing_reason_is_said_beside_its_field(lending, head):
    make.shift(lending.nurse, lending.starts_at - timedelta(hours=12), 7, by=lending.manager)
    page = invite(head, lending)
    assert page.status_code == 422
    form = page.context["form"]
    assert form.warned
    assert set(form.errors) == {f"reason_{code}" for code in form.warned}
    assert not SharingRequest.unscoped.exists()
