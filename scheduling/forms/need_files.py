"""Needs from a file: read row by row, each error beside the cell that it is about."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django import forms
from django.utils.translation import gettext_lazy as _

from medshare_portal.forms.import_file import ImportForm
from medshare_portal.registry_import import reading
from scheduling.forms.needs import NeedForm
from scheduling.states import Priority

COLUMNS = (
    "kind", "what", "starts_at", "ends_at", "needed_by", "flexible_hours", "quantity", "skills",
    "site", "within_km", "priority", "justification", "note",
)  # fmt: skip
NEEDED = ("kind", "what")


class NeedRow(NeedForm):
    """One line of an import: sites by their codes, empty cells as in an empty form."""

    def __init__(self, cells: dict[str, str], *, sites, **terms):
        filled = {"quantity": "1", "priority": Priority.ROUTINE.value}
        filled |= {name: text for name, text in cells.items() if text}
        super().__init__(filled, sites=sites, **terms)
        self.fields["site"].choices = [(site.code, site.name) for site in sites]
        self.fields["site"].coerce = {site.code: site for site in sites}.get


@dataclass
class FileRow:
    """A line of the file: its texts, what would be posted (None while something is wrong), and
    the errors of each column."""

    line: int
    texts: dict[str, str]
    posted: dict | None
    errors: dict[str, list[str]] = field(default_factory=dict)

    def say(self, column: str | None, message: str) -> None:
        """An error of a column, of the first where none is to blame."""
        name = column if column in COLUMNS else COLUMNS[0]
        self.errors.setdefault(name, []).append(message)

    @property
    def cells(self) -> list[dict]:
        """What is filled in or wrong, in the order of the columns."""
        return [
            {
                "column": name,
                "label": NeedRow.base_fields[name].label,
                "text": self.texts.get(name, ""),
                "errors": self.errors.get(name, []),
            }
            for name in COLUMNS
            if self.texts.get(name) or name in self.errors
        ]


def rows_of(content: bytes, *, most_rows: int, **terms) -> list[FileRow]:
    """The lines of an uploaded file; ``terms`` as ``NeedForm`` takes them.

    Raises ``reading.Unreadable``.
    """
    sheet = reading.read(content, list(COLUMNS), list(NEEDED))
    if not sheet.rows:
        raise reading.Unreadable(_("The file has no row."))
    if len(sheet.rows) > most_rows:
        message = _("The file has more than %(most)s rows. Split it.")
        raise reading.Unreadable(message % {"most": most_rows})
    cells = ((line, dict(zip(sheet.columns, texts, strict=True))) for line, texts in sheet.rows)
    return [_read(line, texts, terms) for line, texts in cells]


def _read(line: int, texts: dict[str, str], terms: dict) -> FileRow:
    form = NeedRow(texts, **terms)
    row = FileRow(line, texts, form.posted() if form.is_valid() else None)
    for name, errors in form.errors.items():
        for text in errors:
            row.say(name, text)
    return row


def is_right(rows: Iterable[FileRow]) -> bool:
    return not any(row.errors for row in rows)


class NeedFileForm(ImportForm):
    """A file of at most so many rows."""

    def __init__(self, *args, most_rows: int, **kwargs):
        super().__init__(*args, **kwargs)
        words = _("CSV (UTF-8 or GB 18030) or XLSX, at most 5 MB and %(most)s rows.")
        self.fields["file"].help_text = words % {"most": most_rows}


class ConfirmForm(forms.Form):
    """The token of the file that was looked at."""

    token = forms.CharField(widget=forms.HiddenInput, max_length=500)
