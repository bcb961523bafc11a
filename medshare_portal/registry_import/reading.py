"""A file becomes a sheet of texts, or is refused with the reason; its content says what it is."""

import csv
import io
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from medshare_portal.refusals import Refusal
from medshare_portal.registry_import import workbooks

LARGEST_FILE = 5 * 1024 * 1024
MOST_ROWS = 10_000
MOST_COLUMNS = 60
LONGEST_CELL = 5_000
OLD_EXCEL = b"\xd0\xcf\x11\xe0"
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
# Lead bytes of GB 2312's punctuation and its first, common half of characters.
COMMON_LEADS = (*range(0xA1, 0xA4), *range(0xB0, 0xD8))
COMMON_SHARE = 0.7


class Unreadable(Refusal):
    """The file as a whole cannot be taken; the message says why."""

    status = 422
    field = "file"


@dataclass(frozen=True)
class Sheet:
    """Column names, and (line number, texts) of each row that is not blank."""

    columns: list[str]
    rows: list[tuple[int, list[str]]]


def read(content: bytes, known: list[str], needed: list[str]) -> Sheet:
    """The sheet of an uploaded file whose columns are among ``known``; raises Unreadable."""
    if len(content) > LARGEST_FILE:
        raise Unreadable(_("The file is larger than 5 MB. Split it."))
    if content.startswith(OLD_EXCEL):
        raise Unreadable(_("This is an old Excel file. Save it as .xlsx or CSV."))
    lines = _lines(content)
    _line, header = next(lines, (1, []))
    columns = _columns(header, known, needed)
    return Sheet(columns, list(_rows(lines, columns)))


def _lines(content: bytes):
    """(line number, cells) of each line."""
    if content.startswith(b"PK"):
        try:
            return iter(workbooks.lines_of(content, most_columns=MOST_COLUMNS))
        except workbooks.NotAWorkbook as reason:
            raise Unreadable(reason.args[0]) from reason
    return _csv_lines(decoded(content))


def decoded(content: bytes) -> str:
    """Text of a CSV file: UTF-8 with or without its mark, or GB 18030; else Unreadable."""
    if content.startswith(UTF_16) or b"\0" in content:
        raise Unreadable(_("The file is not text in UTF-8 or GB 18030. Save it as “CSV UTF-8”."))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _from_gb18030(content)


def _from_gb18030(content: bytes) -> str:
    """Other encodings often decode as rare Chinese characters; common ones must prevail."""
    wrong = Unreadable(_("The file is not text in UTF-8 or GB 18030. Save it as “CSV UTF-8”."))
    try:
        text = content.decode("gb18030")
    except UnicodeDecodeError:
        raise wrong from None
    pairs = [character.encode("gb18030") for character in text if not character.isascii()]
    common = sum(pair[0] in COMMON_LEADS and pair[1] >= 0xA1 for pair in pairs if len(pair) == 2)
    if common < COMMON_SHARE * len(pairs):
        raise wrong
    return text


def _csv_lines(text: str):
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for cells in reader:
            yield reader.line_num, cells
    except csv.Error as error:
        message = _(
            "Line %(line)s cannot be read: a quotation mark is wrong, or a cell is too long."
        )
        raise Unreadable(message % {"line": reader.line_num}) from error


def _columns(header: list[str], known: list[str], needed: list[str]) -> list[str]:
    names = [name.strip().lower() for name in header]
    while names and not names[-1]:
        names.pop()
    if not names:
        raise Unreadable(_("The file has no header line."))
    for message, wrong in (
        (_("Unknown columns: %(names)s."), [n or "–" for n in names if n not in known]),
        (_("Columns named twice: %(names)s."), {n for n in names if names.count(n) > 1}),
        (_("Missing columns: %(names)s."), [n for n in needed if n not in names]),
    ):
        if wrong:
            raise Unreadable(message % {"names": ", ".join(sorted(wrong))[:300]})
    return names


def _rows(lines, columns: list[str]):
    count = 0
    for number, cells in lines:
        texts = [cell.strip() for cell in cells]
        if not any(texts):
            continue
        count += 1
        if count > MOST_ROWS:
            message = _("The file has more than %(most)s rows. Split it.")
            raise Unreadable(message % {"most": MOST_ROWS})
        yield number, _fitted(number, texts, len(columns))


def _fitted(number: int, texts: list[str], width: int) -> list[str]:
    if any(texts[width:]):
        message = _("Line %(line)s has more cells than the header.")
        raise Unreadable(message % {"line": number})
    if any(len(text) > LONGEST_CELL for text in texts):
        message = _("Line %(line)s has a cell that is too long.")
        raise Unreadable(message % {"line": number})
    return (texts + [""] * width)[:width]
