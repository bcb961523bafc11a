"""manage.py load_codes: the shipped code lists and the kinds' trees of categories."""

from django.core.management.base import BaseCommand

from resources.actions.codelists import load_code_lists
from resources.kinds import load_categories


class Command(BaseCommand):
    help = "Load or update the shipped code lists and the categories of every kind."

    def handle(self, *args, **options):
        for name, count in load_code_lists().items():
            self.stdout.write(f"{name}: {count} codes")
        for name, count in load_categories().items():
            self.stdout.write(f"{name}: {count} categories")
