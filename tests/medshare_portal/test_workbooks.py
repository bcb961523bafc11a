"""A workbook that is written while it is sent is one that every reader opens."""

import io
import tracemalloc
from decimal import Decimal
from zipfile import ZipFile

from openpyxl import load_workbook

from medshare_portal import workbooks
from medshare_portal.workbooks import workbook


def read(rows, **more):
    return load_workbook(io.BytesIO(b"".join(workbook(rows, **more))))


def values(sheet):
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def test_text_stays_text_and_numbers_stay_numbers():
    row = ["=1+1", "  & <b> “呼吸机” \n", -3, Decimal("12.50"), 0.1, "", None, "\ud800"]
    found = read([["a", "b"], row]).active
    assert values(found)[1] == [
        "=1+1", "  & <b> “呼吸机” \n", -3, 12.5, 0.1, None, None, "?",
    ]  # fmt: skip
    assert found["A2"].data_type == "s"


def test_nothing_is_a_workbook_with_an_empty_sheet():
    assert values(read([]).active) in ([], [[]])


def test_rows_beyond_a_sheet_stand_on_the_next_under_the_same_head(monkeypatch):
    monkeypatch.setattr(workbooks, "MOST_ROWS", 4)
    book = read([["head"], *([number] for number in range(7))])
    assert [(sheet.title, values(sheet)) for sheet in book] == [
        ("MedShare", [["head"], [0], [1], [2]]),
        ("MedShare 2", [["head"], [3], [4], [5]]),
        ("MedShare 3", [["head"], [6]]),
    ]


def test_a_sheet_that_is_full_to_the_row_has_no_empty_one_behind_it(monkeypatch):
    monkeypatch.setattr(workbooks, "MOST_ROWS", 4)
    assert len(read([["head"], [1], [2], [3]]).worksheets) == 1


def test_what_is_sent_is_a_sound_zip_file():
    with ZipFile(io.BytesIO(b"".join(workbook([["a"], ["b"]])))) as book:
        assert book.testzip() is None


def test_memory_does_not_grow_with_the_rows():
    def peak(number):
        tracemalloc.start()
        for _piece in workbook([row, "呼吸机 " * 9] for row in range(number)):
            pass
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    assert peak(20_000) < 1.2 * peak(2_000)
