"""INF-10: what plainly points at a person is found, by column and row; what does not, is left."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from resources.kinds.information.identifiers import scan
from resources.kinds.information.tabular import Table, Unreadable, letter_of, tables_of
from resources.person_data import CHECK_CHARACTERS, WEIGHTS, is_national_id

VALID_ID = "11010519491231002X"  # the standard's own example


def table(header: str, *rows: str) -> Table:
    split = [tuple(row.split("|")) for row in rows]
    return Table(header=tuple(header.split("|")), rows=tuple(split))


def found(*tables: Table) -> list[tuple]:
    return [(hit.identifier.value, hit.column, hit.rows) for hit in scan(list(tables))]


@given(st.integers(10**16, 10**17 - 1).map(str))
def test_of_the_eleven_check_characters_exactly_one_makes_a_national_id(first):
    total = sum(int(digit) * weight for digit, weight in zip(first, WEIGHTS, strict=True))
    right = [character for character in CHECK_CHARACTERS if is_national_id(first + character)]
    assert right == [CHECK_CHARACTERS[total % 11]]


@pytest.mark.parametrize(
    ("value", "identifier"),
    [
        (VALID_ID, "national_id"),
        (VALID_ID.lower(), "national_id"),
        ("证件：110105 19491231 002X。", "national_id"),
        ("13812345678", "mobile"),
        ("+86 138-1234-5678", "mobile"),
        ("１３８１２３４５６７８", "mobile"),
        ("0571-87654321", "telephone"),
        ("zhang.san@example.org", "email"),
        ("杭州市西湖区文三路138号", "address"),
        ("221 Baker Street", "address"),
        ("姓名：张三丰", "name"),
        ("Patient name: John Smith", "name"),
        ("住院号：20230815", "record_number"),
        ("MRN 0012345", "record_number"),
        ("出生日期：1960年3月5日", "birth_date"),
    ],
)
def test_a_value_identifies_wherever_it_stands(value, identifier):
    assert found(table("note", "fine", value)) == [(identifier, "note", (3,))]


@pytest.mark.parametrize(
    "value",
    [
        "110105194912310021",  # wrong check digit
        "12345678901",  # no mobile starts so
        "213812345678",  # a mobile inside a longer number
        "2026-11-29",  # the date of an examination
        "S-0012345678",
        "血红蛋白 130 g/L",
        "3号床",
        "1960",
    ],
)
def test_what_only_looks_alike_is_left(value):
    assert found(table("value", value)) == []


@pytest.mark.parametrize(
    ("heading", "identifier"),
    [
        ("姓名", "name"),
        ("Patient Name", "name"),
        ("病历号", "record_number"),
        ("MRN", "record_number"),
        ("家庭住址", "address"),
        ("身份证号", "other_number"),
        ("phone", "mobile"),
    ],
)
def test_a_heading_makes_every_filled_row_identify(heading, identifier):
    assert found(table(f"age|{heading}", "60|A1", "61|", "62|B2")) == [
        (identifier, heading, (2, 4))
    ]


def test_a_birth_date_identifies_to_the_day_and_not_to_the_year():
    assert found(table("出生日期", "1960", "1960-03", "1960-03-05")) == [
        ("birth_date", "出生日期", (4,))
    ]


def test_a_column_of_names_is_found_without_its_heading():
    rows = ("张三", "李四", "欧阳修文", "王小明")
    assert found(table("c1", *rows)) == [("name", "c1", (2, 3, 4, 5))]


@pytest.mark.parametrize(
    "rows", [("康复科", "高压氧科", "石膏室", "高血压"), ("江苏", "安徽", "温州", "金华")]
)
def test_departments_diagnoses_and_places_are_no_names(rows):
    assert found(table("c1", *rows)) == []


def test_a_file_without_a_heading_starts_with_a_person():
    assert found(table(f"60|{VALID_ID}", "61|x"))[0] == ("national_id", VALID_ID, (1,))


def test_many_rows_are_counted_and_the_first_ten_named():
    (hit,) = scan([table("id", *[VALID_ID] * 25)])
    assert (hit.count, hit.rows) == (25, tuple(range(2, 12)))


def test_every_sheet_is_looked_at_hidden_ones_too():
    book = Workbook()
    book.active.append(["value"])
    hidden = book.create_sheet("藏")
    hidden.sheet_state = "hidden"
    for row in (["note"], ["ok"], [VALID_ID]):
        hidden.append(row)
    file = io.BytesIO()
    book.save(file)
    (hit,) = scan(tables_of(file.getvalue(), workbook=True, separated=False))
    assert (hit.sheet, hit.column, hit.rows) == ("藏", "note", (3,))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_chinese_files_are_read_in_their_encodings(encoding):
    content = "编号,姓名\n1,张三\n".encode(encoding)
    assert found(*tables_of(content, workbook=False, separated=True)) == [("name", "姓名", (2,))]


def test_running_text_is_numbered_by_its_lines():
    content = b"Summary\n\ncall 13812345678\n"
    assert found(*tables_of(content, workbook=False, separated=False)) == [("mobile", "A", (3,))]


@pytest.mark.parametrize("content", [b"PK\x03\x04broken", b"\xff\xfe\x00", b""])
def test_what_is_no_workbook_is_refused(content):
    with pytest.raises(Unreadable):
        tables_of(content, workbook=True, separated=False)


def test_columns_without_a_heading_have_their_letters():
    assert [letter_of(place) for place in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


@given(st.lists(st.lists(st.text(max_size=30), min_size=1, max_size=4), max_size=6))
def test_no_content_breaks_the_scan(rows):
    scan([Table(header=tuple(rows[0]) if rows else (), rows=tuple(map(tuple, rows[1:])))])
