"""Signing in, guessing, and sessions (trust.md 15 – 23, 45, 61, 62)."""

import logging
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from axes.models import AccessAttempt
from django.contrib.auth import get_user
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from medshare_portal.logs import OneLineFormatter
from medshare_portal.sign_in import TRIES_ELSEWHERE, client_address
from tests import make

SIGN_IN = "/account/sign-in/"


@pytest.fixture
def nurse(db):
    return make.user("nurse", at=make.institution("renhe"), role="coordinator")


def attempt(client, *, name="nurse", password="wrong", **headers):  # noqa: S107 – a wrong one
    return client.post(SIGN_IN, {"username": name, "password": password}, **headers)


def test_sign_in_leads_to_the_only_institution(client, nurse):
    answer = client.post(SIGN_IN, {"username": "nurse", "password": make.PASSWORD}, follow=True)
    assert answer.redirect_chain == [("/", 302), ("/at/renhe/", 302)]


def test_the_session_gets_a_new_id_at_sign_in(client, nurse):
    session = client.session
    session["planted"] = 1
    session.save()
    planted = session.session_key
    attempt(client, password=make.PASSWORD)
    assert client.session.session_key != planted


def test_the_old_session_is_dead_after_signing_out(client, nurse):
    client.force_login(nurse, backend="medshare_portal.backends.PortalBackend")
    stolen = client.cookies.copy()
    client.post(reverse("logout"))
    client.cookies = stolen
    assert client.get("/account/profile/").status_code == 302


def test_signing_out_by_get_is_refused(client, nurse):
    client.force_login(nurse, backend="medshare_portal.backends.PortalBackend")
    assert client.get(reverse("logout")).status_code == 405
    assert get_user(client).is_authenticated


def test_a_deactivated_person_is_out_at_the_next_request(client, nurse):
    client.force_login(nurse, backend="medshare_portal.backends.PortalBackend")
    assert client.get("/account/profile/").status_code == 200
    nurse.is_active = False
    nurse.save()
    assert client.get("/account/profile/").status_code == 302


@pytest.mark.parametrize(
    ("idle", "status"), [(timedelta(minutes=29), 200), (timedelta(minutes=31), 302)]
)
def test_an_idle_session_ends_after_half_an_hour(client, nurse, idle, status):
    start = timezone.now()
    with time_machine.travel(start, tick=False) as clock:
        attempt(client, password=make.PASSWORD)
        client.get("/account/profile/")
        clock.shift(idle)
        assert client.get("/account/profile/").status_code == status


def test_a_busy_session_ends_after_twelve_hours(client, nurse):
    statuses = []
    with time_machine.travel(timezone.now(), tick=False) as clock:
        attempt(client, password=make.PASSWORD)
        for _quarter in range(49):
            statuses.append(client.get("/account/profile/").status_code)
            clock.shift(timedelta(minutes=15))
        statuses.append(client.get("/account/profile/").status_code)
    assert statuses == [200] * 49 + [302]


def test_the_fifth_wrong_password_closes_the_door_for_a_quarter_of_an_hour(client, nurse):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        assert [attempt(client).status_code for _ in range(4)] == [200] * 4
        assert attempt(client).status_code == 429
        locked = attempt(client, password=make.PASSWORD)
        assert (locked.status_code, locked["Retry-After"]) == (429, "900")
        clock.shift(timedelta(minutes=14, seconds=59))
        assert attempt(client, password=make.PASSWORD).status_code == 429
        clock.shift(timedelta(seconds=2))
        assert attempt(client, password=make.PASSWORD).status_code == 302


def test_a_right_password_forgets_the_wrong_ones(client, nurse):
    for _ in range(3):
        for _ in range(4):
            attempt(client)
        assert attempt(Client(), password=make.PASSWORD).status_code == 302


@pytest.mark.parametrize(
    "disguise",
    [
        {"HTTP_X_FORWARDED_FOR": "203.0.113.{n}"},
        {"HTTP_X_REAL_IP": "203.0.113.{n}"},
        {"HTTP_USER_AGENT": "browser {n}"},
    ],
)
def test_headers_do_not_make_another_guesser(client, nurse, disguise):
    statuses = [
        attempt(client, **{k: v.format(n=n) for k, v in disguise.items()}).status_code
        for n in range(6)
    ]
    assert statuses == [200] * 4 + [429] * 2


def test_case_width_and_blanks_do_not_make_another_name(client, nurse):
    names = ["nurse", "NURSE", " nurse ", "ｎurse", "nursE", "nurse"]
    statuses = [attempt(client, name=name).status_code for name in names]
    assert statuses == [200] * 4 + [429] * 2


def test_an_attack_from_one_address_does_not_lock_the_owner_elsewhere(client, nurse):
    for _ in range(10):
        attempt(client, REMOTE_ADDR="198.51.100.9")
    owner = attempt(client, password=make.PASSWORD, REMOTE_ADDR="192.0.2.1")
    assert owner.status_code == 302


