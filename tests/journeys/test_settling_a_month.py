"""Settle a month: look at it, dispute one line, agree, close, take it along; both languages."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from reports.models import LineDispute, Statement, StatementLine
from reports.settlement.actions import drafting
from reports.settlement.months import months_over
from tests.journeys.people import Person, Taps
from tests.reports.settlement.conftest import Sharing

pytestmark = pytest.mark.browser


def scene(language):
    """Last month east lent for 800.00 and 450.00, west for 300.00."""
    cache.clear()
    sharing, now = Sharing(), timezone.now()
    (month,) = months_over(now, 1, timezone.get_default_timezone())
    ended = datetime(month.year, month.month, 14, 2, tzinfo=UTC)
    sharing.loan(sharing.east, ended=ended)
    sharing.loan(sharing.east, fee="45", hours=10, ended=ended + timedelta(days=2))
    sharing.loan(sharing.west, fee="30", hours=10, ended=ended)
    drafting.draft_due(now=now)
    for person in sharing.people.values():
        person.language = language
        person.save()
    return sharing


def dispute(person):
    """From the list of statements: at most 3 taps."""
    taps = Taps(page := person.go("reports:statement-list"))
    taps.click(page.locator("td a.title, th a.title").first)
    taps.click(page.locator("a[href*='/dispute/']").first)
    page.fill("[name=quantity]", "4")
    page.fill("[name=reason]", "中午已归还。It was back at noon.")
    taps.click(page.locator("main form button.btn-primary"))
    assert taps.count <= 3
    assert LineDispute.unscoped.get().state == "open"


def agree(person):
    """The line says before and after; one choice, one button: at most 4 taps."""
    taps = Taps(page := person.go("reports:statement-list"))
    taps.click(page.locator("td a.title, th a.title").first)
    taps.click(page.locator("main a[href*='/disputes/']").first)
    assert "800.00 CNY" in page.locator("main").inner_text()
    assert "400.00 CNY" in page.locator("main").inner_text()
    taps.check(page.locator("[name=agree][value=yes]"))
    taps.click(page.locator("main form button.btn-primary"))
    assert taps.count <= 4
    assert StatementLine.unscoped.get(sort="adjustment").amount == -40000


def accept(person):
    """Two taps from the statement."""
    statement = Statement.unscoped.get()
    taps = Taps(page := person.go("reports:statement", statement.pk))
    taps.click(page.locator("a[href$='/accept/']"))
    taps.click(page.locator("main form button.btn-primary"))
    assert taps.count == 2


def take_along(person):
    """One tap; what is netted is what was shared: 800 − 400 + 450 against 300."""
    page = person.go("reports:statement", Statement.unscoped.get().pk)
    assert "550.00 CNY" in page.locator("main").inner_text()
    with page.expect_download() as download:
        page.locator("button[name=format][value=csv]").click()
    lines = download.value.path().read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == 1 + 4
    assert ",-400.00," in lines[-1]


@pytest.mark.parametrize(("language", "phone"), [("zh-hans", True), ("en", False)])
def test_settle_a_month(open_page, axe, language, phone):
    sharing = scene(language)
    west, east = (
        Person.known(open_page, place, sharing.people[place.pk], phone=phone)
        for place in (sharing.west, sharing.east)
    )
    dispute(west)
    agree(east)
    accept(west)
    accept(east)
    assert Statement.unscoped.get().state == "closed"
    take_along(east)
    axe(east.page)
