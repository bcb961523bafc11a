"""From the hint on the home page to a published offer: what the forecast says is free is filled in,
in both languages."""

import pytest
from django.core.cache import cache
from django.utils import timezone

from reports.actions.forecasts import compute
from resources.models import IdleWindow, Offer
from tests import make
from tests.journeys.people import Person, Taps
from tests.reports.test_own_use import next_day_off, working_weeks

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_hint_is_one_click_from_the_form_of_the_offer(open_page, language):
    cache.clear()
    now = timezone.now()
    owner = make.institution("renhe")
    pump = make.equipment(owner, last_safety_test=now.date())
    working_weeks(pump, now, weeks=9)
    compute(institution=owner, now=now)
    person = Person(
        open_page, owner, roles=["coordinator"], language=language, name="keeper", phone=True
    )
    page = person.go("reports:home")
    taps = Taps(page)
    taps.click(page.locator("a[href*='own-use'][href*='offer=']").first)
    assert f"/{pump.pk}/" in page.url
    weekday = next_day_off(now)
    for end in ("starts", "ends"):
        assert page.locator(f"[name=w{weekday}a_{end}]").input_value() == "00:00"
    taps.click(page.locator("main form button.btn-primary[type=submit]").last)
    assert taps.count <= 4
    assert Offer.unscoped.get().status == "published"
    [window] = IdleWindow.unscoped.all()
    assert (window.weekday, f"{window.starts:%H:%M}", f"{window.ends:%H:%M}") == (
        weekday,
        "00:00",
        "00:00",
    )
