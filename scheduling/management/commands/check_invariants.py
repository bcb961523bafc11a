"""manage.py check_invariants: look for rows that should be impossible; exit 1 and name them."""

from django.core.management.base import BaseCommand, CommandError

from scheduling.guards import missing_guards
from scheduling.invariants import INVARIANTS, breaches


class Command(BaseCommand):
    help = "Check the truths that the database keeps, and that its guards are in place."

    def add_arguments(self, parser):
        parser.add_argument("--database", default="default")

    def handle(self, *, database="default", **options):
        faults = [f"{breach.invariant}: {breach.text}" for breach in breaches(database)]
        faults += missing_guards(database)
        for fault in faults:
            self.stderr.write(fault)
        if faults:
            raise CommandError(f"{len(faults)} faults")
        self.stdout.write(f"{len(INVARIANTS)} truths hold, and every guard is in place.")
