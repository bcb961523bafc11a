"""Files of the filtered list: neutral cells, the visibility contract, the audit trail."""

import csv
from io import BytesIO, StringIO

import pytest
from django.core.cache import cache
from django.utils import timezone
from openpyxl import load_workbook

from medshare_portal.models import AuditEvent, RateCount, User
from medshare_portal.spreadsheets import neutral
from resources.actions.exports import MOST, WITHIN
from resources.exports import export_rows
from resources.kinds import kinds
from resources.models import Resource
from resources.queries.catalogue import with_offer_columns
from tests import make
from tests.make.answers import closed

pytestmark = pytest.mark.django_db
URL = "/at/renhe/resources/export/"


@pytest.fixture(autouse=True)
def _fresh_counts():
    cache.clear()


@pytest.fixture
def renhe():
    return make.institution("renhe")


@pytest.fixture
def other():
    return make.institution("dongbei")


@pytest.fixture
def coordinator(client, renhe):
    client.force_login(make.user("coordinator", at=renhe, role="coordinator"))
    return client


def rows_of(response):
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return {row["code"]: row for row in csv.DictReader(StringIO(text))}


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝"])
def test_a_cell_that_would_be_a_formula_is_text(start):
    assert neutral(f"{start}cmd|x") == f"'{start}cmd|x"


def test_numbers_stay_numbers_and_control_characters_go():
    assert (neutral(-5), neutral(None), neutral(True), neutral("a\x00b")) == (-5, "", "yes", "ab")


def test_csv_holds_what_is_filtered_and_hides_what_is_not_ours(coordinator, renhe, other):
    make.equipment(renhe, code="OWN", name_en="=1+1", serial_no="CANARY-OWN", room="Room own")
    make.equipment(
        other,
        code="THEIRS",
        serial_no="CANARY-SERIAL",
        room="CANARY-ROOM",
        status_note="CANARY-NOTE",
    )
    make.equipment(other, code="PRIVATE", visibility="private")
    response = coordinator.post(URL, {"format": "csv"})
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    rows = rows_of(response)
    assert set(rows) == {"OWN", "THEIRS"}
    assert (rows["OWN"]["name_en"], rows["OWN"]["serial_no"], rows["OWN"]["room"]) == (
        "'=1+1",
        "CANARY-OWN",
        "Room own",
    )
    assert "CANARY" not in str(rows["THEIRS"])
    assert rows["THEIRS"]["manufacturer"] == "Example Medical"
    only = rows_of(coordinator.post(URL + "?scope=others", {"format": "csv"}))
    assert set(only) == {"THEIRS"}


@pytest.mark.parametrize("kind", list(kinds), ids=lambda kind: kind.code)
def test_every_column_has_a_name_of_its_own(kind, renhe):
    rows = with_offer_columns(Resource.objects.owned_by(renhe), timezone.now())
    head = next(export_rows(rows, kind, renhe))
    assert sorted(set(head)) == sorted(head)


def test_xlsx_is_a_workbook_with_the_same_rows(coordinator, other):
    make.equipment(other, code="THEIRS", name_en="@SUM(A1)")
    response = coordinator.post(URL, {"format": "xlsx"})
    sheet = load_workbook(BytesIO(b"".join(response.streaming_content))).active
    head, row = list(sheet.values)
    assert dict(zip(head, row, strict=True))["name_en"] == "'@SUM(A1)"


def test_an_export_is_audited_with_its_filters(coordinator, renhe):
    coordinator.post(URL + "?scope=ours&mode=loan", {"format": "csv"})
    event = AuditEvent.objects.everywhere(reason="test").get(chain="renhe")
    assert (event.action, event.data) == (
        "resources.exported",
        {"kind": "equipment", "format": "csv", "filters": [["mode", "loan"], ["scope", "ours"]]},
    )


def test_reading_does_not_export(coordinator):
    assert coordinator.get(URL).status_code == 405


@pytest.mark.parametrize(
    ("query", "form"), [("", "exe"), ("", ""), ("?max_km=x", "csv"), ("?category=nope", "csv")]
)
def test_a_malformed_export_is_400_and_leaves_no_trace(coordinator, query, form):
    assert coordinator.post(URL + query, {"format": form}).status_code == 400
    assert not AuditEvent.objects.everywhere(reason="test").exists()


def test_a_viewer_may_not_export_and_is_told_whom_to_ask(client, renhe):
    client.force_login(make.user(at=renhe, role="viewer"))
    response = client.post(URL, {"format": "csv"})
    assert response.status_code == 403
    assert "Coordinator" in response.content.decode()


def export(client, path=URL):
    return closed(client.post(path, {"format": "csv"}))


def test_a_person_takes_ten_lists_a_minute_along_whichever_they_are(client, coordinator, renhe):
    for number in range(MOST):
        address = ("/at/renhe/lending/export/", URL)[number % 2]
        assert export(client, address).status_code == 200
    refused = export(client, f"{URL}?scope=ours")
    assert refused.status_code == 429
    assert 1 <= int(refused["Retry-After"]) <= 60
    assert 'href="/at/renhe/resources/?scope=ours"' in refused.content.decode()
    assert AuditEvent.unscoped.filter(action="resources.exported").count() == MOST


def test_another_person_and_another_minute_count_anew(client, coordinator, renhe):
    for _file in range(MOST + 1):
        last = export(client)
    assert last.status_code == 429
    client.force_login(make.user(at=renhe, role="coordinator"))
    assert export(client).status_code == 200
    RateCount.objects.update(since=timezone.now() - WITHIN)
    client.force_login(User.objects.get(username="coordinator"))
    assert export(client).status_code == 200


@pytest.mark.parametrize(
    ("language", "words"), [("en", "Too many files at once"), ("zh-hans", "导出过于频繁")]
)
def test_the_page_of_too_many_is_in_both_languages(client, coordinator, language, words):
    for _file in range(MOST):
        export(client)
    User.objects.filter(username="coordinator").update(language=language)
    assert words in export(client).content.decode()
