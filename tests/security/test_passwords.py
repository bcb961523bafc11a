"""Passwords and their reset (trust.md 17, 23 – 27, 30, 31)."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings as project_settings
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from medshare_portal import mailing
from medshare_portal.models import Notification, User
from tests import make

BACKEND = "medshare_portal.backends.PortalBackend"
NEW = "another-horse-battery"


@pytest.fixture
def nurse(db):
    return make.user("nurse", at=make.institution("renhe"), role="coordinator")


def change(client, old=make.PASSWORD, new=NEW):
    fields = {"old_password": old, "new_password1": new, "new_password2": new}
    return client.post("/account/password/", fields)


def test_changing_the_password_ends_the_other_sessions(client, nurse):
    other = Client()
    for browser in (client, other):
        browser.force_login(nurse, backend=BACKEND)
    assert change(client)["Location"] == "/account/password/done/"
    assert client.get("/account/profile/").status_code == 200
    assert other.get("/account/profile/").status_code == 302


def test_changing_the_password_needs_the_old_one(client, nurse):
    client.force_login(nurse, backend=BACKEND)
    assert change(client, old="not-the-old-one").status_code == 200
    nurse.refresh_from_db()
    assert nurse.check_password(make.PASSWORD)


@pytest.mark.parametrize(
    "password", ["short-pass1", "q1w2e3r4t5y6", "QWERTY123456", "nurse@example.org"]
)
def test_weak_passwords_are_refused(client, nurse, password):
    client.force_login(nurse, backend=BACKEND)
    change(client, new=password)
    nurse.refresh_from_db()
    assert nurse.check_password(make.PASSWORD)


def test_a_long_password_counts_to_its_last_letter(client, nurse):
    client.force_login(nurse, backend=BACKEND)
    long = "呼吸机 " * 40
    assert change(client, new=long + "x").status_code == 302
    nurse.refresh_from_db()
    assert nurse.check_password(long + "x")
    assert not nurse.check_password(long + "y")


def test_the_slow_hasher_is_the_default_outside_tests():
    from medshare_portal import settings as production  # noqa: PLC0415

    assert production.PASSWORD_HASHERS[0].endswith("Argon2PasswordHasher")


def test_a_fresh_database_holds_no_account(db):
    assert User.objects.count() == 0


def ask(client, address, **headers):
    return client.post("/account/reset/", {"email": address}, **headers)


def link_of(message):
    return re.search(r"http://\S+/account/reset/\S+", message.body).group()


def reset(client, link, new=NEW):
    """Follow the link of an e-mail as a browser does, and set the password."""
    form = client.get(link.removeprefix(project_settings.PORTAL_URL), follow=True)
    fields = {"new_password1": new, "new_password2": new}
    return client.post(form.redirect_chain[-1][0], fields) if form.redirect_chain else form


def assert_refused(answer):
    assert answer.status_code == 200
    assert "new_password1" not in answer.content.decode()


def test_a_reset_link_works_once(client, nurse):
    ask(client, "nurse@example.org")
    assert mailing.send_waiting(now=timezone.now()) == 1
    [message] = mail.outbox
    assert reset(client, link_of(message))["Location"] == "/account/reset/done/"
    nurse.refresh_from_db()
    assert nurse.check_password(NEW)
    again = reset(Client(), link_of(message), new="a-third-horse-battery")
    assert_refused(again)


def test_a_reset_link_dies_after_an_hour(client, nurse):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        ask(client, "nurse@example.org")
        mailing.send_waiting(now=timezone.now())
        clock.shift(timedelta(minutes=61))
        answer = reset(client, link_of(mail.outbox[0]))
    assert_refused(answer)


def test_a_reset_link_dies_when_the_password_is_changed(client, nurse):
    ask(client, "nurse@example.org")
    mailing.send_waiting(now=timezone.now())
    nurse.set_password("changed-in-between-1")
    nurse.save()
    answer = reset(client, link_of(mail.outbox[0]))
    assert_refused(answer)


def test_a_reset_link_leads_to_the_configured_host_only(client, nurse, settings):
    settings.ALLOWED_HOSTS = ["*"]
    ask(client, "nurse@example.org", HTTP_HOST="evil.example", HTTP_X_FORWARDED_HOST="evil.example")
    mailing.send_waiting(now=timezone.now())
    [message] = mail.outbox
    assert link_of(message).startswith(settings.PORTAL_URL + "/account/reset/")
    assert "evil.example" not in message.message().as_string()


def test_known_and_unknown_addresses_get_the_same_answer(client, nurse):
    known, unknown = ask(client, "nurse@example.org"), ask(client, "nobody@example.org")
    assert known.status_code == unknown.status_code == 302
    assert known["Location"] == unknown["Location"] == reverse("password_reset_done")
    assert Notification.unscoped.count() == 1


def test_asking_twice_within_minutes_sends_one_message(client, nurse):
    with time_machine.travel(timezone.now().replace(minute=1), tick=False):
        ask(client, "nurse@example.org")
        ask(client, "nurse@example.org")
    assert Notification.unscoped.filter(user=nurse).count() == 1


def test_the_list_of_notifications_never_shows_the_link(client, nurse):
    ask(client, "nurse@example.org")
    client.force_login(nurse, backend=BACKEND)
    page = client.get("/account/notifications/").content.decode()
    assert "Set a new password" in page
    assert "/account/reset/" not in page


def test_an_account_without_a_password_gets_no_link(client, nurse):
    nurse.is_active = False
    nurse.save()
    ask(client, "nurse@example.org")
    assert not Notification.unscoped.exists()
