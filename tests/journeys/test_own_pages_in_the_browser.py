"""A person's own pages: readable for everyone, in both languages, light and dark, with or without script."""

import pytest
from django.utils import timezone

from medshare_portal.models import Notification
from medshare_portal.notices_core import RoleEnds
from tests import make

pytestmark = pytest.mark.browser
PAGES = (
    "/",
    "/account/profile/",
    "/account/preferences/",
    "/account/notifications/",
    "/account/password/",
    "/at/renhe/notifications/",
    "/at/renhe/audit/",
)
PUBLIC = ("/account/sign-in/", "/account/reset/", "/account/reset/sent/", "/account/reset/x/y/")


def sign_in(page, name="approver", password=make.PASSWORD):
    page.goto("/account/sign-in/")
    page.fill("[name=username]", name)
    page.fill("[name=password]", password)
    page.click("main button[type=submit]")


@pytest.mark.parametrize(
    ("language", "dark", "phone"), [("en", False, True), ("zh-hans", True, False)]
)
def test_the_pages_are_accessible(open_page, axe, language, dark, phone):
    renhe = make.institution("renhe")
    theme = "dark" if dark else "light"
    person = make.user("approver", at=renhe, role="approver", language=language, theme=theme)
    make.grant(person, "viewer", at=make.institution("xihu"))
    Notification.unscoped.create(
        user=person,
        event=RoleEnds.code,
        event_key="k",
        created_at=timezone.now(),
        context={"role": "Viewer", "where": "Renhe", "until": "2026-12-01"},
    )
    page = open_page(language=language, dark=dark, phone=phone)
    for path in PUBLIC:
        page.goto(path)
        axe(page)
    sign_in(page)
    for path in PAGES:
        assert page.goto(path).status == 200
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path


def test_a_locked_door_says_so(open_page, axe):
    page = open_page()
    for _ in range(5):
        sign_in(page, password="wrong-guess")
    assert page.locator("h1").inner_text().strip() == "Too many attempts"
    axe(page)


def test_language_and_theme_are_switched_without_script(open_page):
    person = make.user("approver", at=make.institution("renhe"), role="approver")
    page = open_page(javascript=False)
    sign_in(page)
    page.goto("/account/profile/")
    page.click("button[value=zh-hans]")
    assert page.locator("html").get_attribute("lang") == "zh-Hans"
    page.click(".theme-pop summary")
    page.click("button[value=dark]")
    assert page.locator("html").get_attribute("data-bs-theme") == "dark"
    person.refresh_from_db()
    assert (person.language, person.theme) == ("zh-hans", "dark")
