"""The filtered catalogue as rows for a file: neutralised, within the visibility contract."""

from collections.abc import Iterator

from django.db.models import QuerySet

from medshare_portal.spreadsheets import neutral
from medshare_portal.visibility import Reader, visible_fields
from resources.kinds import CatalogueKind
from resources.models import Resource

CHUNK = 500
FIXED = ("code", "name_en", "name_zh", "units", "status", "condition", "room", "confirmed_at")
JOINED = (
    ("category_en", "category__name_en"),
    ("category_zh", "category__name_zh"),
    ("institution_en", "institution__name_en"),
    ("institution_zh", "institution__name_zh"),
    ("site_en", "site__name_en"),
    ("site_zh", "site__name_zh"),
)
KNOWN_BY = ("code", "slug", "username", "pk")
OFFER = ("fee", "fee_per_shift", "currency", "offered_from", "offered_until")


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
        paths[name] = f"{kind.detail}__{name}{_tail(model._meta.get_field(name))}"
    return paths


def _tail(column) -> str:
    """By what a foreign key is known outside: the first of ``KNOWN_BY`` that its table has."""
    if not column.is_relation:
        return ""
    names = {field.name for field in column.related_model._meta.concrete_fields}
    return "__" + next(name for name in KNOWN_BY if name in names)


def export_rows(resources: QuerySet, kind: CatalogueKind, institution) -> Iterator[list]:
    """The head and then one list per resource; what a reader may not see is empty.

    A name of the kind's own detail stays what the registry's import calls it; where the catalogue
    has a column of that name as well, the catalogue's is headed ``catalogue_…``.

    ``resources`` is annotated by ``with_offer_columns``, and not yet by ``values``.
    """
    paths = _paths(kind)
    model = Resource._meta.get_field(kind.detail).related_model
    columns = [*FIXED, *(path for _name, path in JOINED), *OFFER, *paths.values()]
    common = (*FIXED, *(name for name, _path in JOINED), *OFFER)
    yield [*(f"catalogue_{name}" if name in paths else name for name in common), *paths]
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
