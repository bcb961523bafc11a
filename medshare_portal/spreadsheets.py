"""Rows that leave the portal as CSV or XLSX: streamed, and read as text, never as a formula."""

import csv
from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from itertools import islice

from django.http import StreamingHttpResponse
from django.utils import timezone, translation
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from medshare_portal.workbooks import workbook

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMATS = ("csv", "xlsx")
PLACES = 9  # of a number that was calculated: 13142.95, not 13142.949999999999
AT_ONCE = 200  # lines in one piece of a file
STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def neutral(value) -> str | int | float | Decimal:
    """A cell that no spreadsheet takes for a formula; numbers stay numbers."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return round(value, PLACES)
    if isinstance(value, int | Decimal):
        return value
    if isinstance(value, datetime):
        return moment(value) if timezone.is_aware(value) else str(value)
    text = str(value)
    text = ILLEGAL_CHARACTERS_RE.sub("", text)
    return f"'{text}" if text.startswith(STARTS_A_FORMULA) else text


def moment(value: datetime) -> str:
    """As the pages say it, and exact by its offset: 2026-12-01T08:00:00+08:00."""
    return timezone.localtime(value).isoformat(timespec="seconds")


def download(rows: Iterable[list], name: str, file_format: str, *, status: int = 200):
    """The answer that carries neutral rows as a file called ``name`` with its ending."""
    written, content_type = (workbook, XLSX) if file_format == "xlsx" else (_as_csv, CSV)
    return StreamingHttpResponse(
        written(_in_language(rows, translation.get_language())),
        status=status,
        content_type=content_type,
        headers={"Content-Disposition": f'attachment; filename="{name}.{file_format}"'},
    )


def _in_language(rows: Iterable[list], language: str) -> Iterator[list]:
    """What is read while it is sent is read after the request, whose language is gone by then."""
    rows = iter(rows)
    while True:
        with translation.override(language):
            row = next(rows, None)
        if row is None:
            return
        yield row


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, value: str) -> str:
        return value


def _as_csv(rows: Iterable[list]) -> Iterator[str]:
    """UTF-8 with a byte order mark, so that spreadsheets read the Chinese right."""
    writer, rows = csv.writer(_Echo()), iter(rows)
    yield "\ufeff"
    while lines := [writer.writerow(row) for row in islice(rows, AT_ONCE)]:
        yield "".join(lines)
