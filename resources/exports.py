"""The filtered catalogue as CSV or XLSX: streamed, neutralised, within the visibility contract."""

import csv
import tempfile
from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db.models import QuerySet
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from medshare_portal.visibility import Reader, visible_fields
from resources.kinds import CatalogueKind
from resources.models import Resource

CHUNK = 500
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
FIXED = ("code", "name_en", "name_zh", "units", "status", "condition", "room", "confirmed_at")
JOINED = (
    ("category_en", "category__name_en"),
    ("category_zh", "category__name_zh"),
    ("institution_en", "institution__name_en"),
    ("institution_zh", "institution__name_zh"),
    ("site_en", "site__name_en"),
    ("site_zh", "site__name_zh"),
)
OFFER = ("fee", "currency", "offered_from", "offered_until")


def neutral(value) -> str | int | float:
    """A cell that no spreadsheet takes for a formula; numbers stay numbers."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return value
    text = value.isoformat() if isinstance(value, datetime) else str(value)
    text = ILLEGAL_CHARACTERS_RE.sub("", text)
    return f"'{text}" if text.startswith(DANGEROUS) else text


def detail_fields(kind: CatalogueKind) -> list[str]:
    """The columns of the kind's detail row; a foreign key shows its code or name."""
    model = Resource._meta.get_field(kind.detail).related_model
    own = [field for field in model._meta.concrete_fields if not field.primary_key]
    return [field.name for field in own]


def _paths(kind: CatalogueKind) -> dict[str, str]:
    """{column: path to read it by} of the detail row."""
    model = Resource._meta.get_field(kind.detail).related_model
    paths = {}
    for name in detail_fields(kind):
        tail = "__code" if model._meta.get_field(name).is_relation else ""
        paths[name] = f"{kind.detail}__{name}{tail}"
    return paths


def export_rows(resources: QuerySet, kind: CatalogueKind, institution) -> Iterator[list]:
    """The head and then one list per resource; what a reader may not see is empty.

    ``resources`` is annotated by ``with_list_columns``, which must not have called ``values``.
    """
    paths = _paths(kind)
    model = Resource._meta.get_field(kind.detail).related_model
    columns = [*FIXED, *(path for _name, path in JOINED), *OFFER, *paths.values()]
    yield [*FIXED, *(name for name, _path in JOINED), *OFFER, *paths]
    readable = {
        reader: visible_fields("resources.Resource", reader)
        | {path for _name, path in JOINED}
        | set(OFFER)
        | {paths[name] for name in paths if name in visible_fields(model._meta.label, reader)}
        for reader in (Reader.OWNER, Reader.OTHERS)
    }
    for row in resources.values("institution_id", *columns).iterator(chunk_size=CHUNK):
        own = row["institution_id"] == institution.pk
        allowed = readable[Reader.OWNER if own else Reader.OTHERS]
        yield [neutral(row[name]) if name in allowed else "" for name in columns]


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, value: str) -> str:
        return value


def as_csv(rows: Iterable[list]) -> Iterator[str]:
    """UTF-8 with a byte order mark, so that spreadsheets read the Chinese right."""
    writer = csv.writer(_Echo())
    yield "\ufeff"
    yield from (writer.writerow(row) for row in rows)


def as_xlsx(rows: Iterable[list]):
    """An open temporary file: rows are written as they come, never all in memory."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("MedShare")
    for row in rows:
        sheet.append(row)
    file = tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115 – the response closes it
    book.save(file)
    file.seek(0)
    return file
