"""What leaves the portal, what the filters leave, how often the pages ask the database."""

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from medshare_portal.models import AuditEvent
from reports.models import StatementLine
from tests import make
from tests.make.answers import closed

pytestmark = pytest.mark.django_db


def file_of(desk, client, file_format):
    client.force_login(desk.people["east"])
    address = desk.address(desk.east, "statement-export", desk.statement.pk)
    response = client.post(address, {"format": file_format})
    content = b"".join(response.streaming_content)
    closed(response)
    return response, content


def test_the_file_holds_the_lines_as_exact_numbers_and_no_formula(desk, client):
    line = StatementLine.unscoped.get()
    desk.disputed(reason="=HYPERLINK(1)", state="agreed", answered_at=desk.now,
                  answered_by=desk.people["east"])  # fmt: skip
    response, content = file_of(desk, client, "csv")
    (row,) = csv.DictReader(io.StringIO(content.decode("utf-8-sig")))
    assert (row["amount"], row["quantity"], row["price"]) == ("800.00", "8.00", "100.00")
    began = timezone.localtime(line.starts_at)  # the day of the page is the day of the file
    assert row["from"] == began.isoformat(timespec="seconds")
    assert row["from"].endswith("+08:00")
    assert row["dispute_reason"] == "'=HYPERLINK(1)"
    assert "attachment" in response["Content-Disposition"]
    event = AuditEvent.unscoped.get(action="statement.exported")
    assert (event.chain, event.data) == ("east", {"format": "csv"})


def test_the_workbook_holds_numbers(desk, client):
    _response, content = file_of(desk, client, "xlsx")
    head, row = load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True)
    assert dict(zip(head, row, strict=True))["amount"] == 800


def test_an_unknown_format_is_refused_and_too_many_files_are_told_to_wait(desk, client):
    client.force_login(desk.people["east"])
    address = desk.address(desk.east, "statement-export", desk.statement.pk)
    assert client.post(address, {"format": "pdf"}).status_code == 400
    for _file in range(10):
        closed(client.post(address, {"format": "csv"}))
    assert client.post(address, {"format": "csv"}).status_code == 429


@pytest.mark.parametrize("query", ["month=2026-13", "month=x", "counterpart=0", "state=draft"])
def test_a_malformed_filter_is_a_400_without_rows(desk, client, query):
    client.force_login(desk.people["east"])
    page = client.get(desk.address(desk.east, "statement-list") + "?" + query)
    assert (page.status_code, len(page.context["table"].rows)) == (400, 0)


def test_the_filters_narrow(desk, client):
    month = f"{desk.statement.month:%Y-%m}"
    client.force_login(desk.people["east"])

    def found(query):
        page = client.get(desk.address(desk.east, "statement-list") + "?" + query)
        return len(page.context["table"].rows)

    assert found(f"month={month}&counterpart={desk.west.pk}&state=review") == 1
    assert [found("state=closed"), found(f"counterpart={make.institution().pk}")] == [0, 0]


def test_the_pages_ask_as_often_for_thirty_rows_as_for_one(desk, client):
    counts = []
    for rows in (1, 30):
        for _row in range(rows):
            third = make.institution()
            make.statement_line(desk.device, third, now=desk.now)
            line = make.statement_line(desk.device, desk.west, now=desk.now)
            make.line_dispute(line, now=desk.now, by=desk.people["west"])
        counts.append([_queries(desk, client, *page) for page in PAGES])
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 12


PAGES = (("statement-list",), ("statement", "own"))


def _queries(desk, client, name, *own):
    arguments = [desk.statement.pk] if own else []
    desk.get(client, desk.east, name, *arguments)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(desk.address(desk.east, name, *arguments)).status_code == 200
    return len(captured)


def test_the_citys_list_asks_as_often_for_thirty_as_for_one(desk, client):
    counts = []
    client.force_login(make.city_user())
    for rows in (1, 30):
        for _row in range(rows):
            make.statement_line(desk.device, make.institution(), now=desk.now)
        client.get("/city/statements/")
        with CaptureQueriesContext(connection) as captured:
            client.get("/city/statements/")
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 14
