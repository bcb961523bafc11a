"""The monthly mail tells the key figures, as the page would show them to its reader now."""

from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
from django.core import mail

from medshare_portal import mailing
from medshare_portal.roles import Role
from reports import urls, urls_city
from reports.actions import demand, report_mails, saved_reports
from reports.mailed_figures import lines_of
from reports.models import SavedReport
from reports.saved_pages import FILES, PAGES
from tests import make
from tests.reports.figures.numbers import HOUR, counted, numbers

pytestmark = pytest.mark.django_db
NOVEMBER, DECEMBER = datetime(2026, 11, 20, 4, tzinfo=UTC), datetime(2026, 12, 1, 1, tzinfo=UTC)
LAST = date(2026, 11, 29)


@pytest.fixture
def town():
    renhe, xihu = make.institution("renhe"), make.institution("xihu")
    counted(renhe, xihu, last=LAST)
    numbers(renhe, day=LAST, offered=1000 * HOUR, booked=417 * HOUR, used=300 * HOUR)
    numbers(xihu, day=LAST, offered=1000 * HOUR, booked=863 * HOUR, used=863 * HOUR)
    return SimpleNamespace(
        renhe=renhe, xihu=xihu, keeper=make.user(at=renhe, role=Role.COORDINATOR),
        other=make.user(at=xihu, role=Role.COORDINATOR), official=make.city_user(),
    )  # fmt: skip


def kept(town, page, *, institution=None, about=None, query="", user=None):
    return SavedReport.unscoped.create(
        institution=institution, user=user or (town.keeper if institution else town.official),
        name="Kept", page=page, about=about, query=query, created_at=NOVEMBER, shared=True,
    )  # fmt: skip


def mailed(report, user):
    saved_reports.have_mailed(report=report, mailed=True, by=user, now=NOVEMBER)
    report_mails.mail_due(now=DECEMBER)
    mailing.send_waiting(now=DECEMBER)
    return mail.outbox[-1].body if mail.outbox else ""


def keepable(module):
    """(name, whether it is about an institution) of every page of the reports that can be kept."""
    views = [(entry, getattr(entry.callback, "view_class", object)) for entry in module.urlpatterns]
    return [
        (entry.name, "<int:pk>" in str(entry.pattern))
        for entry, view in views
        if issubclass(view, PAGES) and not issubclass(view, FILES)
    ]


@pytest.mark.parametrize(("name", "about"), keepable(urls))
def test_each_page_of_an_institution_has_key_figures(town, name, about):
    report = kept(town, f"reports:{name}", institution=town.renhe)
    lines = lines_of(report, town.keeper.pk)
    assert not about
    assert any(": " in line for line in lines), lines


@pytest.mark.parametrize(("name", "about"), keepable(urls_city))
def test_each_page_of_the_city_has_key_figures(town, name, about):
    report = kept(town, f"city:{name}", about=town.renhe.pk if about else None)
    assert any(": " in line for line in lines_of(report, town.official.pk))


def test_the_mail_holds_what_the_page_shows_when_it_is_sent_and_of_nobody_else(town):
    report = kept(town, "reports:scorecard", institution=town.renhe, query="period=30")
    body = mailed(report, town.keeper)
    assert "Period: 31 Oct 2026 – 29 Nov 2026" in body
    assert "Scheduled utilisation: 41.7 %" in body
    assert "86.3" not in body
    assert f"/at/renhe/saved/{report.pk}/" in body


def test_the_figures_are_said_in_the_readers_language(town):
    town.keeper.language = "zh-hans"
    town.keeper.save()
    report = kept(town, "reports:scorecard", institution=town.renhe)
    assert "排定利用率：41.7 %" in mailed(report, town.keeper)


def test_the_rights_are_those_of_the_reader_at_that_moment(town):
    own = kept(town, "reports:scorecard", institution=town.renhe)
    city = kept(town, "city:scorecard", about=town.xihu.pk)
    assert any("86.3 %" in line for line in lines_of(city, town.official.pk))
    assert lines_of(city, town.keeper.pk) == []
    assert lines_of(own, town.other.pk) == lines_of(own, town.official.pk) == []
    assert lines_of(own, town.keeper.pk)
    town.keeper.groups.clear()
    assert lines_of(own, town.keeper.pk) == []


@pytest.mark.parametrize(
    ("page", "query"),
    [("reports:moon", ""), ("reports:scorecard", "moon=1"), ("reports:register", "category=gone")],
)
def test_what_cannot_be_opened_any_more_says_so_instead(town, page, query):
    report = kept(town, page, institution=town.renhe, query=query)
    [line] = lines_of(report, town.keeper.pk)
    assert line.endswith((".", "。"))


def test_unmet_demand_is_kept_with_its_filters_and_mailed(town, client):
    for number, asking in enumerate((town.renhe, town.renhe, town.xihu)):
        device = make.equipment(make.institution(f"lender{number}"))
        make.sharing_request(device, asking, state="declined", now=NOVEMBER)
    demand.record(now=DECEMBER)
    client.force_login(town.keeper)
    page = client.get("/at/renhe/demand/?kind=equipment&period=all")
    new = page.context["keep_url"]
    assert new in page.content.decode().replace("&amp;", "&")
    form = client.get(new)
    key = form.content.decode().partition('name="idempotency_key" value="')[2].partition('"')[0]
    values = {"idempotency_key": key, "name": "Unmet", **form.context["form"].initial}
    assert client.post(new, values).status_code == 302
    report = SavedReport.unscoped.get()
    assert client.get(f"/at/renhe/saved/{report.pk}/")["Location"] == (
        "/at/renhe/demand/?kind=equipment&period=all&outcome=not_met"
    )
    body = mailed(report, town.keeper)
    assert "Demands that have ended: 2" in body
    assert "Not met: 2" in body
