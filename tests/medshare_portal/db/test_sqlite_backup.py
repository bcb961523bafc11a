"""A backup is whole or refused; a plain copy of a busy file is not whole."""

import shutil
import sqlite3
import stat
from contextlib import closing
from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command

from medshare_portal.db import sqlite_backup
from medshare_portal.db.sqlite_backup import NotWhole, make_backup, restore_backup, verify_backup

NOW = datetime(2026, 11, 23, 1, 12, tzinfo=UTC)


@pytest.fixture
def live(tmp_path):
    """A database as the portal's, with a chain of three events; the connection stays open."""
    path = tmp_path / "live.sqlite3"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(
            "CREATE TABLE medshare_portal_auditchain (name TEXT, length INTEGER, head_hash TEXT)"
        )
        connection.execute("INSERT INTO medshare_portal_auditchain VALUES ('renhe', 3, 'abc')")
        connection.execute("CREATE TABLE booking (id INTEGER PRIMARY KEY)")
        connection.execute("INSERT INTO booking VALUES (1), (2)")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        yield path, connection


def test_a_backup_holds_what_was_committed_and_verifies(live, tmp_path):
    path, connection = live
    connection.execute("INSERT INTO booking VALUES (3)")
    made = make_backup(path, tmp_path / "copy", now=NOW)

    assert made.rows == {"booking": 3, "medshare_portal_auditchain": 1}
    assert made.audit_heads == {"renhe": (3, "abc")}
    assert verify_backup(tmp_path / "copy") == made


def test_a_plain_copy_lacks_committed_rows_and_is_refused(live, tmp_path):
    """The reason why the command exists: the copy passes SQLite's own integrity check."""
    path, connection = live
    connection.execute("INSERT INTO booking VALUES (3), (4)")
    connection.execute("UPDATE medshare_portal_auditchain SET length = 4, head_hash = 'def'")
    make_backup(path, tmp_path / "copy", now=NOW)
    shutil.copyfile(path, tmp_path / "copy")

    with closing(sqlite3.connect(tmp_path / "copy")) as copy:
        assert copy.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    with pytest.raises(NotWhole) as refused:
        verify_backup(tmp_path / "copy")
    assert refused.value.args == (
        "booking has 2 rows, the manifest says 4",
        "the head of audit chain renhe differs",
    )


def test_a_changed_file_is_refused_even_with_equal_counts(live, tmp_path):
    make_backup(live[0], tmp_path / "copy", now=NOW)
    with closing(sqlite3.connect(tmp_path / "copy")) as copy:
        copy.execute("UPDATE booking SET id = 9 WHERE id = 2")
        copy.commit()

    with pytest.raises(NotWhole, match="changed after it was made"):
        verify_backup(tmp_path / "copy")


def test_a_damaged_file_is_refused(live, tmp_path):
    make_backup(live[0], tmp_path / "copy", now=NOW)
    content = bytearray((tmp_path / "copy").read_bytes())
    content[4096:4200] = b"\xff" * 104
    (tmp_path / "copy").write_bytes(content)

    with pytest.raises((NotWhole, sqlite3.DatabaseError)):
        verify_backup(tmp_path / "copy")


def test_a_backup_without_its_manifest_is_refused(live, tmp_path):
    make_backup(live[0], tmp_path / "copy", now=NOW)
    sqlite_backup.manifest_path(tmp_path / "copy").unlink()

    with pytest.raises(NotWhole, match="missing"):
        verify_backup(tmp_path / "copy")


def test_restoring_brings_back_exactly_what_was_saved(live, tmp_path):
    path, connection = live
    make_backup(path, tmp_path / "copy", now=NOW)
    connection.execute("DELETE FROM booking")
    restore_backup(tmp_path / "copy", path)

    assert connection.execute("SELECT id FROM booking ORDER BY id").fetchall() == [(1,), (2,)]


def test_restoring_a_bad_backup_leaves_the_database_as_it_was(live, tmp_path):
    path, connection = live
    make_backup(path, tmp_path / "copy", now=NOW)
    with closing(sqlite3.connect(tmp_path / "copy")) as copy:
        copy.execute("DELETE FROM booking")
        copy.commit()

    with pytest.raises(NotWhole):
        restore_backup(tmp_path / "copy", path)
    assert connection.execute("SELECT COUNT(*) FROM booking").fetchone() == (2,)


def test_a_backup_is_the_owners_alone(live, tmp_path):
    make_backup(live[0], tmp_path / "copy", now=NOW)

    for name in ("copy", "copy.json"):
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600


@pytest.mark.postgresql
@pytest.mark.django_db
@pytest.mark.parametrize("command", ["backup", "restore"])
def test_on_postgresql_the_commands_say_what_to_use(command, tmp_path):
    with pytest.raises(CommandError, match="pg_dump"):
        call_command(command, str(tmp_path / "copy"))
