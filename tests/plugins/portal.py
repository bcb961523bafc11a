"""`portal`: a real server with two workers and a database of its own, for one test.

The test's ORM is connected to that database too; what it saves is committed at once. A test
that uses it must not also use `db`.
"""

import os
import subprocess
import sys
import urllib.parse

import pytest
from django.conf import settings

from tests.plugins.copies import connected_to
from tests.plugins.databases import DATABASE_FIXTURES
from tests.plugins.server import ROOT, Portal

LOG_SHOWN = 20_000  # characters


@pytest.fixture(scope="session")
def portal_environment(tmp_path_factory):
    """What the server's processes share: production settings, quick passwords, static files."""
    var = tmp_path_factory.mktemp("portal-var")
    environment = {
        **{name: value for name, value in os.environ.items() if name not in {"HTTPS", "DEBUG"}},
        "DJANGO_SETTINGS_MODULE": "tests.settings_portal",
        "MEDSHARE_DEMO": "1",
        "MEDSHARE_VAR": str(var),
        "MEDIA_ROOT": str(settings.MEDIA_ROOT),
        "SECRET_KEY": settings.SECRET_KEY,
        "ALLOWED_HOSTS": "127.0.0.1,localhost",
        "LOG_LEVEL": "WARNING",
        "PYTHONUNBUFFERED": "1",
    }
    _manage(environment, "collectstatic", "--no-input", "--verbosity", "0")
    return environment


@pytest.fixture(scope="session")
def migrate(portal_environment):
    """A function that migrates the database of a URL, as an operator does."""

    def migrate(url):
        environment = portal_environment | {"DATABASE_URL": url}
        _manage(environment, "migrate", "--no-input", "--verbosity", "0")

    return migrate


def _manage(environment, *arguments):
    subprocess.run([sys.executable, "manage.py", *arguments], cwd=ROOT, env=environment, check=True)


@pytest.fixture
def portal_database(request, database_copies, django_db_blocker):
    """A committed, migrated database of the test's own; yields its URL."""
    if mixed := DATABASE_FIXTURES & set(request.fixturenames):
        pytest.fail(f"a test with a portal has its own database: drop {', '.join(mixed)}")
    url, name = database_copies.make()
    with django_db_blocker.unblock(), connected_to(name):
        yield url
    database_copies.remove(name)


@pytest.fixture
def idle_portal(portal_environment, portal_database, tmp_path):
    """A portal that the test starts itself, e.g. with other numbers of workers and threads."""
    mail = tmp_path / "mail"
    mail.mkdir()
    environment = portal_environment | {
        "DATABASE_URL": portal_database,
        "EMAIL_URL": f"filemail:///{urllib.parse.quote(str(mail))}",
    }
    portal = Portal(environment, tmp_path)
    try:
        yield portal
    finally:
        portal.stop()
    print(portal.log[-LOG_SHOWN:])  # pytest shows it where the test failed
    if not portal.may_log_errors and (lines := portal.alarming_lines()):
        pytest.fail("unexpected in the server's log:\n" + "\n".join(lines), pytrace=False)


@pytest.fixture
def portal(idle_portal):
    return idle_portal.start()
