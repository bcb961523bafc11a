"""Makes the categories of medicines: the fourteen anatomical groups (ATC, level 1)."""

import csv

from django.db import transaction

from resources.actions.codelists import FOLDER
from resources.models import Category

KIND = "medicine"


@transaction.atomic
def load_medicine_categories() -> int:
    """Make or update the groups; returns how many there are."""
    with (FOLDER / "atc_level1.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        Category.objects.update_or_create(
            kind=KIND,
            slug=f"atc-{row['code'].lower()}",
            defaults={"name_en": row["en"], "name_zh": row["zh"], "parent": None},
        )
    return len(rows)
