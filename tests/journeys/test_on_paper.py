"""A printed sheet says whose it is and of when, and carries no menu and no buttons."""

import pytest

from tests import make
from tests.journeys.people import sign_in

pytestmark = pytest.mark.browser
PERIOD = ".period-box"


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_a_sheet_names_the_house_and_the_period_and_nothing_to_click(open_page, dark):
    renhe = make.institution("renhe", name_en="Renhe General")
    make.offer(make.equipment(renhe))
    make.user("coordinator", at=renhe, role="coordinator", language="en")
    page = sign_in(open_page(dark=dark), "coordinator")
    for path, also in (("calendar/", PERIOD), ("lending/", "h1"), ("resources/", "h1")):
        page.goto(f"/at/renhe/{path}")
        assert page.locator(".sidebar nav").is_visible()
        page.emulate_media(media="print")
        assert page.locator(".switcher").inner_text() == "Renhe General"
        assert page.locator(also).is_visible()
        for gone in (".sidebar nav", ".topbar", ".page-head .btn"):
            assert not any(each.is_visible() for each in page.locator(gone).all()), (path, gone)
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == (
            "rgb(255, 255, 255)"
        )
        page.emulate_media(media="screen")
