"""Makes the tree of equipment categories from the shipped lists."""

import csv

from django.db import transaction

from medshare_portal.models import Code
from resources.actions.codelists import FOLDER
from resources.models import Category, CodeMapping

KIND = "equipment"
ROOTS = "nmpa-device-category"
NOT_SHAREABLE = "no"
# What the NMPA list's column ``shareable`` says, for people.
NOTES = {
    "loan_after_reprocessing": ("Lent only after reprocessing.", "须经再处理后方可外借。"),
    "on_site_only": ("Used at the owner's site only.", "仅限在所属机构现场使用。"),
    "no": ("May not be shared.", "不得共享。"),
}


@transaction.atomic
def load_equipment_categories() -> int:
    """Make or update the 22 roots and what hangs below them; returns how many there are.

    Needs ``load_code_lists`` first.  Categories that an administrator added are left alone.
    """
    roots = {code.code: _root(code) for code in _codes(ROOTS).values()}
    further = {"emdn": _codes("emdn"), "modality": _codes("dicom-modality")}
    rows = category_rows()
    for row in rows:
        _child(row, roots[row["nmpa"]], further)
    return len(roots) + len(rows)


def category_rows() -> list[dict[str, str]]:
    with (FOLDER / "equipment_categories.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _codes(system: str) -> dict[str, Code]:
    return {code.code: code for code in Code.objects.filter(system__slug=system)}


def _root(code: Code) -> Category:
    rule = code.properties.get("shareable", "")
    note_en, note_zh = NOTES.get(rule, ("", ""))
    return _save(
        code.code,
        parent=None,
        name_en=code.display_en,
        name_zh=code.display_zh,
        primary_code=code,
        shareable=rule != NOT_SHAREABLE,
        note_en=note_en,
        note_zh=note_zh,
    )


def _child(row: dict[str, str], root: Category, further: dict[str, dict[str, Code]]) -> None:
    category = _save(
        row["slug"],
        parent=root,
        name_en=row["en"],
        name_zh=row["zh"],
        primary_code=root.primary_code,
        shareable=root.shareable,
        note_en=root.note_en,
        note_zh=root.note_zh,
    )
    for column, codes in further.items():
        if row[column]:
            _map(category, codes[row[column]], wider=column == "emdn")


def _save(slug: str, **fields) -> Category:
    category, _made = Category.objects.update_or_create(kind=KIND, slug=slug, defaults=fields)
    return category


def _map(category: Category, code: Code, *, wider: bool) -> None:
    """An EMDN letter is a whole chapter; a DICOM modality is the same thing."""
    equivalence = CodeMapping.Equivalence.WIDER if wider else CodeMapping.Equivalence.EQUAL
    CodeMapping.objects.update_or_create(
        category=category, code=code, defaults={"equivalence": equivalence}
    )
