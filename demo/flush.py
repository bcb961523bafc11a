"""Empties the database of a demo, append-only tables included."""

from django.core.management import call_command

from medshare_portal.db.guarantees import let_be_emptied


def flush_everything() -> None:
    """Remove every row; what forbids that is installed again after it (post_migrate)."""
    let_be_emptied()
    call_command("flush", interactive=False, verbosity=0)
