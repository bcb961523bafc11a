"""Connection settings for the two databases, as measured in the trust notes.

SQLite: IMMEDIATE transactions (a deferred one that reads before it writes fails at once when
another writer was faster), FULL synchronisation, no memory map, and the write-ahead log only on
a SQLite without the WAL-reset fault.  PostgreSQL: READ COMMITTED only – a row lock taken under a
snapshot that is older than the lock protects nothing.
``trusted_schema=OFF`` cannot be set: Django checks JSON columns with ``JSON_VALID``, which it
forbids.
"""

import sqlite3
from pathlib import Path

REPLICA = "replica"  # the alias, beside "default"
PREPARE_AFTER = 1  # runs on a connection before PostgreSQL keeps a statement's plan
WAL_FIXED_IN = (3, 51, 3)
SQLITE_PRAGMAS = (
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA mmap_size=0",
    "PRAGMA journal_size_limit=67108864",
)
# No statement of a page runs so long that compiling it (20 ms and more) would pay.
SERVER_OPTIONS = "-c lock_timeout=3000 -c jit=off -c default_transaction_isolation=read\\ committed"


def journal_mode(version=sqlite3.sqlite_version_info) -> str:
    """WAL where it is safe, else the rollback journal."""
    return "WAL" if version >= WAL_FIXED_IN else "DELETE"


def database_settings(parsed: dict, *, keep_seconds: int) -> dict:
    """Django's settings for a parsed DATABASE_URL."""
    if parsed["ENGINE"] == "django.db.backends.sqlite3":
        return parsed | _sqlite(parsed)
    return parsed | _postgresql(keep_seconds)


def _sqlite(parsed: dict) -> dict:
    if parsed["NAME"] != ":memory:":
        Path(parsed["NAME"]).parent.mkdir(parents=True, exist_ok=True)
    pragmas = (f"PRAGMA journal_mode={journal_mode()}", *SQLITE_PRAGMAS)
    return {
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": ";".join(pragmas),
        }
    }


def _postgresql(keep_seconds: int) -> dict:
    return {
        "CONN_MAX_AGE": keep_seconds,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "prepare_threshold": PREPARE_AFTER,
            "options": SERVER_OPTIONS,
        },
    }
