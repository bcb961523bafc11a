"""Makes the tree of information categories from the shipped list."""

import csv

from django.db import transaction

from resources.actions.codelists import FOLDER
from resources.models import Category

KIND = "information"


@transaction.atomic
def load_information_categories() -> int:
    """Make or update the tree; returns how many there are.  Parents stand before their children."""
    with (FOLDER / "information_categories.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    made: dict[str, Category] = {}
    for row in rows:
        made[row["slug"]], _new = Category.objects.update_or_create(
            kind=KIND,
            slug=row["slug"],
            defaults={
                "parent": made.get(row["parent"]),
                "name_en": row["en"],
                "name_zh": row["zh"],
            },
        )
    return len(rows)
