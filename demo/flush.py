"""Empties the database of a demo, append-only tables included."""

from django.core.management import call_command
from django.db import connection

from medshare_portal.db.guarantees import guarantees


def flush_everything() -> None:
    """Remove every row.  ``flush`` truncates on PostgreSQL, which no row trigger sees; on SQLite
    it deletes, so those triggers go first and are installed again after it (post_migrate)."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            for guarantee in guarantees:
                if not guarantee.name.endswith("_append_only"):
                    continue
                for event in guarantee.events:
                    cursor.execute(f"DROP TRIGGER IF EXISTS {guarantee.name}_{event.lower()}")
    call_command("flush", interactive=False, verbosity=0)
