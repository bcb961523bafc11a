"""System checks: settings and databases that would make a promise untrue.

``manage.py check``, ``migrate`` and ``runserver`` run them; the WSGI application refuses to start
on an error, and the first connection of every process is asked what it keeps.
"""

import ipaddress
import sqlite3
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import Error, Tags, register, run_checks
from django.core.exceptions import ImproperlyConfigured
from django.db import connections
from django.db.backends.signals import connection_created
from django.dispatch import receiver

from medshare_portal.db.connections import WAL_FIXED_IN
from medshare_portal.policy import PACKS

OLDEST_POSTGRESQL = 14
KEY_LENGTH = 50


@register(Tags.security)
def secret_key(app_configs, **kwargs):
    """Sessions and reset links are signed with it, so a guessable one opens every account."""
    try:
        key = settings.SECRET_KEY
    except ImproperlyConfigured:  # Django's way of saying that it is empty
        key = ""
    if (len(key) >= KEY_LENGTH and len(set(key)) > 4) or (settings.DEBUG and key):
        return []
    return [
        Error(
            f"SECRET_KEY is missing or has fewer than {KEY_LENGTH} different-looking characters.",
            hint="Make one: python -c 'import secrets; print(secrets.token_urlsafe(60))'",
            id="medshare.E001",
        )
    ]


@register(Tags.security)
def demo_only_at_home(app_configs, **kwargs):
    """The demo's accounts share one printed password: never on an address others can reach."""
    if not settings.DEMO:
        return []
    found = [host for host in settings.ALLOWED_HOSTS if not is_loopback(host)]
    if not is_loopback(urlsplit(settings.PORTAL_URL).hostname or ""):
        found.append(settings.PORTAL_URL)
    reasons = ["HTTPS is on"] if settings.HTTPS else []
    reasons += [f"{name} is not this machine" for name in found]
    return [Error(f"MEDSHARE_DEMO is on, but {reason}.", id="medshare.E002") for reason in reasons]


def is_loopback(host: str) -> bool:
    """Whether a host name can only mean this machine."""
    if host in {"localhost", "testserver"}:
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


@register(Tags.security, deploy=True)
def second_factor_for_the_city(app_configs, **kwargs):
    """A stolen password of an official or administrator would open the whole city."""
    if settings.SECOND_FACTOR or settings.DEMO:
        return []
    return [
        Error(
            "SECOND_FACTOR is off: the city's accounts are open to whoever has a password.",
            id="medshare.E004",
        )
    ]


@register(Tags.security)
def policy_pack(app_configs, **kwargs):
    """The rules' thresholds come from a pack that exists."""
    if settings.POLICY_PACK in PACKS:
        return []
    return [
        Error(
            f"POLICY_PACK {settings.POLICY_PACK!r} is unknown.",
            hint=f"Known: {', '.join(PACKS)}",
            id="medshare.E003",
        )
    ]


@register(Tags.database)
def database_keeps_promises(app_configs, databases=None, **kwargs):
    """Asks the database itself, not its settings."""
    return [
        Error(text, id="medshare.E010")
        for alias in databases or ()
        for text in problems_of(connections[alias])
    ]


def problems_of(connection) -> list[str]:
    """What this database does not keep; an empty list when all is well."""
    look = {"sqlite": sqlite_problems, "postgresql": postgresql_problems}
    return look[connection.vendor](connection)


def sqlite_problems(connection) -> list[str]:
    """WAL on a version that may lose data; memory-mapped files; a lock taken too late."""
    options = connection.settings_dict["OPTIONS"]
    journal = _ask(connection, "PRAGMA journal_mode")
    problems = []
    if journal == "wal" and sqlite3.sqlite_version_info < WAL_FIXED_IN:
        problems.append(f"SQLite {sqlite3.sqlite_version} may lose data in WAL mode.")
    if int(_ask(connection, "PRAGMA mmap_size") or 0):
        problems.append("SQLite must not map its file into memory (mmap_size).")
    if int(_ask(connection, "PRAGMA synchronous")) < 2:
        problems.append("SQLite must write through (synchronous=FULL).")
    if options.get("transaction_mode") != "IMMEDIATE":
        problems.append("SQLite transactions must begin IMMEDIATE.")
    return problems


ISOLATION = {"transaction_isolation": {"read committed"}}
DURABILITY = {
    "synchronous_commit": {"on", "remote_apply", "remote_write"},
    "fsync": {"on"},
    "full_page_writes": {"on"},
}


def postgresql_problems(connection) -> list[str]:
    """Locks do nothing under a stronger isolation; an accepted booking must be on disk.

    A demo or a developer's database may forget at a power cut, nothing else.
    """
    problems = []
    if connection.pg_version < OLDEST_POSTGRESQL * 10_000:
        problems.append(f"PostgreSQL {OLDEST_POSTGRESQL} or newer is needed.")
    at_home = settings.DEMO or settings.DEBUG
    for name, allowed in (ISOLATION if at_home else ISOLATION | DURABILITY).items():
        value = _ask(connection, f"SHOW {name}")
        if value not in allowed:
            problems.append(f"PostgreSQL says {name} = {value}; it must be {sorted(allowed)[0]}.")
    return problems


def _ask(connection, statement: str):
    with connection.cursor() as cursor:
        cursor.execute(statement)
        row = cursor.fetchone()
    return row[0] if row else None


_asked: set[tuple[str, str]] = set()


@receiver(connection_created, dispatch_uid="database-keeps-promises")
def ask_once(sender, connection, **kwargs):
    """The first connection of a process to each database; raises ImproperlyConfigured."""
    key = (connection.alias, str(connection.settings_dict["NAME"]))
    if key not in _asked:
        _asked.add(key)
        refuse(problems_of(connection))


def refuse_untrue_settings() -> None:
    """For servers, which run no checks by themselves; raises ImproperlyConfigured."""
    refuse([str(problem) for problem in run_checks(tags=[Tags.security]) if problem.is_serious()])


def refuse(problems: list[str]) -> None:
    if problems:
        raise ImproperlyConfigured("\n".join(problems))
