"""Brings the demo's texts, static files and database up to date, in one process.

Run by scripts/demo.py with the environment's own interpreter; a second run takes a second or two.
"""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import django
from django.core.management import call_command
from django.db import connection


def main() -> None:
    django.setup()
    call_command("compile_messages", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    print("Bringing the database up to date …", flush=True)
    call_command("migrate", interactive=False, verbosity=0)
    _seed(Path(os.environ["MEDSHARE_VAR"]) / "seeding")


def _seed(marker: Path) -> None:
    """Load the demo city once; a marker tells of a start that ended half-way through."""
    if marker.exists():
        sys.exit("An earlier start was ended while it made the city: run make demo-reset.")
    if _has_institutions():
        return
    print("Making the demo city …", flush=True)
    marker.touch()
    call_command("seed_demo", scale="small", seed=1)
    marker.unlink()


def _has_institutions() -> bool:
    """Ask the table itself: the models answer only for one institution."""
    from medshare_portal.models import Institution  # noqa: PLC0415 - needs the apps set up

    table = connection.ops.quote_name(Institution._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT EXISTS (SELECT 1 FROM {table})")  # noqa: S608 - a quoted constant
        return bool(cursor.fetchone()[0])


if __name__ == "__main__":
    main()
