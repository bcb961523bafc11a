"""Settings and databases that would make a promise untrue are refused at start."""

import os
import subprocess
import sys

import pytest
from django.conf import settings as project_settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, transaction

from medshare_portal import checks


def ids(problems):
    return [problem.id for problem in problems]


def test_the_tests_own_settings_pass():
    assert checks.secret_key(None) + checks.policy_pack(None) + checks.demo_only_at_home(None) == []


@pytest.mark.parametrize("key", ["", "short", "x" * 60])
def test_a_guessable_key_is_an_error(settings, key):
    settings.SECRET_KEY = key
    assert ids(checks.secret_key(None)) == ["medshare.E001"]


@pytest.mark.parametrize(
    "change",
    [
        {"HTTPS": True},
        {"ALLOWED_HOSTS": ["localhost", "share.example.org"]},
        {"ALLOWED_HOSTS": ["*"]},
        {"PORTAL_URL": "https://share.example.org"},
    ],
)
def test_the_demo_never_meets_a_production_configuration(settings, change):
    settings.DEMO, settings.HTTPS = True, False
    settings.ALLOWED_HOSTS, settings.PORTAL_URL = ["127.0.0.1", "[::1]"], "http://127.0.0.1:8000"
    assert checks.demo_only_at_home(None) == []
    for name, value in change.items():
        setattr(settings, name, value)
    assert ids(checks.demo_only_at_home(None)) == ["medshare.E002"]


def test_an_unknown_policy_pack_is_an_error(settings):
    settings.POLICY_PACK = "XX"
    assert ids(checks.policy_pack(None)) == ["medshare.E003"]


def test_the_database_of_the_tests_keeps_its_promises(db):
    assert checks.problems_of(connection) == []


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("pragma", "word"),
    [
        ("PRAGMA mmap_size=1048576", "mmap_size"),
        ("PRAGMA synchronous=NORMAL", "synchronous"),
    ],
)
def test_a_careless_sqlite_is_named(tmp_path, pragma, word):
    lines = f"""
import os, sqlite3
os.environ["DATABASE_URL"] = "sqlite:///{tmp_path}/x.sqlite3"
import django
django.setup()
from django.db import connection
from medshare_portal import checks
with connection.cursor() as cursor:
    cursor.execute("{pragma}")
print(checks.problems_of(connection))
"""
    assert word in run_python(lines)


@pytest.mark.postgresql
def test_a_postgresql_that_answers_before_the_disk_is_named_outside_the_demo(db, settings):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")
    assert checks.problems_of(connection) == []
    settings.DEMO = False
    problem = "PostgreSQL says synchronous_commit = off; it must be on."
    assert problem in checks.problems_of(connection)


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_a_postgresql_that_isolates_more_is_named():
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        assert checks.problems_of(connection) == [
            "PostgreSQL says transaction_isolation = repeatable read; it must be read committed."
        ]


def test_problems_stop_the_start():
    with pytest.raises(ImproperlyConfigured, match="both"):
        checks.refuse(["one", "both"])


def run_python(lines):
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "medshare_portal.settings_test",
        "SECRET_KEY": project_settings.SECRET_KEY,
    }
    done = subprocess.run(
        [sys.executable, "-c", lines],
        cwd=project_settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr


PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "medshare_portal.settings",
    "SECRET_KEY": "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "ALLOWED_HOSTS": "share.example.org",
    "PORTAL_URL": "https://share.example.org",
    "MEDSHARE_DEMO": "0",
    "DEBUG": "0",
    "HTTPS": "1",
}


def manage(tmp_path, *arguments, **changes):
    environment = os.environ | PRODUCTION | {"MEDSHARE_VAR": str(tmp_path)} | changes
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=project_settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_deploy_check_is_clean_in_production(tmp_path):
    done = manage(tmp_path, "check", "--deploy", "--fail-level", "WARNING")
    assert (done.returncode, done.stdout.splitlines()[-1:]) == (
        0,
        ["System check identified no issues (0 silenced)."],
    ), done.stderr


def test_a_demo_in_production_does_not_pass_the_check(tmp_path):
    done = manage(tmp_path, "check", MEDSHARE_DEMO="1")
    assert done.returncode == 1
    assert "medshare.E002" in done.stderr
