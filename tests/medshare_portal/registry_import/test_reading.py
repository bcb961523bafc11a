"""Files that are taken, and files that are refused with the reason."""

import io
import zipfile
from datetime import date

import pytest
from django.utils import translation
from openpyxl import Workbook

from medshare_portal.registry_import.reading import MOST_ROWS, Unreadable, read

KNOWN = ["slug", "name_en", "name_zh", "beds"]
NEEDED = ["slug"]


def workbook(*lines):
    book = Workbook()
    for line in lines:
        book.active.append(line)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def sheet(content):
    return read(content, KNOWN, NEEDED)


def reason(content):
    with translation.override("en"), pytest.raises(Unreadable) as refused:
        sheet(content)
    return str(refused.value.message)


TEXT = "slug,name_zh\nrenhe,仁和综合医院\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_the_three_encodings_of_our_hospitals_are_read(encoding):
    read_sheet = sheet(TEXT.encode(encoding))
    assert read_sheet.columns == ["slug", "name_zh"]
    assert read_sheet.rows == [(2, ["renhe", "仁和综合医院"])]


@pytest.mark.parametrize(
    "content",
    [
        TEXT.encode("utf-16"),
        "slug,name_en\nx,Hôpital général érable\n".encode("latin-1"),
        "slug,name_zh\nrenhe,仁愛綜合醫院\n".encode("big5"),
        b"slug,name_en\nx,\xff\xff\n",
        b"slug,name_en\nx,a\0b\n",
    ],
)
def test_other_encodings_are_refused_by_name(content):
    assert reason(content).startswith("The file is not text in UTF-8 or GB 18030.")


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_usual_delimiters_are_understood(delimiter):
    content = f"slug{delimiter}beds\nrenhe{delimiter}12\n".encode()
    assert sheet(content).rows == [(2, ["renhe", "12"])]


def test_line_numbers_count_blank_lines_and_lines_inside_cells():
    content = b'slug,name_en\n\n"a","two\nlines"\nb,x\n'
    assert [line for line, _cells in sheet(content).rows] == [4, 5]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "The file has no header line."),
        (b"\n\n", "The file has no header line."),
        (b"slug,colour\na,b\n", "Unknown columns: colour."),
        (b"slug,beds,beds\na,1,2\n", "Columns named twice: beds."),
        (b"name_en\na\n", "Missing columns: slug."),
        (b"slug,beds\na,1,2\n", "Line 2 has more cells than the header."),
        (
            b'slug\n"open\n',
            "Line 2 cannot be read: a quotation mark is wrong, or a cell is too long.",
        ),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "This is an old Excel file. Save it as .xlsx or CSV."),
        (b"slug\n" + b"x" * 6000, "Line 2 has a cell that is too long."),
        (b"PK\x03\x04 not really", "The file is not an Excel workbook that can be read."),
        (b"x" * (5 * 1024 * 1024 + 1), "The file is larger than 5 MB. Split it."),
        (b"slug\n" + b"a\n" * (MOST_ROWS + 1), "The file has more than 10000 rows. Split it."),
    ],
)
def test_a_file_that_cannot_be_taken_says_why(content, words):
    assert reason(content) == words


def test_a_workbook_is_read_as_a_person_sees_it():
    content = workbook(
        ["slug", "name_en", "beds"], ["a", date(2026, 1, 31), 12.0], ["b", True, 1.5]
    )
    assert sheet(content).rows == [(2, ["a", "2026-01-31", "12"]), (3, ["b", "yes", "1.5"])]


def test_a_formula_stays_text():
    content = workbook(["slug", "name_en"], ["a", '=HYPERLINK("http://evil.example")'])
    assert sheet(content).rows == [(2, ["a", '=HYPERLINK("http://evil.example")'])]


def repacked(content, name, data):
    """The workbook with one part replaced."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.namelist():
            new.writestr(part, data if part == name else old.read(part))
    return out.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


def test_a_workbook_that_unpacks_to_a_hundred_megabytes_is_refused_unopened():
    bomb = repacked(workbook(["slug"], ["a"]), SHEET, b" " * 100_000_000)
    assert len(bomb) < 200_000
    assert reason(bomb) == "The workbook unpacks to far more than its size."


def test_a_workbook_with_entities_is_refused():
    xml = b'<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet>&a;</worksheet>'
    bomb = repacked(workbook(["slug"], ["a"]), SHEET, xml)
    assert reason(bomb) == "The workbook holds declarations that are not allowed."


def test_a_row_at_the_end_of_the_world_does_not_fill_the_memory():
    xml = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        b'<row r="1048576"><c r="A1048576" t="inlineStr"><is><t>slug</t></is></c></row>'
        b"</sheetData></worksheet>"
    )
    assert reason(repacked(workbook(["slug"]), SHEET, xml)) == (
        "The first sheet has too many rows or columns."
    )


def test_broken_sheets_are_refused():
    assert reason(repacked(workbook(["slug"]), SHEET, b"<worksheet><row>")) == (
        "The file is not an Excel workbook that can be read."
    )
