"""The sheets of an XLSX file as texts, looked at as an archive before it is opened."""

import io
import zipfile
import zlib
from datetime import date, datetime, time
from xml.etree.ElementTree import ParseError

from django.utils.translation import gettext_lazy as _
from openpyxl import load_workbook

LARGEST_UNPACKED = 60 * 1024 * 1024
LARGEST_RATIO = 150
MOST_PARTS = 300
MOST_LINES = 20_000
PROLOG = 65_536


class NotAWorkbook(Exception):
    """The first argument says why, for the person."""


def lines_of(content: bytes, *, most_columns: int):
    """(line number, texts) of the first sheet; raises NotAWorkbook."""
    return _read(content, lambda sheets: _texts(sheets[0], most_columns))


def sheets_of(content: bytes, *, most_columns: int) -> list[tuple[str, list[list[str]]]]:
    """(name, texts by row) of every sheet, hidden ones too; raises NotAWorkbook."""
    return _read(
        content,
        lambda sheets: [
            (sheet.title, [texts for _number, texts in _texts(sheet, most_columns)])
            for sheet in sheets
        ],
    )


def _read(content: bytes, reading):
    try:
        look_at_archive(content)
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
        return reading(book.worksheets)
    except (
        zipfile.BadZipFile, zlib.error, ParseError, KeyError, ValueError, IndexError,
        TypeError, AttributeError, OSError, EOFError, NotImplementedError, RuntimeError,
    ) as error:  # fmt: skip
        raise NotAWorkbook(_("The file is not an Excel workbook that can be read.")) from error


def look_at_archive(content: bytes) -> None:
    """Sizes as the archive tells them, then as unpacking shows: an archive may lie.

    Raises NotAWorkbook, and what a broken archive raises.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = archive.infolist()
        if len(parts) > MOST_PARTS:
            raise NotAWorkbook(_("The workbook has too many parts."))
        if sum(part.file_size for part in parts) > min(
            LARGEST_UNPACKED, len(content) * LARGEST_RATIO
        ):
            raise NotAWorkbook(_("The workbook unpacks to far more than its size."))
        for part in parts:
            _look_at_part(archive, part)


def _look_at_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """No document type declarations: they can expand into anything."""
    with archive.open(part) as stream:
        start = stream.read(PROLOG).replace(b"\0", b"").upper()
    if b"<!DOCTYPE" in start or b"<!ENTITY" in start:
        raise NotAWorkbook(_("The workbook holds declarations that are not allowed."))


def _texts(sheet, most_columns: int) -> list[tuple[int, list[str]]]:
    sheet.reset_dimensions()
    lines = []
    for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
        if number > MOST_LINES or len(cells) > most_columns * 4:
            raise NotAWorkbook(_("The first sheet has too many rows or columns."))
        lines.append((number, [_text(cell) for cell in cells]))
    return lines


def _text(value) -> str:
    """What a person sees in the cell; a formula stays the text that it is."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        day = value.time() == time()
        return value.date().isoformat() if day else value.isoformat(" ", "minutes")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)
