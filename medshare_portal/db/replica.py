"""Reads of reports and of the catalogue at a streaming replica (``REPLICA_URL``).

Only pages that decide nothing read there (``views.from_replica.FromReplica``), and only while the
replica says up to which moment it is complete.  That moment is the commit of the last transaction
that it has taken over: whatever was committed before is in it, and the page shows the moment.  A
replica that cannot be reached, does not follow any more or is too old is left alone for a while,
and the page is answered from the primary.
"""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from functools import wraps

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, InterfaceError, OperationalError, connections
from django.utils import timezone

from medshare_portal.db.connections import REPLICA as ALIAS
from medshare_portal.db.errors import is_retryable

LEFT_ALONE = 30.0  # seconds after which a replica that failed is tried again
GONE = (OperationalError, InterfaceError)
# A promoted replica follows nobody: it is another city from then on.
AS_OF = "SELECT CASE WHEN pg_is_in_recovery() THEN pg_last_xact_replay_timestamp() END"

logger = logging.getLogger(__name__)
_complete_until: ContextVar[datetime | None] = ContextVar("complete_until", default=None)
_failed_at: float | None = None


def complete_until() -> datetime | None:
    """Up to when what is read now is complete; None where the primary is read."""
    return _complete_until.get()


def read_alias() -> str:
    return DEFAULT_DB_ALIAS if complete_until() is None else ALIAS


class Router:
    """Reads where ``reading`` says; writes, locks and migrations always at the primary."""

    def db_for_read(self, model, **hints) -> str:
        return read_alias()

    def db_for_write(self, model, **hints) -> str:
        return DEFAULT_DB_ALIAS

    def allow_relation(self, one, other, **hints) -> bool:
        return True  # both are the same city

    def allow_migrate(self, db, app_label, **hints) -> bool:
        return db == DEFAULT_DB_ALIAS


def at_primary(function):
    """Decorator: what it reads is as true as what decides, also within a page from a replica."""

    @wraps(function)
    def reads(*args, **kwargs):
        with reading(None):
            return function(*args, **kwargs)

    return reads


@contextmanager
def reading(moment: datetime | None) -> Iterator[None]:
    """Read at the replica that is complete until ``moment``; with None at the primary."""
    token = _complete_until.set(moment)
    try:
        yield
    finally:
        _complete_until.reset(token)


def moment_of_replica() -> datetime | None:
    """Up to when the replica is complete; None where there is none that may be read."""
    if ALIAS not in connections or _is_left_alone():
        return None
    try:
        with connections[ALIAS].cursor() as cursor:
            cursor.execute(AS_OF)
            moment = cursor.fetchone()[0]
    except GONE as error:
        leave_alone(error)
        return None
    if moment is None or timezone.now() - moment > settings.REPLICA_MAX_AGE:
        return None
    return moment


def _is_left_alone() -> bool:
    return _failed_at is not None and time.monotonic() - _failed_at < LEFT_ALONE


def failed(error: Exception) -> None:
    """While a page was made.  That it had to give way to the primary's changes passes by itself."""
    if not is_retryable(error):
        leave_alone(error)


def leave_alone(error: Exception) -> None:
    """Close what is left of the connection and do not ask again for a while."""
    global _failed_at
    _failed_at = time.monotonic()
    logger.warning("the replica is left alone for %.0f s: %s", LEFT_ALONE, error)
    try:
        connections[ALIAS].close()
    except GONE:
        connections[ALIAS].connection = None
