"""A file's content as tables of texts, so that rules can look at every cell."""

import csv
import io
import zipfile
from dataclasses import dataclass

from medshare_portal.registry_import.workbooks import NotAWorkbook, sheets_of

MOST_COLUMNS = 400
MOST_LINES = 200_000
ENCODINGS = ("utf-8-sig", "gb18030")
SEPARATORS = ",;\t|"
SNIFFED = 8192


class Unreadable(ValueError):
    """The content is no table and no text that can be looked at cell by cell."""


@dataclass(frozen=True, kw_only=True)
class Table:
    """Texts by row; ``first`` is the number under which a reader of the file finds ``rows[0]``.

    ``header`` is empty for running text, which has one column.
    """

    name: str = ""
    header: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    first: int = 2

    def column(self, place: int) -> list[str]:
        return [row[place].strip() if place < len(row) else "" for row in self.rows]

    @property
    def has_formulas(self) -> bool:
        """Of a workbook's sheet: what such a cell shows is stored beside its formula, unseen."""
        return any(text.startswith("=") for row in (self.header, *self.rows) for text in row)

    @property
    def width(self) -> int:
        return max([len(self.header), *(len(row) for row in self.rows)], default=0)

    def heading(self, place: int) -> str:
        """What the column is called: by its header, or by its letter as in a spreadsheet."""
        name = self.header[place].strip() if place < len(self.header) else ""
        return name or letter_of(place)


def letter_of(place: int) -> str:
    """0 → A, 25 → Z, 26 → AA."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def decoded(content: bytes) -> str:
    """Text in UTF-8 or GB 18030; raises Unreadable."""
    for encoding in ENCODINGS:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise Unreadable


def tables_of(content: bytes, *, workbook: bool, separated: bool) -> list[Table]:
    """Every sheet of a workbook, the one table of a separated file, or a text's lines.

    Raises Unreadable.
    """
    if workbook:
        return _sheets(content)
    text = decoded(content)
    return [_separated(text) if separated else _running(text)]


def _sheets(content: bytes) -> list[Table]:
    try:
        sheets = sheets_of(content, most_columns=MOST_COLUMNS)
    except NotAWorkbook as error:
        raise Unreadable from error
    return [_with_header(name, [tuple(cells) for cells in lines]) for name, lines in sheets]


def _separated(text: str) -> Table:
    try:
        dialect = csv.Sniffer().sniff(text[:SNIFFED], SEPARATORS)
        rows = [tuple(row) for row in csv.reader(io.StringIO(text), dialect)]
    except csv.Error:
        rows = [tuple(row) for row in csv.reader(io.StringIO(text.replace("\0", "")))]
    if len(rows) > MOST_LINES or any(len(row) > MOST_COLUMNS for row in rows):
        raise Unreadable
    return _with_header("", rows)


def _with_header(name: str, rows: list[tuple[str, ...]]) -> Table:
    return Table(name=name, header=rows[0] if rows else (), rows=tuple(rows[1:]))


def _running(text: str) -> Table:
    return Table(rows=tuple((line,) for line in text.splitlines()), first=1)


def holds_more_than_cells(content: bytes) -> bool:
    """Whether a workbook holds what no cell shows: pictures, notes, embedded files, the rows
    behind a pivot table or a data model, cells of other workbooks."""
    hidden = ("xl/media/", "xl/comments", "xl/threadedComments/", "xl/embeddings/")
    hidden += ("xl/pivotCache/", "xl/model/", "xl/externalLinks/")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return any(name.startswith(hidden) for name in archive.namelist())
