"""The city's people need a code beside the password; without it no page of theirs opens."""

import re
from binascii import unhexlify
from time import time

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from medshare_portal import second_factor
from medshare_portal.actions import second_factor as actions
from medshare_portal.actions.second_factor import enrol
from medshare_portal.models import AuditEvent
from medshare_portal.roles import Role
from tests import make
from tests.make.people import PASSWORD

pytestmark = pytest.mark.django_db
CITY = "/city/"
STEP = 30


@pytest.fixture(autouse=True)
def as_in_production(settings):
    settings.SECOND_FACTOR = True


@pytest.fixture
def official():
    return make.city_user()


def code_now(key: str, steps: int = 0) -> str:
    totp = TOTP(unhexlify(key))
    totp.time = time() + steps * STEP
    return f"{totp.token():06d}"


def enrolled(user) -> tuple[str, list[str]]:
    """(key, recovery codes) of a person whose app was set a while ago."""
    secret = second_factor.offered_secret(user)
    key = second_factor.key_of(secret, user)
    codes = enrol(user=user, secret=secret, code=code_now(key), now=timezone.now())
    TOTPDevice.objects.filter(user=user).update(last_t=0)
    return key, codes


def sign_in(client, user, **kwargs):
    return client.post(
        reverse("login"), {"username": user.username, "password": PASSWORD}, **kwargs
    )


def set_form(client) -> dict:
    page = client.get(reverse("second-factor-set")).text
    return {
        "secret": re.search(r'name="secret" value="([^"]+)"', page)[1],
        "idempotency_key": re.search(r'name="idempotency_key" value="([^"]+)"', page)[1],
    }


def give(client, code):
    return client.post(reverse("second-factor"), {"code": code})


def test_an_official_without_one_is_led_to_set_it_and_then_works(client, official):
    sign_in(client, official)
    answer = client.get(CITY)
    assert answer.status_code == 302
    assert answer.url.startswith(reverse("second-factor-set"))
    form = set_form(client)
    key = second_factor.key_of(form["secret"], official)
    answer = client.post(reverse("second-factor-set"), form | {"code": code_now(key)})
    assert answer.url == reverse("recovery-codes")
    page = client.get(answer.url).text
    shown = re.findall(r"<code>([a-z0-9]+)</code>", page)
    assert sorted(shown) == sorted(StaticToken.objects.values_list("token", flat=True))
    assert len(shown) == 8
    assert client.post(reverse("recovery-codes")).status_code == 302
    assert client.get(reverse("recovery-codes")).status_code == 302
    assert client.get(CITY).status_code == 200
    stored = AuditEvent.objects.everywhere(reason="test").filter(action="account.second_factor_set")
    assert stored.count() == 1


def test_a_wrong_first_code_stores_nothing_and_says_why(client, official):
    sign_in(client, official)
    form = set_form(client)
    key = second_factor.key_of(form["secret"], official)
    wrong = f"{(int(code_now(key)) + 1) % 1000000:06d}"
    answer = client.post(reverse("second-factor-set"), form | {"code": wrong})
    assert answer.status_code == 422
    assert "The code is not right" in answer.text
    assert form["secret"] in answer.text
    assert not TOTPDevice.objects.exists()


def test_another_persons_secret_is_refused(client, official):
    sign_in(client, official)
    other = make.city_user("analyst.city", Role.CITY_OFFICIAL)
    form = set_form(client) | {"secret": second_factor.offered_secret(other)}
    key = second_factor.key_of(form["secret"], other)
    answer = client.post(reverse("second-factor-set"), form | {"code": code_now(key)})
    assert answer.status_code == 422
    assert not TOTPDevice.objects.exists()


def test_with_one_the_password_alone_opens_nothing(client, official):
    key, _codes = enrolled(official)
    sign_in(client, official)
    for address in (CITY, "/", reverse("profile"), reverse("recovery-codes")):
        answer = client.get(address)
        assert (answer.status_code, answer.url.split("?")[0]) == (302, reverse("second-factor"))
    before = type(official).objects.get(pk=official.pk).full_name
    answer = client.post(reverse("profile"), {"full_name": "Someone Else"})
    assert answer.status_code == 302
    assert type(official).objects.get(pk=official.pk).full_name == before
    assert give(client, code_now(key)).url == "/"
    assert client.get(CITY).status_code == 200


def test_a_code_serves_once(client, official):
    key, _codes = enrolled(official)
    code = code_now(key)
    sign_in(client, official)
    assert give(client, code).status_code == 302
    client.post(reverse("logout"))
    sign_in(client, official)
    assert give(client, code).status_code == 422
    assert client.get(CITY).status_code == 302


def test_wrong_codes_make_one_wait_even_with_the_right_one(client, official):
    key, _codes = enrolled(official)
    sign_in(client, official)
    wrong = f"{(int(code_now(key)) + 1) % 1000000:06d}"
    assert give(client, wrong).status_code == 422
    answer = give(client, code_now(key))
    assert answer.status_code == 429
    assert "Wait" in answer.text
    assert client.get(CITY).status_code == 302


def test_a_recovery_code_serves_once_and_is_audited(client, official):
    _key, codes = enrolled(official)
    sign_in(client, official)
    assert give(client, codes[0].upper()).status_code == 302
    assert client.get(CITY).status_code == 200
    client.post(reverse("logout"))
    sign_in(client, official)
    assert give(client, codes[0]).status_code == 422
    used = AuditEvent.objects.everywhere(reason="test").filter(action="account.recovery_code_used")
    assert used.count() == 1


