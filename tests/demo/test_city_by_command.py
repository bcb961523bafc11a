"""What `seed_demo --canaries` leaves behind: one city, and accounts with the printed password."""

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

from demo import password
from medshare_portal.models import Institution, User
from tests.demo.conftest import TODAY
from tests.plugins.copies import connected_to

pytestmark = pytest.mark.once


@pytest.fixture(scope="module")
def by_command(database_copies, django_db_blocker, tmp_path_factory):
    """A database of this module's own, so that the command commits as it does on a machine."""
    _url, name = database_copies.make()
    folder = tmp_path_factory.mktemp("var")
    var = override_settings(VAR_DIR=folder, MEDIA_ROOT=folder / "media")
    with django_db_blocker.unblock(), connected_to(name), var:
        call_command("seed_demo", *TODAY, "--canaries")
        yield
    database_copies.remove(name)


def test_seeding_twice_is_refused_and_changes_nothing(by_command):
    with pytest.raises(CommandError, match="institutions already"):
        call_command("seed_demo", *TODAY)

    assert Institution.unscoped.exclude(slug__startswith="canary").count() == 12


def test_canaries_are_planted_on_request(by_command):
    assert User.objects.filter(username="coordinator.canary-a").exists()


def test_the_printed_password_opens_every_announced_account(by_command, capsys):
    call_command("demo_accounts")
    printed = capsys.readouterr().out
    known = password.read()

    assert known in printed
    for username in ("coordinator.renhe", "viewer.beihe", "coordinator.both", "official.city"):
        assert username.partition(".")[0] in printed
        assert User.objects.get(username=username).check_password(known)
    admin = User.objects.get(username="admin")
    assert (admin.is_superuser, admin.check_password(known)) == (True, True)
