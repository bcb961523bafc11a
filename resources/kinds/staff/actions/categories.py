"""Makes the tree of professions: ISCO-08 unit groups below their sub-major groups."""

import csv

from django.db import transaction

from medshare_portal.models import Code
from resources.actions.codelists import FOLDER
from resources.models import Category

KIND, SYSTEM = "staff", "isco-08"


@transaction.atomic
def load_staff_categories() -> int:
    """Make or update the professions; returns how many there are.  Nobody is of a group."""
    codes = {code.code: code for code in Code.objects.filter(system__slug=SYSTEM)}
    rows = profession_rows()
    made: dict[str, Category] = {}
    for row in rows:
        values = {
            "parent": made.get(row["parent"]),
            "name_en": row["en"],
            "name_zh": row["zh"],
            "primary_code": codes.get(row["slug"]),
            "shareable": row["slug"] in codes,
        }
        made[row["slug"]], _new = Category.objects.update_or_create(
            kind=KIND, slug=row["slug"], defaults=values
        )
    return len(rows)


def profession_rows() -> list[dict[str, str]]:
    """Groups before the professions in them."""
    with (FOLDER / "staff_categories.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