def test_after_the_code_the_person_comes_where_it_wanted_to_go(client, official):
    key, _codes = enrolled(official)
    sign_in(client, official)
    asked = client.get(f"{CITY}?period=month")
    answer = client.post(asked.url, {"code": code_now(key)})
    assert answer.url == f"{CITY}?period=month"
    client.post(reverse("logout"))
    TOTPDevice.objects.update(last_t=0)
    sign_in(client, official)
    answer = client.post(
        reverse("second-factor") + "?next=https://evil.example/", {"code": code_now(key)}
    )
    assert answer.url == "/"


def test_hospital_staff_may_have_one_and_switch_it_off_by_password(client):
    hospital = make.institution("renhe")
    person = make.user(at=hospital, role="coordinator")
    sign_in(client, person)
    home = reverse("reports:home", args=[hospital.slug])
    assert client.get(home).status_code == 200
    key, _codes = enrolled(person)
    client.post(reverse("logout"))
    sign_in(client, person)
    assert client.get(home).status_code == 302
    give(client, code_now(key))
    assert client.get(home).status_code == 200
    off = reverse("second-factor-off")
    assert client.post(off, {"password": "wrong", "idempotency_key": "k" * 20}).status_code == 422
    assert client.post(off, {"password": PASSWORD, "idempotency_key": "l" * 20}).status_code == 302
    assert not TOTPDevice.objects.exists()
    assert client.get(home).status_code == 200


def test_the_citys_people_cannot_switch_it_off(client, official):
    key, _codes = enrolled(official)
    sign_in(client, official)
    give(client, code_now(key))
    fields = {"password": PASSWORD, "idempotency_key": "m" * 20}
    assert client.post(reverse("second-factor-off"), fields).status_code == 403
    assert TOTPDevice.objects.count() == 1


def test_a_role_for_the_city_given_later_asks_for_it_at_once(client):
    person = make.user(at=make.institution("renhe"), role="coordinator")
    sign_in(client, person)
    make.grant(person, Role.CITY_OFFICIAL)
    answer = client.get(CITY)
    assert (answer.status_code, answer.url.split("?")[0]) == (302, reverse("second-factor-set"))


def test_the_registry_administrator_takes_a_lost_one_away_but_reads_no_secret(client, official):
    enrolled(official)
    admin = make.city_user("admin", Role.REGISTRY_ADMIN)
    admin_key, _codes = enrolled(admin)
    sign_in(client, admin)
    assert client.get("/admin/").status_code == 302
    give(client, code_now(admin_key))
    page = client.get("/admin/")
    assert page.status_code == 200
    assert "otp_totp" not in page.text
    assert client.get("/admin/otp_totp/totpdevice/").status_code == 404
    client.post(
        reverse("admin:medshare_portal_user_changelist"),
        {"action": "remove_second_factor", "_selected_action": [official.pk]},
    )
    assert list(TOTPDevice.objects.values_list("user", flat=True)) == [admin.pk]


def test_the_command_takes_it_away_where_nobody_can_sign_in(official):
    enrolled(official)
    call_command("forget_second_factor", official.username)
    assert not second_factor.is_set(official)
    event = AuditEvent.objects.everywhere(reason="test").order_by("-pk").first()
    assert (event.action, event.actor_name) == ("account.second_factor_removed", "system")


def test_the_demo_asks_for_none(client, official, settings):
    settings.SECOND_FACTOR = False
    sign_in(client, official)
    assert client.get(CITY).status_code == 200


def test_codes_of_the_app_never_shut_the_recovery_codes(official):
    key, codes = enrolled(official)
    for _sign_in in range(12):
        TOTPDevice.objects.filter(user=official).update(last_t=0)
        assert actions.accepts(user=official, code=code_now(key), now=timezone.now())
    assert second_factor.seconds_to_wait(official, codes[0]) == 0
    assert actions.accepts(user=official, code=codes[0], now=timezone.now())


def test_a_session_from_before_cannot_put_its_own_in_place(client, official, settings):
    settings.SECOND_FACTOR = False
    sign_in(client, official)
    settings.SECOND_FACTOR = True
    form = set_form(client)
    secret = second_factor.offered_secret(official)
    key = second_factor.key_of(secret, official)
    code = code_now(key)
    session = client.session.session_key
    enrol(user=official, secret=secret, code=code, session=session, now=timezone.now())
    stored = TOTPDevice.objects.get()
    mine = second_factor.key_of(form["secret"], official)
    answer = client.post(
        reverse("second-factor-set"), form | {"code": code_now(mine), "password": PASSWORD}
    )
    assert (answer.status_code, answer.url) == (302, reverse("second-factor"))
    assert TOTPDevice.objects.get() == stored
    assert client.get(CITY).url.split("?")[0] == reverse("second-factor")
    assert client.get(reverse("second-factor")).status_code == 200


def test_setting_one_ends_the_other_sessions(client, official):
    elsewhere = Client()
    sign_in(elsewhere, official)
    sign_in(client, official)
    form = set_form(client)
    key = second_factor.key_of(form["secret"], official)
    client.post(reverse("second-factor-set"), form | {"code": code_now(key)})
    assert client.get(CITY).status_code == 200
    assert elsewhere.get(reverse("profile")).url.startswith(reverse("login"))


def test_another_one_in_its_place_needs_the_password(client, official):
    key, _codes = enrolled(official)
    sign_in(client, official)
    give(client, code_now(key))
    stored = TOTPDevice.objects.get()
    form = set_form(client)
    mine = second_factor.key_of(form["secret"], official)
    for password, status in (("", 422), ("wrong", 422), (PASSWORD, 302)):
        fields = form | {"code": code_now(mine), "password": password}
        fields["idempotency_key"] = f"{password:x<20}"
        assert client.post(reverse("second-factor-set"), fields).status_code == status
    assert TOTPDevice.objects.get() != stored
