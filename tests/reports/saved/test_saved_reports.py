"""Saved reports: kept, opened by one's own rights, mailed once a month while one may read them."""

from datetime import UTC, datetime
from types import SimpleNamespace
from urllib.parse import quote

import pytest
from django.core import mail
from django.db import transaction

from medshare_portal import mailing
from medshare_portal.models import Notification
from medshare_portal.roles import Role
from reports.actions import report_mails, saved_reports
from reports.models import ReportMail, SavedReport
from tests import make
from tests.scheduling.guarantees.raw_sql import refused, run

pytestmark = pytest.mark.django_db
NOVEMBER, DECEMBER = datetime(2026, 11, 20, 4, tzinfo=UTC), datetime(2026, 12, 1, 1, tzinfo=UTC)
INSERT = (
    "INSERT INTO reports_savedreport (institution_id, user_id, name, page, about, query, shared, "
    "created_at) VALUES (%s, %s, %s, %s, %s, %s, %s, %s)"
)


@pytest.fixture
def town():
    renhe, xihu = make.institution("renhe"), make.institution("xihu")
    keeper, colleague = (make.user(at=renhe, role=Role.VIEWER) for _each in range(2))
    other = make.user(at=xihu, role=Role.COORDINATOR)
    return SimpleNamespace(renhe=renhe, xihu=xihu, keeper=keeper, colleague=colleague, other=other)


def kept(town, **more):
    fields = {"institution": town.renhe, "user": town.keeper, "name": "Canary month",
              "page": "reports:scorecard", "query": "period=90&kind=equipment",
              "created_at": NOVEMBER}  # fmt: skip
    return SavedReport.unscoped.create(**fields | more)


def listed(client, user, address="/at/renhe/saved/"):
    client.force_login(user)
    return [row["report"].name for row in client.get(address).context["rows"]]


def submit(client, to, **values):
    page = client.get(to)
    key = page.content.decode().partition('name="idempotency_key" value="')[2].partition('"')[0]
    return client.post(to, {"idempotency_key": key} | values)


def test_a_page_is_kept_with_its_period_and_opened_again(town, client):
    client.force_login(town.keeper)
    of = "/at/renhe/figures/?period=90&kind=equipment&compare=year"
    answer = submit(client, f"/at/renhe/saved/new/?of={quote(of)}", name="Quarter", address=of)
    assert answer.status_code == 302
    report = SavedReport.unscoped.get()
    assert (report.page, report.user, report.shared) == ("reports:scorecard", town.keeper, False)
    opened = client.get(f"/at/renhe/saved/{report.pk}/")
    assert opened["Location"] == of
    assert client.get(of).status_code == 200


@pytest.mark.parametrize(
    "of",
    [
        "/at/xihu/figures/", "/city/figures/", "/at/renhe/inbox/", "https://evil.example/", "",
        "/at/renhe/figures/report/export/", "/at/renhe/figures/?moon=1", "/at/renhe/figures/?kind=%00",
        "/at/renhe/figures/?period=" + "9" * 450, "//[",
        "//evil.example/at/renhe/figures/",
    ],
)  # fmt: skip
def test_what_is_no_page_of_these_reports_is_not_kept(town, client, of):
    client.force_login(town.keeper)
    answer = submit(client, "/at/renhe/saved/new/", name="Wrong", address=of)
    assert answer.status_code in (409, 410)
    assert "alert" in answer.content.decode() or "error" in answer.content.decode()
    assert not SavedReport.unscoped.exists()


@pytest.mark.parametrize(
    "of",
    [
        "figures/?kind=weapon", "figures/?period=own&first=2026-02-02&last=2026-02-01",
        "figures/requests/?last=9999-12-31", "demand/?why=moon",
    ],
)  # fmt: skip
def test_filters_that_do_not_hold_are_not_kept(town, client, of):
    client.force_login(town.keeper)
    answer = submit(client, "/at/renhe/saved/new/", name="Wrong", address=f"/at/renhe/{of}")
    assert answer.status_code == 422
    assert "The filters of this page do not hold" in answer.content.decode()
    assert not SavedReport.unscoped.exists()


def test_it_is_ones_own_until_it_is_shared_and_never_leaves_the_house(town, client):
    report = kept(town)
    assert listed(client, town.keeper) == ["Canary month"]
    assert listed(client, town.colleague) == []
    assert client.get(f"/at/renhe/saved/{report.pk}/").status_code == 404
    saved_reports.change(report=report, name="Canary shared", shared=True, by=town.keeper)
    assert listed(client, town.colleague) == ["Canary shared"]
    assert client.get(f"/at/renhe/saved/{report.pk}/").status_code == 302
    for step in ("change", "delete"):
        assert client.get(f"/at/renhe/saved/{report.pk}/{step}/").status_code == 404
    assert listed(client, town.other, "/at/xihu/saved/") == []
    assert client.get(f"/at/xihu/saved/{report.pk}/").status_code == 404
    assert client.get(f"/at/renhe/saved/{report.pk}/").status_code == 404


