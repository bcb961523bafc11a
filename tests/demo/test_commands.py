"""seed_demo and demo_accounts: once, on this machine, with one password."""

import stat

import pytest
from django.conf import settings as live_settings
from django.core.management import CommandError, call_command

from demo import password
from medshare_portal.models import Institution, User
from tests.demo.conftest import TODAY

pytestmark = pytest.mark.django_db


@pytest.mark.once
def test_seeding_twice_is_refused_and_changes_nothing(var):
    call_command("seed_demo", *TODAY)
    with pytest.raises(CommandError, match="institutions already"):
        call_command("seed_demo", *TODAY)

    assert Institution.unscoped.count() == 12


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("DEMO", False, "MEDSHARE_DEMO is off"),
        ("ALLOWED_HOSTS", ["share.city.example"], "share.city.example"),
        ("ALLOWED_HOSTS", ["*"], "not this machine"),
        ("PORTAL_URL", "https://share.city.example", "share.city.example"),
        ("HTTPS", True, "HTTPS is on"),
    ],
)
def test_seeding_is_refused_where_it_could_be_production(var, settings, name, value, reason):
    settings.HTTPS = False
    setattr(settings, name, value)

    for command in ("seed_demo", "demo_accounts"):
        with pytest.raises(CommandError, match=reason):
            call_command(command)
    assert not User.objects.exists()
    assert not password.path().exists()


def test_flushing_is_refused_in_production_before_anything_is_removed(var, settings):
    User.objects.create_user("somebody")
    settings.ALLOWED_HOSTS = ["share.city.example"]

    with pytest.raises(CommandError):
        call_command("seed_demo", "--flush")
    assert User.objects.filter(username="somebody").exists()


def test_the_password_is_made_once_and_is_the_owners_alone(var):
    made = password.read_or_make()

    assert password.read_or_make() == made
    assert len(made) >= 20
    assert stat.S_IMODE(password.path().stat().st_mode) == 0o600


def test_two_installations_have_different_passwords(settings, tmp_path):
    settings.VAR_DIR = tmp_path / "one"
    one = password.read_or_make()
    settings.VAR_DIR = tmp_path / "other"

    assert password.read_or_make() != one


@pytest.mark.once
def test_the_printed_password_opens_every_announced_account(var, capsys):
    call_command("seed_demo", *TODAY)
    call_command("demo_accounts")
    printed = capsys.readouterr().out
    known = password.read()

    assert known in printed
    for username in ("coordinator.renhe", "viewer.beihe", "coordinator.both", "official.city"):
        assert username.partition(".")[0] in printed
        assert User.objects.get(username=username).check_password(known)
    admin = User.objects.get(username="admin")
    assert (admin.is_superuser, admin.check_password(known)) == (True, True)


def test_accounts_are_not_listed_before_there_is_a_city(var):
    with pytest.raises(CommandError, match="no demo city"):
        call_command("demo_accounts")


def test_the_app_is_installed_only_for_a_demo():
    assert ("demo" in live_settings.INSTALLED_APPS) == live_settings.DEMO


@pytest.mark.once
def test_canaries_are_planted_on_request(var):
    call_command("seed_demo", *TODAY, "--canaries")

    assert User.objects.filter(username="coordinator.canary-a").exists()
