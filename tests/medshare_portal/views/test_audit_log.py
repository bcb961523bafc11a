"""The audit log: one's own chain, filtered, exported."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from medshare_portal import audit
from tests import make

BACKEND = "medshare_portal.backends.PortalBackend"
NOW = datetime(2026, 11, 24, 4, tzinfo=UTC)


@pytest.fixture
def approver(client, db):
    person = make.user("approver", at=make.institution("renhe"), role="approver")
    client.force_login(person, backend=BACKEND)
    return person


def record(chain, label, *, by=None, at=NOW, action="request.approve", obj=None):
    audit.record(
        chains=[chain], by=by, action=action, obj=obj or "x", now=at, label=label, data={"a": 1}
    )


def labels(client, query=""):
    table = client.get(f"/at/renhe/audit/{query}").context["table"]
    return [row.record.object_label for row in table.rows]


def test_only_the_own_chain_is_shown(client, approver):
    record("renhe", "ours")
    record("xihu", "theirs")
    record("city", "the city's")
    assert labels(client) == ["ours"]


def test_a_coordinator_may_not_read_it(client, db):
    person = make.user("c", at=make.institution("renhe"), role="coordinator")
    client.force_login(person, backend=BACKEND)
    assert client.get("/at/renhe/audit/").status_code == 403
    assert client.get("/at/renhe/audit/export/").status_code == 403


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?action=request", ["b", "a"]),
        ("?action=request.approve", ["b", "a"]),
        ("?action=request.decline", []),
        ("?action=offer", []),
        ("?who=appr", ["b"]),
        ("?which=A", ["a"]),
        ("?since=2026-11-25", ["b"]),
        ("?until=2026-11-24", ["a"]),
    ],
)
def test_filters(client, approver, query, found):
    record("renhe", "a")
    record("renhe", "b", by=approver, at=NOW + timedelta(hours=12, seconds=1))  # 00:00:01 local
    assert labels(client, query) == found


@pytest.mark.parametrize(
    "query", ["?action=login", "?since=x", "?until=99999-01-01", "?action=%00", "?who=" + "x" * 200]
)
def test_malformed_filters_are_a_400(client, approver, query):
    record("renhe", "a")
    assert client.get(f"/at/renhe/audit/{query}").status_code == 400
    export = client.get(f"/at/renhe/audit/export/{query}")
    assert export.status_code == 400
    assert b"request.approve" not in b"".join(export.streaming_content)


def test_a_device_leads_to_its_page(client, approver):
    device = make.equipment(approver.groups.get().role_group.institution)
    record("renhe", "Ventilator", obj=device)
    page = client.get("/at/renhe/audit/").content.decode()
    assert f'<a href="/at/renhe/resources/{device.pk}/">Ventilator</a>' in page


def test_the_head_of_the_chain_is_shown(client, approver):
    record("renhe", "a")
    page = client.get("/at/renhe/audit/")
    assert page.context["head"].head_hash in page.content.decode()


@pytest.mark.parametrize("nasty", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "＝1"])
def test_an_exported_cell_is_never_a_formula(client, approver, nasty):
    record("renhe", nasty)
    text = b"".join(client.get("/at/renhe/audit/export/").streaming_content).decode("utf-8-sig")
    assert f"'{nasty}" in text


def test_the_list_asks_the_same_number_of_questions_for_one_and_thirty(client, approver):
    client.get("/at/renhe/audit/")  # the session is written once
    counts = []
    for number in (1, 29):
        for _ in range(number):
            record("renhe", "x")
        with CaptureQueriesContext(connection) as asked:
            client.get("/at/renhe/audit/")
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_what_happened_is_told_in_words_with_the_portal_named(client, approver):
    record("renhe", "EQ-7", action="request.lapse")
    record("renhe", "EQ-8", action="offer-withdrawn", by=approver)
    page = client.get("/at/renhe/audit/").content.decode()
    for words in ("Lapsed without an answer", "System", "Offer withdrawn", "a: 1"):
        assert f">{words}<" in page
    for code in ("request.lapse</td>", "offer-withdrawn", ">system<"):
        assert code not in page


def test_the_export_keeps_codes_and_raw_facts(client, approver):
    record("renhe", "EQ-7")
    text = b"".join(client.get("/at/renhe/audit/export/").streaming_content).decode("utf-8-sig")
    assert "request.approve" in text
    assert '{""a"": 1}' in text
