"""What SQLite's planner knows of the tables.  PostgreSQL looks for itself (autovacuum).

A migration that rebuilds a table drops its statistics, and a portal that grew from nothing never
had any: then the planner walks through years of requests to find those of a day.
"""

from django.db import connection, connections

ROWS_LOOKED_AT = 1000  # per index: enough for its plans, and seconds for a whole city


def refresh_statistics(using: str | None = None) -> None:
    """Look at the tables again; does nothing on PostgreSQL."""
    link = connections[using] if using else connection
    if link.vendor != "sqlite":
        return
    with link.cursor() as cursor:
        cursor.execute(f"PRAGMA analysis_limit={ROWS_LOOKED_AT}")
        cursor.execute("ANALYZE")


def refresh_after_migration(*, using, plan=(), **kwargs) -> None:
    """``post_migrate`` receiver: only where something was migrated."""
    if plan:
        refresh_statistics(using)
