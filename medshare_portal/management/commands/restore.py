"""manage.py restore FILE: verify a backup, and with --replace put it in the database's place."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from medshare_portal.db.sqlite_backup import NotWhole, restore_backup, verify_backup
from medshare_portal.management.commands.backup import USE_PG_DUMP


class Command(BaseCommand):
    help = "Verify a backup that manage.py backup made; with --replace, restore it."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--verify", action="store_true", help="only verify (the default)")
        parser.add_argument(
            "--replace", action="store_true", help="replace everything in the present database"
        )

    def handle(self, *, file, replace=False, **options):
        if connection.vendor != "sqlite":
            raise CommandError(USE_PG_DUMP)
        if replace and connection.in_atomic_block:
            raise CommandError("A database cannot be replaced within a transaction.")
        try:
            manifest = self._restore(file) if replace else verify_backup(file)
        except NotWhole as reasons:
            raise CommandError("The backup is not whole: " + "; ".join(reasons.args)) from None
        what = "restored" if replace else "whole"
        rows = sum(manifest.rows.values())
        self.stdout.write(f"{file} of {manifest.made_at} is {what}: {rows} rows")

    def _restore(self, file):
        target = Path(connection.settings_dict["NAME"])
        connection.close()
        return restore_backup(file, target)
