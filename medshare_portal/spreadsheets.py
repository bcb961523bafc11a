"""Rows that leave the portal as CSV or XLSX: streamed, and read as text, never as a formula."""

import csv
import tempfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal

from django.http import FileResponse, StreamingHttpResponse
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMATS = ("csv", "xlsx")
STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def neutral(value) -> str | int | float | Decimal:
    """A cell that no spreadsheet takes for a formula; numbers stay numbers."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float | Decimal):
        return value
    text = value.isoformat() if isinstance(value, datetime) else str(value)
    text = ILLEGAL_CHARACTERS_RE.sub("", text)
    return f"'{text}" if text.startswith(STARTS_A_FORMULA) else text


def download(rows: Iterable[list], name: str, file_format: str, *, status: int = 200):
    """The answer that carries neutral rows as a file called ``name`` with its ending."""
    name = f"{name}.{file_format}"
    if file_format == "xlsx":
        return FileResponse(_as_xlsx(rows), as_attachment=True, filename=name, content_type=XLSX)
    return StreamingHttpResponse(
        _as_csv(rows),
        status=status,
        content_type=CSV,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, value: str) -> str:
        return value


def _as_csv(rows: Iterable[list]) -> Iterator[str]:
    """UTF-8 with a byte order mark, so that spreadsheets read the Chinese right."""
    writer = csv.writer(_Echo())
    yield "\ufeff"
    yield from (writer.writerow(row) for row in rows)


def _as_xlsx(rows: Iterable[list]):
    """An open temporary file: rows are written as they come, never all in memory."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("MedShare")
    for row in rows:
        sheet.append(row)
    file = tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115 – the response closes it
    book.save(file)
    file.seek(0)
    return file
