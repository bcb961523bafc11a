"""manage.py load_codes: the shipped code lists and the tree of equipment categories."""

from django.core.management.base import BaseCommand

from resources.actions.categories import load_equipment_categories
from resources.actions.codelists import load_code_lists


class Command(BaseCommand):
    help = "Load or update the shipped code lists and the equipment categories."

    def handle(self, *args, **options):
        for name, count in load_code_lists().items():
            self.stdout.write(f"{name}: {count} codes")
        self.stdout.write(f"equipment: {load_equipment_categories()} categories")
