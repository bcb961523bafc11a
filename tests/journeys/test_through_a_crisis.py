"""Through a crisis: declared, asked at short notice, approved by the city, ended, looked back at."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from medshare_portal.models import Crisis
from scheduling.models import SharingRequest
from tests import make
from tests.journeys.people import Person, Taps, sign_in, typed, words

pytestmark = pytest.mark.browser
WAYS = [("en", {}), ("zh-hans", {"phone": True, "dark": True})]


class Official:
    """Somebody of the city."""

    def __init__(self, open_page, language, **how):
        user = make.city_user("official.city", language=language)
        self.language = language
        self.page = sign_in(open_page(language=language, **how), user.username)

    def go(self, name, *arguments):
        self.page.goto(reverse(f"city:{name}", args=arguments))
        return self.page

    def button(self, msgid):
        return self.page.get_by_role("button", name=words(self.language, msgid), exact=True)


def declare(official):
    """Everything is filled in but the words: two taps and what happened."""
    taps = Taps(page := official.go("crisis-declare"))
    page.fill("[name=name_en]", "Flood in the south")
    page.fill("[name=name_zh]", "南部洪涝")
    page.fill("[name=reason]", "The southern pumps failed.")
    page.fill("[name=wait_minutes]", "0")
    taps.click(official.button("Go on"))
    taps.click(page.locator("main form button[type=submit]"))
    assert taps.count == 2
    return Crisis.objects.get()


def ask(person, device, now):
    """Two hours ahead of an offer that asks for a day: the form says what relaxes it."""
    wish = f"?starts_at={typed(now + timedelta(hours=2))}&ends_at={typed(now + timedelta(hours=9))}"
    taps = Taps(page := person.go("scheduling:request-create", device.pk, query=wish))
    page.fill("[name=purpose]", "Two patients wait for a ventilator")
    page.locator("[name=priority]").first.wait_for(state="attached")
    choose_stat(page)
    page.locator("[name=agreement_accepted]").check()
    taps.click(page.locator("main form button.btn-primary[type=submit]").last)
    assert taps.count <= 4
    return SharingRequest.unscoped.get()


def choose_stat(page):
    field = page.locator("select[name=priority]")
    if field.count():
        field.select_option("stat")
    else:
        page.locator("[name=priority][value=stat]").check(force=True)


def approve(official, crisis, request):
    taps = Taps(page := official.go("crisis", crisis.pk))
    taps.click(page.locator(f"main a[href$='/requests/{request.pk}/']"))
    page.fill("[name=reason]", "The owner does not answer.")
    taps.click(page.locator("main form button.btn-primary"))
    taps.click(page.locator("main form button[type=submit]"))
    assert taps.count == 3


def end(official, crisis):
    taps = Taps(page := official.go("crisis", crisis.pk))
    taps.click(page.locator("main a[href$='/end/']"))
    page.fill("[name=reason]", "The water falls.")
    taps.click(page.locator("main form button.btn-primary"))
    taps.click(page.locator("main form button[type=submit]"))
    assert taps.count == 3


@pytest.mark.parametrize(("language", "how"), WAYS, ids=["desk", "phone"])
def test_through_a_crisis(open_page, axe, language, how):
    owner, borrower = make.institution("renhe"), make.institution("dongbei")
    cache.clear()
    now = timezone.now().replace(second=0, microsecond=0)
    device = make.equipment(owner, last_safety_test=timezone.localdate())
    make.offer(device, notice_hours=24)
    official = Official(open_page, language, **how)
    asker = Person(
        open_page, borrower, roles=["coordinator"], language=language, name="asker", **how
    )
    axe(official.go("crisis-declare"))
    crisis = declare(official)
    axe(official.page)
    axe(asker.go("portal:crisis"))
    assert asker.page.locator(".crisis-bar").count() == 1
    request = ask(asker, device, now)
    assert (request.crisis_id, request.priority) == (crisis.pk, "stat")
    axe(asker.page)
    approve(official, crisis, request)
    request.refresh_from_db()
    assert request.state == "approved"
    end(official, crisis)
    axe(official.go("crisis", crisis.pk))
    axe(official.go("crises"))
    asker.go("portal:crisis")
    assert asker.page.locator(".crisis-bar").count() == 0
