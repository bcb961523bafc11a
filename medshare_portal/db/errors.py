"""What the database's refusals are called, on both engines."""

from django.db import IntegrityError, OperationalError

RETRY_SQLSTATES = {"40P01", "40001"}  # deadlock, serialisation
BUSY_SQLSTATES = {"55P03"}  # lock timeout


def violates(error: IntegrityError, name: str) -> bool:
    """Whether the error comes from the constraint or trigger of this name."""
    diagnosis = getattr(error.__cause__, "diag", None)
    if getattr(diagnosis, "constraint_name", None) == name:
        return True
    return name in str(error)


def sqlstate(error: OperationalError) -> str:
    return getattr(error.__cause__, "sqlstate", None) or ""


def is_retryable(error: OperationalError) -> bool:
    """A deadlock or serialisation failure: the same work may succeed at once."""
    return sqlstate(error) in RETRY_SQLSTATES


def is_busy(error: OperationalError) -> bool:
    """Waited too long for a lock (PostgreSQL's lock_timeout, SQLite's timeout)."""
    return sqlstate(error) in BUSY_SQLSTATES or "database is locked" in str(error)
