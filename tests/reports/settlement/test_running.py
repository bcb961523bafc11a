"""The month so far, where a share stands, and balances as a file."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from medshare_portal.models import AuditEvent
from reports.models import Statement, StatementLine
from reports.settlement.actions import drafting
from reports.settlement.queries.running import running
from reports.settlement.queries.statements import netting, with_balances
from reports.views import balances
from tests import make
from tests.make.answers import closed
from tests.reports.settlement.conftest import NOVEMBER, OCTOBER, Sharing

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
LATE_OCTOBER = datetime(2026, 10, 30, 2, tzinfo=UTC)


def of_every_kind(sharing):
    """East lends by the hour, by the shift and by the pack; west by the hour."""
    sharing.loan(sharing.east, fee="33.33", used=timedelta(hours=7, seconds=1))
    sharing.shift(sharing.east, shift="600.05")
    sharing.transfer(sharing.east, price="30.10", packs=3)
    sharing.loan(sharing.west, fee="0.07", hours=9)
    sharing.loan(sharing.west, fee="5", ended=OCTOBER - 60 * DAY)  # of a month long settled


def test_what_is_running_is_what_the_statement_says_once_the_month_is_over(sharing):
    of_every_kind(sharing)
    found = running(sharing.east, now=LATE_OCTOBER)
    (pair,) = found.pairs
    assert (pair.other, len(found.rows), StatementLine.unscoped.count()) == (sharing.west, 4, 0)
    assert pair.netting.owed_to_us == 23331 + 60005 + 9030
    drafting.draft_month(month=OCTOBER.date().replace(day=1), since=OCTOBER.date(), now=NOVEMBER)
    statement = with_balances(Statement.objects.in_city_view()).get()
    told = netting(statement, sharing.east)
    assert (told.owed_to_us, told.owed_by_us) == (pair.netting.owed_to_us, 63)
    assert running(sharing.east, now=NOVEMBER).pairs == []


def test_both_sides_see_the_same_running_month_and_a_stranger_nothing(sharing):
    of_every_kind(sharing)
    ours, theirs = (running(at, now=LATE_OCTOBER).pairs[0].netting.net for at in
                    (sharing.east, sharing.west))  # fmt: skip
    assert ours == -theirs != 0
    assert running(make.institution("third"), now=LATE_OCTOBER).pairs == []


def test_the_page_of_the_month_asks_no_more_for_many_shares_than_for_one(
    client, django_assert_num_queries
):
    sharing, now = Sharing(), drafting.timezone.now()
    sharing.loan(sharing.east, ended=now - timedelta(minutes=90))
    address = reverse("reports:running-month", args=["east"])
    client.force_login(sharing.people[sharing.east.pk])
    client.get(address)
    with django_assert_num_queries(6):
        assert "800.00 CNY" in client.get(address).content.decode()
    for number in range(5):
        sharing.loan(sharing.east, ended=now - timedelta(minutes=number), device=make.equipment(
            sharing.east))  # fmt: skip
    with django_assert_num_queries(6):
        assert "4,800.00 CNY" in client.get(address).content.decode()


def test_the_lines_of_the_month_come_in_pages_and_the_balances_are_of_all(client, monkeypatch):
    monkeypatch.setattr(balances, "ROWS", 2)
    sharing, now = Sharing(), drafting.timezone.now()
    for number in range(3):
        sharing.loan(sharing.east, ended=now - timedelta(minutes=number), device=make.equipment(
            sharing.east))  # fmt: skip
    client.force_login(sharing.people[sharing.east.pk])
    address = reverse("reports:running-month", args=["east"])
    first, second = client.get(address), client.get(address, {"page": 2})
    assert [len(page.context["page"].object_list) for page in (first, second)] == [2, 1]
    assert all("2,400.00 CNY" in page.text for page in (first, second))
    assert client.get(address, {"page": "3"}).status_code == 404


def test_a_closed_request_says_on_which_statement_it_stands(sharing, client):
    request = sharing.loan(sharing.east)
    detail = "scheduling:request-detail"
    client.force_login(sharing.people[sharing.west.pk])
    address = reverse(detail, args=["west", request.pk])
    before = client.get(address).content.decode()
    assert "On the next statement" in before
    assert "800.00 CNY" in before
    sharing.draft()
    statement = Statement.unscoped.get()
    link = reverse("reports:statement", args=["west", statement.pk])
    assert link in client.get(address).content.decode()
    client.force_login(make.user(at=sharing.west, role="viewer"))
    assert link not in client.get(address).content.decode()


def lines_of(answer):
    assert answer.status_code == 200
    return [row.split(",") for row in answer.getvalue().decode("utf-8-sig").splitlines()]


def test_balances_leave_as_a_file_and_add_up_to_nothing_in_the_city(sharing, client):
    of_every_kind(sharing)
    sharing.draft()
    official = make.user("official", roles=["city_official"])
    client.force_login(official)
    rows = lines_of(client.post(reverse("city:balances-export"), {"format": "csv"}))
    assert rows[0][:3] == ["month", "currency", "institution_en"]
    assert sum(Decimal(row[-1]) for row in rows[1:]) == 0
    client.force_login(sharing.people[sharing.east.pk])
    own = reverse("reports:balances-export", args=["east"])
    (row,) = lines_of(client.post(own, {"format": "csv", "month": "2026-10"}))[1:]
    assert row[:2] + row[4:] == ["2026-10", "CNY", "923.66", "0.63", "923.03", "review", "0"]
    assert len(lines_of(client.post(own, {"format": "csv"}))) == 1 + 2  # August's as well
    workbook = client.post(own, {"format": "xlsx"})
    assert b"".join(workbook).startswith(b"PK")
    closed(workbook)
    chains = AuditEvent.unscoped.filter(action="statement.balances_exported")
    assert sorted(chains.values_list("chain", flat=True)) == ["city", "east", "east", "east"]


@pytest.mark.parametrize("wrong", [{}, {"format": "pdf"}, {"format": "csv", "month": "2026-13"},
                                   {"format": "csv", "month": "x" * 999}])  # fmt: skip
def test_a_file_of_no_known_month_or_format_is_refused(sharing, client, wrong):
    client.force_login(sharing.people[sharing.east.pk])
    answer = client.post(reverse("reports:balances-export", args=["east"]), wrong)
    assert answer.status_code == 400
    assert not AuditEvent.unscoped.filter(action="statement.balances_exported").exists()


def test_a_city_without_any_statement_has_no_file(db, client):
    client.force_login(make.user("official", roles=["city_official"]))
    answer = client.post(reverse("city:balances-export"), {"format": "csv"})
    assert answer.status_code == 404
