"""manage.py backup FILE: a whole copy of the SQLite database, while it is in use."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone

from medshare_portal.db.sqlite_backup import NotWhole, make_backup, manifest_path

USE_PG_DUMP = (
    "The database is PostgreSQL: use pg_dump --format=custom, or base backups with WAL archiving. "
    "docs/operations.md shows how, and how to verify a restored copy."
)


class Command(BaseCommand):
    help = "Copy the SQLite database to FILE with a manifest to verify it by."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--overwrite", action="store_true")

    def handle(self, *, file, overwrite=False, **options):
        if connection.vendor != "sqlite":
            raise CommandError(USE_PG_DUMP)
        if file.exists() and not overwrite:
            raise CommandError(f"{file} exists; name another file, or --overwrite it.")
        source = Path(connection.settings_dict["NAME"])
        try:
            manifest = make_backup(source, file, now=timezone.now())
        except NotWhole as reasons:
            raise CommandError("The backup is not whole: " + "; ".join(reasons.args)) from None
        rows, chains = sum(manifest.rows.values()), len(manifest.audit_heads)
        self.stdout.write(f"{file}: {rows} rows, {chains} audit chains; {manifest_path(file).name}")
        self.stdout.write("Uploaded files are not in it: copy MEDIA_ROOT as well.")