def test_an_attack_from_many_addresses_is_stopped_but_not_the_owner_at_the_usual_desk(nurse):
    desk = {"REMOTE_ADDR": "192.0.2.1"}
    assert attempt(Client(), password=make.PASSWORD, **desk).status_code == 302
    answers = [
        attempt(Client(), REMOTE_ADDR=f"198.51.100.{n % 250}").status_code
        for n in range(TRIES_ELSEWHERE)
    ]
    assert answers == [200] * TRIES_ELSEWHERE
    assert attempt(Client(), password=make.PASSWORD, REMOTE_ADDR="203.0.113.1").status_code == 429
    assert attempt(Client(), password=make.PASSWORD, **desk).status_code == 302


def test_the_known_and_the_unknown_name_get_the_same_page(client, nurse):
    def page(name):
        answer = attempt(Client(), name=name)
        text = answer.content.decode().replace(name, "NAME")
        return answer.status_code, [line for line in text.splitlines() if "csrf" not in line]

    assert page("nurse") == page("nobody-at-all")


def test_guesses_leave_no_password_in_the_database(client, nurse):
    attempt(client, password="hunter2-hunter2")
    row = AccessAttempt.objects.get(ip_address="127.0.0.1")
    assert (row.post_data, row.get_data) == ("", "")


def test_only_our_own_proxies_are_believed(settings):
    request = RequestFactory().get(
        "/", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR="203.0.113.7, 192.0.2.8"
    )
    assert client_address(request) == "10.0.0.1"
    settings.TRUSTED_PROXIES = 1
    assert client_address(request) == "192.0.2.8"


OFF_SITE = [
    "https://evil.example/",
    "//evil.example/",
    "///evil.example/",
    "/\\evil.example/",
    "\\\\evil.example/",
    "http:evil.example",
    "javascript:alert(1)",
    "https:///evil.example",
    "/\tevil.example\n",
    "//[evil",
    "evil.example",
]


@pytest.mark.parametrize("target", OFF_SITE)
def test_next_stays_on_this_site(client, nurse, target):
    answer = client.post(SIGN_IN, {"username": "nurse", "password": make.PASSWORD, "next": target})
    assert (answer.status_code, answer["Location"]) == (302, "/")


@pytest.mark.parametrize("target", OFF_SITE)
def test_switching_the_language_stays_on_this_site(client, db, target):
    answer = client.post("/language/", {"language": "en", "next": target})
    assert (answer.status_code, answer["Location"]) == (302, "/")


def test_next_leads_to_a_page_of_this_site(client, nurse):
    answer = client.post(
        SIGN_IN, {"username": "nurse", "password": make.PASSWORD, "next": "/account/profile/?a=1"}
    )
    assert answer["Location"] == "/account/profile/?a=1"


def test_coming_failing_and_going_are_logged_without_the_password(client, nurse, caplog):
    with caplog.at_level(logging.INFO, logger="medshare.access"):
        attempt(client, password="secret-guess")
        attempt(client, password=make.PASSWORD)
        client.post(reverse("logout"))
    lines = [r.getMessage() for r in caplog.records if r.name == "medshare.access"]
    assert [line.split()[0] for line in lines] == ["sign-in-failed", "signed-in", "signed-out"]
    assert all("name='nurse' address='127.0.0.1'" in line for line in lines)
    assert "secret-guess" not in caplog.text
    assert make.PASSWORD not in caplog.text


def test_a_line_break_in_a_name_does_not_split_the_log_line(client, db, caplog):
    with caplog.at_level(logging.INFO, logger="medshare.access"):
        attempt(client, name="x\r\nsigned-in name='admin'")
    [record] = [r for r in caplog.records if r.name == "medshare.access"]
    assert "\n" not in OneLineFormatter("{message}", style="{").format(record)


def guess(portal, number):
    visitor = portal.visitor()
    fields = {"username": "nurse", "password": f"wrong-{number}"}
    return visitor.post(SIGN_IN, fields).status


def test_fifty_guesses_at_once_get_at_most_five_answers(portal):
    make.user("nurse", at=make.institution("renhe"), role="coordinator")
    with ThreadPoolExecutor(16) as pool:
        statuses = list(pool.map(lambda n: guess(portal, n), range(50)))
    assert set(statuses) <= {200, 429}
    assert statuses.count(200) <= 5
    visitor = portal.visitor()
    fields = {"username": "nurse", "password": make.PASSWORD}
    assert visitor.post(SIGN_IN, fields).status == 429


def test_a_known_name_takes_as_long_as_an_unknown_one(portal):
    for number in range(30):
        make.user(f"known{number}")

    visitor, spans = portal.visitor(), {"known": [], "other": []}
    for number in range(30):
        for stem, measured in spans.items():
            began = time.perf_counter()
            visitor.post(SIGN_IN, {"username": f"{stem}{number}", "password": "wrong-guess"})
            measured.append(time.perf_counter() - began)
    medians = [sorted(measured)[15] for measured in spans.values()]
    assert abs(medians[0] - medians[1]) < 0.020
