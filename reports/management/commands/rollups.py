"""manage.py rollups: count what is due, count anew, or verify the numbers of days."""

from datetime import date, timedelta

from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone

from reports.actions import counting, rebuilding, usage, verifying

LONGEST = timedelta(days=20 * 366)
SHOWN = 200
MOST_PROCESSES = 32


class Command(BaseCommand):
    help = "Count the numbers of days: what is due; --rebuild all; --verify compares."

    def add_arguments(self, parser):
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--verify", action="store_true", help="compare only; 1 if they differ")
        what.add_argument("--rebuild", action="store_true", help="count all of the days anew")
        parser.add_argument(
            "--first", type=date.fromisoformat, help="first day, such as 2026-01-01"
        )
        parser.add_argument(
            "--last", type=date.fromisoformat, help="last day; by default yesterday"
        )

        parser.add_argument(
            "--processes", type=int, default=1, help="count by so many (PostgreSQL); default 1"
        )

    def handle(self, *, verify, rebuild, processes, first=None, last=None, **options):
        now = timezone.now()
        _check_processes(processes)
        _check(first, last, now.date())
        if verify:
            return self._verify(first, last)
        missing = usage.record_missing(now=now, tell=self._facts)
        self.stdout.write(f"{missing} facts of use written")
        if rebuild:
            since = first or usage.first_day() or now.date()
            return self._rebuild(since, last or now.date(), now, processes)
        return self.stdout.write(f"{counting.count_days(now=now, tell=self._rows)} rows changed")

    def _facts(self, done: int) -> None:
        self.stdout.write(f"  {done} facts of use", ending="\r")

    def _rows(self, done: int) -> None:
        self.stdout.write(f"  {done} rows changed", ending="\r")
        self.stdout.flush()

    def _rebuild(self, first: date, last: date, now, processes: int) -> None:
        def tell(done: int, of: int) -> None:
            self.stdout.write(f"  {done} of {of} institutions", ending="\r")
            self.stdout.flush()

        changed = rebuilding.rebuild(
            first=first, last=last, now=now, tell=tell, processes=processes
        )
        self.stdout.write(f"{changed} rows changed from {first} on")

    def _verify(self, first: date | None, last: date | None) -> None:
        number = 0
        for difference in verifying.differences(first, last):
            number += 1
            if number <= SHOWN:
                self.stdout.write(str(difference))
        if missing := verifying.without_fact():
            self.stdout.write(f"{missing} requests have ended without a fact of use")
        if number or missing:
            raise CommandError(f"{number} numbers differ, {missing} facts are missing")
        self.stdout.write("The numbers of days are what counting them again comes to.")


def _check_processes(number: int) -> None:
    if not 1 <= number <= MOST_PROCESSES:
        raise CommandError(f"From 1 to {MOST_PROCESSES} processes.")
    if number > 1 and connection.vendor == "sqlite":
        raise CommandError("SQLite has one writer: count by one process.")


def _check(first: date | None, last: date | None, today: date) -> None:
    since, until = first or last or today, last or today
    if since > until:
        raise CommandError(f"{since} is after {until}: the first day comes first.")
    if until - since > LONGEST:
        raise CommandError("At most 20 years at once.")