def test_a_share_of_the_city_leads_no_hospital_into_its_pages(town, client):
    report = kept(town, institution=None, user=make.user(role=Role.CITY_OFFICIAL), shared=True,
                  page="city:scorecard", about=town.xihu.pk, query="")  # fmt: skip
    client.force_login(town.other)
    assert client.get(f"/city/saved/{report.pk}/").status_code in (403, 404)
    client.force_login(make.user(role=Role.CITY_OFFICIAL))
    opened = client.get(f"/city/saved/{report.pk}/")
    assert opened["Location"] == f"/city/figures/{town.xihu.pk}/"


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"page": "reports:moon"}, 410),
        ({"page": "reports:scorecard-export"}, 410),
        ({"page": "reports:home"}, 410),
        ({"query": "kind=equipment&institution=1"}, 409),
        ({"query": "next=//evil.example"}, 409),
        ({"query": "&".join(f"a{n}=1" for n in range(60))}, 409),
    ],
)
def test_what_was_tampered_with_says_so_and_can_be_deleted(town, client, fields, status):
    report = kept(town, **fields)
    client.force_login(town.keeper)
    answer = client.get(f"/at/renhe/saved/{report.pk}/")
    assert answer.status_code == status
    assert f"/at/renhe/saved/{report.pk}/delete/" in answer.content.decode()
    submit(client, f"/at/renhe/saved/{report.pk}/delete/")
    assert not SavedReport.unscoped.exists()


def test_thirty_are_kept_and_no_name_twice(town):
    for number in range(saved_reports.MOST):
        kept(town, name=f"Report {number}")
    address = {"page": "reports:scorecard", "about": None, "query": ""}
    more = {"institution": town.renhe, "address": address, "shared": False, "mailed": False,
            "by": town.keeper, "now": NOVEMBER}  # fmt: skip
    with pytest.raises(saved_reports.NameTaken), transaction.atomic():
        saved_reports.keep(name="Report 1", **more)
    with pytest.raises(saved_reports.TooMany), transaction.atomic():
        saved_reports.keep(name="Another", **more)


def test_it_is_mailed_once_on_the_first_in_the_readers_language(town):
    report = kept(town, shared=True)
    town.colleague.language = "zh-hans"
    town.colleague.save()
    for user in (town.keeper, town.colleague):
        saved_reports.have_mailed(report=report, mailed=True, by=user, now=NOVEMBER)
    assert report_mails.mail_due(now=NOVEMBER) == 0
    assert [report_mails.mail_due(now=DECEMBER) for _run in range(2)] == [2, 0]
    mailing.send_waiting(now=DECEMBER)
    texts = {message.to[0]: message.subject + message.body for message in mail.outbox}
    assert "Your report “Canary month”" in texts[town.keeper.email]
    assert "报表" in texts[town.colleague.email]
    assert f"/at/renhe/saved/{report.pk}/mail/" in texts[town.keeper.email]


@pytest.mark.parametrize("loss", ["role", "share", "stopped", "deleted"])
def test_whoever_may_not_read_it_any_more_gets_no_mail(town, loss):
    report = kept(town, shared=True)
    saved_reports.have_mailed(report=report, mailed=True, by=town.colleague, now=NOVEMBER)
    report_mails.mail_due(now=DECEMBER)
    if loss == "role":
        town.colleague.groups.clear()
    elif loss == "share":
        saved_reports.change(report=report, name=report.name, shared=False, by=town.keeper)
    elif loss == "stopped":
        saved_reports.have_mailed(report=report, mailed=False, by=town.colleague, now=DECEMBER)
    else:
        saved_reports.forget(report=report, by=town.keeper)
    mailing.send_waiting(now=DECEMBER)
    assert mail.outbox == []
    assert Notification.unscoped.get().mail == Notification.Mail.SKIPPED


def test_the_database_keeps_a_report_at_its_place_under_one_name(town):
    def values(name="Month", institution=town.renhe.pk, page="reports:scorecard", about=None):
        return (institution, town.keeper.pk, name, page, about, "", False, NOVEMBER)

    run(INSERT, *values())
    assert "savedreport" in refused(INSERT, *values()) or "once" in refused(INSERT, *values())
    run(INSERT, *values(institution=None, page="city:figures", about=3))
    assert refused(INSERT, *values(institution=None, page="city:figures"))
    for wrong in (
        {"page": "city:figures"},
        {"institution": None},
        {"about": 3},
        {"name": ""},
        {"page": ""},
    ):
        name = {"name": "Other"} | wrong
        assert "saved_report" in refused(INSERT, *values(**name))
    report = SavedReport.unscoped.filter(institution=town.renhe).get()
    insert = "INSERT INTO reports_reportmail (report_id, user_id, month) VALUES (%s, %s, %s)"
    run(insert, report.pk, town.keeper.pk, "2026-11-01")
    assert refused(insert, report.pk, town.keeper.pk, "2026-12-01")
    assert "report_mail_of_a_month" in refused(insert, report.pk, town.colleague.pk, "2026-11-02")
    assert ReportMail.unscoped.count() == 1
