"""Tables back as files: what was changed in them, and nothing that stood beside the cells."""

import csv
import io

from openpyxl import Workbook

from medshare_portal.spreadsheets import neutral
from resources.kinds.information.tabular import Table

LONGEST_NUMBER = 15  # digits that a spreadsheet keeps exactly


def as_csv(table: Table) -> bytes:
    """UTF-8 with a byte order mark, so that spreadsheets read the Chinese right."""
    text = io.StringIO()
    csv.writer(text).writerows([table.header, *table.rows])
    return text.getvalue().encode("utf-8-sig")


def as_workbook(tables: list[Table]) -> bytes:
    """A new workbook of values only: charts, pivot tables and names of the old one would still
    hold what was suppressed."""
    book, file = Workbook(write_only=True), io.BytesIO()
    for table in tables:
        sheet = book.create_sheet(table.name)
        for row in (table.header, *table.rows):
            sheet.append([_value(text) for text in row])
    book.save(file)
    return file.getvalue()


def _value(text: str) -> str | int:
    """Whole numbers stay numbers; nothing becomes a formula."""
    plain = text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER
    return int(text) if plain and str(int(text)) == text else neutral(text)
