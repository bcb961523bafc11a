"""The rows behind the figures as files: complete, neutral, of the reader's own, in little memory."""

import csv
import io
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from medshare_portal.db.streams import streamed
from medshare_portal.models import AuditEvent
from medshare_portal.roles import Role
from reports.actions import usage
from reports.models import UsageFact
from reports.queries.use_rows import COLUMNS
from tests import make
from tests.make.answers import closed

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 10, 4, tzinfo=UTC)
ALL_DAYS = "first=2025-01-01&last=2026-03-11"


@pytest.fixture
def town():
    """Renhe lent to Xihu and to Meilin."""
    renhe, xihu, meilin = (make.institution(name) for name in ("renhe", "xihu", "meilin"))
    pump = make.equipment(renhe, name_en="=CMD() pump", name_zh="输液泵")
    make.sharing_request(pump, xihu, state="declined", now=NOW)
    make.sharing_request(
        make.equipment(renhe, name_en="Scanner"), meilin, state="declined", now=NOW
    )
    usage.record_missing(now=NOW)
    return SimpleNamespace(renhe=renhe, xihu=xihu, meilin=meilin)


def taken(client, address, file_format="csv"):
    answer = client.post(address, {"format": file_format})
    assert answer.status_code == 200
    content = b"".join(answer.streaming_content)
    closed(answer)
    return content


def rows_of(content: bytes) -> list[dict]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def test_each_side_takes_its_own_rows_along_and_nobody_elses(town, client):
    for house, expected in ((town.renhe, 2), (town.xihu, 1), (town.meilin, 1)):
        client.force_login(make.user(at=house, role=Role.COORDINATOR))
        rows = rows_of(taken(client, f"/at/{house.slug}/figures/requests/export/?{ALL_DAYS}"))
        assert len(rows) == expected
        assert all(house.name_en in (row["owner_en"], row["borrower_en"]) for row in rows)
    event = AuditEvent.unscoped.filter(action="figures.uses_exported", chain="meilin").get()
    assert event.data["format"] == "csv"
    assert ["first", "2025-01-01"] in event.data["filters"]


def test_the_city_takes_everybodys_along_as_a_workbook_without_formulas(town, client):
    client.force_login(make.user(role=Role.CITY_OFFICIAL))
    address = f"/city/figures/requests/export/?{ALL_DAYS}"
    head, *rows = load_workbook(
        io.BytesIO(taken(client, address, "xlsx"))
    ).active.iter_rows(values_only=True)  # fmt: skip
    assert list(head) == list(COLUMNS)
    assert {row[head.index("resource_en")] for row in rows} == {"'=CMD() pump", "Scanner"}
    only = taken(client, f"{address}&institution={town.xihu.pk}")
    assert [row["resource_zh"] for row in rows_of(only)] == ["输液泵"]


def test_the_file_holds_the_period_that_the_page_shows(town, client):
    client.force_login(make.user(at=town.renhe, role=Role.COORDINATOR))
    before = "period=own&first=2020-01-01&last=2020-02-01"
    assert rows_of(taken(client, f"/at/renhe/figures/requests/export/?{before}")) == []


@pytest.mark.parametrize(
    "query",
    [
        "first=1826-01-01&last=x",
        "kind=beds",
        "institution=999999",
        "outcome=%00",
        "last=2026-02-30",
    ],
)
def test_what_cannot_be_is_no_file_and_no_entry(town, client, query):
    client.force_login(make.user(role=Role.CITY_OFFICIAL))
    answer = client.post(f"/city/figures/requests/export/?{query}", {"format": "csv"})
    assert answer.status_code == 400
    assert not AuditEvent.unscoped.filter(action__startswith="figures.").exists()


def test_without_the_right_there_are_no_buttons_and_no_file(town, client):
    client.force_login(make.user(at=town.xihu, role=Role.VIEWER))
    page = client.get(f"/at/xihu/figures/requests/?{ALL_DAYS}").content.decode()
    assert "requests/export/" not in page
    answer = client.post("/at/xihu/figures/requests/export/", {"format": "csv"})
    assert answer.status_code == 403


def test_pieces_put_together_are_all_rows_the_last_first(town):
    keys = list(UsageFact.unscoped.order_by("-pk").values_list("request_key", flat=True))
    found = streamed(UsageFact.objects.in_city_view(), "request_key", at_once=1)
    assert [key for (key,) in found] == keys


@pytest.mark.sqlite  # PostgreSQL's readers are in nobody's way
def test_a_slow_reader_of_sqlite_leaves_no_statement_open_that_keeps_writers_out(town):
    with CaptureQueriesContext(connection) as asked:
        rows = streamed(UsageFact.objects.in_city_view(), "request_key", at_once=1)
        next(rows)
        assert [query["sql"].endswith("LIMIT 1") for query in asked] == [True]
        assert len(list(rows)) == 1
