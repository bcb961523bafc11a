"""Language, appearance and the way in: what a person chooses stays; too many guesses lock out."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from resources.models import BusyBlock
from tests import make
from tests.journeys.people import Person, sign_in

pytestmark = pytest.mark.browser

CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//ward//EN
BEGIN:VEVENT
UID:service-1
DTSTAMP:20261101T000000Z
DTSTART:{day}T010000Z
DTEND:{day}T030000Z
SUMMARY:Service
END:VEVENT
END:VCALENDAR
"""


def test_the_chosen_language_and_appearance_stay_with_the_person(open_page):
    owner = make.institution("renhe")
    person = Person(open_page, owner, roles=["viewer"], language="en", name="viewer.renhe")
    person.press("中文")
    assert person.page.locator("html").get_attribute("lang") == "zh-Hans"
    person.page.locator(".theme-pop > summary").click()
    with person.page.expect_response("**/theme/"):
        person.page.locator("[name=theme][value=dark]").click()
    elsewhere = sign_in(open_page(language="en"), "viewer.renhe")
    html = elsewhere.locator("html")
    assert (html.get_attribute("lang"), html.get_attribute("data-bs-theme")) == ("zh-Hans", "dark")


def test_five_wrong_passwords_lead_to_a_page_that_says_when_to_try_again(portal, open_page, axe):
    make.user("viewer.renhe")
    page = open_page()
    for _guess in range(6):
        sign_in(page, "viewer.renhe", "not-the-password")
    assert "15" in page.locator("main, .public-card").first.inner_text()
    axe(page)
    sign_in(page, "viewer.renhe")
    assert page.url.endswith(reverse("login"))


def test_a_calendar_file_is_looked_at_then_kept(open_page, axe, tmp_path):
    owner = make.institution("renhe")
    device = make.equipment(owner)
    person = Person(
        open_page, owner, roles=["coordinator"], language="en", name="coordinator.renhe"
    )
    file = tmp_path / "service.ics"
    day = f"{timezone.now() + timedelta(days=9):%Y%m%d}"
    file.write_text(CALENDAR.format(day=day).replace("\n", "\r\n"))
    page = person.go("resources:block-import", device.pk)
    page.set_input_files("input[type=file]", file)
    person.press("Show what is in it")
    axe(page)
    assert not BusyBlock.unscoped.exists()
    person.press("Keep this time")
    assert BusyBlock.unscoped.get().source_uid == "service-1"
