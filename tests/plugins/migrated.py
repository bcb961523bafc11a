"""One migrated database for a whole `make test`: migrating takes twelve seconds of a processor.

MEDSHARE_MIGRATED names the folder that keeps it between the runs of pytest (on PostgreSQL: the
note that the server has it). Without it each run migrates for itself.
"""

import contextlib
import fcntl
import os
import sqlite3
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections

from tests.plugins.copies import PostgresqlCopies, SqliteCopies


def shared_folder():
    folder = os.environ.get("MEDSHARE_MIGRATED")
    return Path(folder) if folder else None


def on_postgresql():
    return settings.DATABASES["default"]["ENGINE"].endswith("postgresql")


@contextlib.contextmanager
def once(note):
    """Yields whether it is still to be done; others wait meanwhile, and find it done."""
    with note.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield not note.exists()
        note.touch()


@pytest.fixture(scope="session")
def database_copies(tmp_path_factory, migrate):
    """Copies of the migrated database, one for each test with a portal."""
    shared = shared_folder()
    if on_postgresql():
        name = "portal_template" if shared else f"portal_template_{os.getpid()}"
        copies = PostgresqlCopies(os.environ["DATABASE_URL"], name)
    else:
        copies = SqliteCopies(tmp_path_factory.mktemp("databases"), shared)
    if shared:
        with once(shared / ("postgresql" if on_postgresql() else "sqlite")) as first:
            if first:
                _make(copies, migrate)
        yield copies
    else:
        _make(copies, migrate)
        yield copies
        copies.close()


def _make(copies, migrate):
    copies.create_template()
    migrate(copies.template_url)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(request, django_db_modify_db_settings_parallel_suffix):
    """pytest-django's: the suite's own database comes from the migrated one too."""
    if not shared_folder():
        return
    test = connections["default"].settings_dict["TEST"]
    test["MIGRATE"] = False
    copies = request.getfixturevalue("database_copies")
    if on_postgresql():
        test["TEMPLATE"] = copies.template


@pytest.fixture(scope="session")
def django_db_setup(request, django_db_setup, django_db_blocker):
    if not shared_folder() or on_postgresql():
        return
    copies = request.getfixturevalue("database_copies")
    with django_db_blocker.unblock(), sqlite3.connect(copies.template) as migrated:
        connections["default"].ensure_connection()
        migrated.backup(connections["default"].connection)
    migrated.close()
