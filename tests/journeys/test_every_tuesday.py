"""Book every Tuesday: on a phone in Chinese, at a desk in English."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from scheduling.models import Series, SharingRequest, WaitlistEntry
from tests import make
from tests.journeys.people import Person, Taps, typed

pytestmark = pytest.mark.browser
MOST_TAPS = 4  # beyond the page of one request: repeat, accept the terms, check, send
HOUR, WEEK = timedelta(hours=1), timedelta(days=7)


def next_tuesday(device):
    local = timezone.now().astimezone(ZoneInfo(device.site.time_zone)) + timedelta(days=2)
    local = local.replace(hour=9, minute=0, second=0, microsecond=0)
    return local + timedelta(days=(1 - local.weekday()) % 7)


@pytest.mark.parametrize(("language", "phone"), [("zh-hans", True), ("en", False)])
def test_every_tuesday_is_asked_for_and_answered(open_page, axe, language, phone):
    owner, borrower, rival = (make.institution(name) for name in ("renhe", "xihu", "dongbei"))
    device = make.equipment(owner, last_safety_test=timezone.now().date())
    make.offer(device)
    first = next_tuesday(device)
    make.sharing_request(
        device, rival, state="approved", starts_at=first + WEEK, ends_at=first + WEEK + HOUR
    )
    how = {"phone": phone}
    asker = Person(
        open_page, borrower, roles=["coordinator"], language=language, name="coordinator", **how
    )
    sent = ask(asker, axe, device, first)
    approver = Person(
        open_page, owner, roles=["approver"], language=language, name="approver", **how
    )
    approve(approver, axe, sent)


def ask(person, axe, device, first):
    """The taken date goes on the wait-list by itself; the three free ones are asked for."""
    times = f"?starts_at={typed(first)}&ends_at={typed(first + 4 * HOUR)}"
    page = person.go("scheduling:request-create", device.pk, query=times)
    taps = Taps(page)
    taps.click(page.locator("#request a[href*='/series/']"))
    assert page.locator("[name=weekdays]:checked").get_attribute("value") == "1"
    page.fill("[name=times]", "4")
    page.fill("[name=purpose]", "Tuesday lists")
    taps.check(page.locator("[name=agreement_accepted]"))
    taps.click(page.locator("button[name=do][value=check]"))
    assert page.locator("#dates li.series-date").count() == 4
    axe(page)
    taps.click(page.locator("button[name=do][value=send]"))
    assert taps.count <= MOST_TAPS
    sent = Series.unscoped.get()
    page.wait_for_url(f"**{reverse('scheduling:series', args=[person.institution.slug, sent.pk])}")
    axe(page)
    assert SharingRequest.unscoped.filter(series=sent, state="requested").count() == 3
    assert WaitlistEntry.unscoped.get().starts_at == first + WEEK
    return sent


def approve(person, axe, sent):
    """From the row in the inbox to all dates; one click approves what is ticked."""
    page = person.go("scheduling:inbox")
    taps = Taps(page)
    taps.click(page.locator(f"a[href$='/series/{sent.pk}/']").first)
    axe(page)
    taps.click(page.locator("button.btn-primary[type=submit]").last)
    assert taps.count <= 2
    assert set(sent.dates.values_list("state", flat=True)) == {"approved"}
