"""An XLSX workbook that is written while it is sent: no row waits in memory or on a disk.

The part of Office Open XML that rows need, nothing more (ECMA-376, part 1): sheets of inline
strings and numbers.  Text is never a formula here, whatever it begins with.
"""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import chain, islice
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

MOST_ROWS = 1_048_576  # of a sheet, by the format; what is more stands on a further one
MOST_BYTES = 1 << 30  # of a sheet as it is packed: far below where readers need ZIP64
AT_ONCE = 500  # rows

XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKED = "http://schemas.openxmlformats.org/package/2006"
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"

CONTENT_TYPES = (
    f'{XML}<Types xmlns="{PACKED}/content-types">'
    '<Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Default Extension="xml" ContentType="{TYPE}.worksheet+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{TYPE}.sheet.main+xml"/></Types>'
)
ROOT = (
    f'{XML}<Relationships xmlns="{PACKED}/relationships"><Relationship Id="rId1" '
    f'Type="{LINKS}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
)


class _Pipe:
    """What a zip file writes, until it is taken."""

    def __init__(self):
        self.parts: list[bytes] = []

    def write(self, data) -> int:
        self.parts.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """A zip file asks for it; nothing is kept back here."""

    def taken(self) -> bytes:
        data, self.parts = b"".join(self.parts), []
        return data


def workbook(rows: Iterable[list], title: str = "MedShare") -> Iterator[bytes]:
    """The bytes of a workbook, as they come.  Cells are text or numbers; the first row is the
    head and begins every sheet."""
    rows, pipe, sheets = iter(rows), _Pipe(), 0
    head, left = next(rows, []), rows
    with ZipFile(pipe, "w", ZIP_DEFLATED, compresslevel=1) as book:
        book.writestr("[Content_Types].xml", CONTENT_TYPES)
        book.writestr("_rels/.rels", ROOT)
        while left is not None:
            sheets += 1
            with book.open(f"xl/worksheets/sheet{sheets}.xml", "w") as sheet:
                left = yield from _fill(sheet, head, left, pipe)
        book.writestr("xl/workbook.xml", _book(sheets, title))
        book.writestr("xl/_rels/workbook.xml.rels", _links(sheets))
    yield pipe.taken()


def _fill(sheet, head: list, rows: Iterator[list], pipe: _Pipe):
    """Write one sheet; returns the rows that it has no room for, or None."""
    sheet.write(f'{XML}<worksheet xmlns="{MAIN}"><sheetData>{_row(head)}'.encode())
    number, size = 1, 0
    while number < MOST_ROWS and size < MOST_BYTES:
        batch = [_row(cells) for cells in islice(rows, min(AT_ONCE, MOST_ROWS - number))]
        if not batch:
            break
        number, size = number + len(batch), size + sheet.write("".join(batch).encode())
        yield pipe.taken()
    sheet.write(b"</sheetData></worksheet>")
    following = next(rows, None)
    return None if following is None else chain([following], rows)


def _row(cells: Iterable) -> str:
    return f"<row>{''.join(map(_cell, cells))}</row>"


def _cell(value) -> str:
    if value == "" or value is None:
        return "<c/>"
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return f"<c><v>{value}</v></c>"
    text = escape(str(value)).encode(errors="replace").decode()  # no half of a character
    return f'<c t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def _book(sheets: int, title: str) -> str:
    names = "".join(
        f'<sheet name="{title if number == 1 else f"{title} {number}"}" sheetId="{number}" '
        f'r:id="rId{number}"/>'
        for number in range(1, sheets + 1)
    )
    return f'{XML}<workbook xmlns="{MAIN}" xmlns:r="{LINKS}"><sheets>{names}</sheets></workbook>'


def _links(sheets: int) -> str:
    parts = "".join(
        f'<Relationship Id="rId{number}" Type="{LINKS}/worksheet" '
        f'Target="worksheets/sheet{number}.xml"/>'
        for number in range(1, sheets + 1)
    )
    return f'{XML}<Relationships xmlns="{PACKED}/relationships">{parts}</Relationships>'
