"""Excel files of counts: looked through and suppressed like CSV, and without what no cell shows."""

import hashlib
import io
import zipfile

import pytest
from openpyxl import Workbook, load_workbook

from resources.models import SharedFile
from tests import make
from tests.resources.information.test_entry import said, upload

pytestmark = pytest.mark.django_db


def test_a_workbook_of_counts_is_looked_through_too(client, keeper, owner):
    resource = make.asset(owner, identifiability="aggregate", content=None, terms=None)
    book, file = Workbook(), io.BytesIO()
    for row in (["ward", "n"], ["A", 2], ["B", 30]):
        book.active.append(row)
    book.save(file)
    response = upload(client, resource, file.getvalue())
    assert said(response) == [("INF-11", "Column “n”, row Sheet 2: 2 is below 5.")]


def workbook(*sheets, formula=None):
    book, file = Workbook(), io.BytesIO()
    book.remove(book.active)
    for number, rows in enumerate(sheets, start=1):
        sheet = book.create_sheet(f"Sheet{number}")
        for row in rows:
            sheet.append(row)
    if formula:
        book.worksheets[0]["D1"] = formula
    book.save(file)
    return file.getvalue()


def test_small_counts_of_a_workbook_are_suppressed_in_every_sheet(client, keeper, owner):
    resource = make.asset(owner, identifiability="aggregate", content=None, terms=None)
    wards = [["ward", "人数"], ["A", 2], ["B", 30], ["C", 60]]
    years = [["year", "cases"], [2025, 1200], [2026, 0]]
    response = upload(client, resource, workbook(wards, years), suppress="on")
    assert response.status_code == 302
    stored = SharedFile.objects.owned_by(owner).get()
    with stored.file.open("rb") as file:
        content = file.read()
    sheets = load_workbook(io.BytesIO(content)).worksheets
    assert [list(sheet.iter_rows(values_only=True)) for sheet in sheets] == [
        [("ward", "人数"), ("A", "<5"), ("B", "*"), ("C", 60)],
        [("year", "cases"), (2025, 1200), (2026, 0)],
    ]
    assert (stored.suppressed, stored.size) == (True, len(content))
    assert stored.sha256 == hashlib.sha256(content).hexdigest()


def test_what_a_formula_shows_is_not_seen_and_so_not_taken(client, keeper, owner):
    resource = make.asset(owner, identifiability="aggregate", content=None, terms=None)
    content = workbook([["ward", "n", ""], ["A", 20, ""], ["B", 30, ""]], formula="=B3-B2-8")
    response = upload(client, resource, content, suppress="on")
    assert [code for code, _message in said(response)] == ["INF-10"]
    assert not SharedFile.objects.owned_by(owner).exists()


def test_the_rows_behind_a_pivot_table_are_not_taken(client, keeper, owner):
    resource = make.asset(owner, identifiability="aggregate", content=None, terms=None)
    file = io.BytesIO(workbook([["ward", "n"], ["A", 20]]))
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("xl/pivotCache/pivotCacheRecords1.xml", "<records/>")
    response = upload(client, resource, file.getvalue(), suppress="on")
    assert [code for code, _message in said(response)] == ["INF-10"]
