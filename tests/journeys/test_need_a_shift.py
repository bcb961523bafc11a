"""A night that must be covered, in which the clocks change: from the search to confirmed hours."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import cache
from django.utils import timezone

from scheduling.models import SharingRequest
from tests import make
from tests.journeys.people import TYPED, Person, Taps

pytestmark = pytest.mark.browser
BERLIN = ZoneInfo("Europe/Berlin")
SECRET = "李小梅 Li Xiaomei"
MOST = {"invite": 4, "person": 2, "host": 3, "home": 2, "check in": 2, "sign": 2, "confirm": 1}


def spring_night(now):
    """Saturday 20:00 to Sunday 08:00 in Berlin, eleven hours, at the next change to summer."""
    year = now.year if now.month == 1 else now.year + 1
    sunday = datetime(year, 3, 31, 8, tzinfo=BERLIN)
    sunday -= timedelta(days=(sunday.weekday() + 1) % 7)
    saturday = (sunday - timedelta(days=1)).replace(hour=20)
    assert sunday.utcoffset() != saturday.utcoffset()
    return saturday, sunday


class Night:
    """A nurse of one hospital in Berlin and a night that another needs covered."""

    def __init__(self, portal, open_page, languages, **how):
        self.portal, self.open_page, self.how = portal, open_page, how
        self.starts_at, self.ends_at = spring_night(timezone.now())
        self.home, self.host = make.institution("charlotte"), make.institution("spree")
        for place in (self.home, self.host):
            place.sites.update(time_zone="Europe/Berlin", latitude=52.5, longitude=13.4)
        self.asked_at = self.starts_at - timedelta(days=2, hours=10)
        self._people(languages)
        self.move_to(self.asked_at)

    def _people(self, languages):
        opened = self.asked_at - timedelta(days=1)
        self.nurse = make.compliant(
            self.home, self.host, person_name=SECRET, email="xiaomei@example.org",
            confirmed_at=opened, code="CH-0417",
        )  # fmt: skip
        self.nurse.offers.all().delete()
        make.offer(self.nurse, now=opened)
        make.credential(self.nurse, competency=make.competency())
        for hours in (36, 108, 132):  # Friday, Tuesday, Monday at home
            make.shift(
                self.nurse, self.starts_at - timedelta(hours=hours), by=make.user(at=self.home)
            )
        cache.clear()
        self.languages = dict(zip(("head", "manager", "checker"), languages * 2, strict=False))
        roles = {
            "head": "coordinator",
            "manager": "staffing_manager",
            "checker": "staffing_manager",
        }
        places = {"head": self.host, "manager": self.home, "checker": self.host}
        self.users = {
            name: make.user(name, at=places[name], role=role, language=self.languages[name])
            for name, role in roles.items()
        }
        self.places = places

    def move_to(self, moment):
        """The portal's clock; a session does not outlast it."""
        self.portal.stop()
        self.moment = moment
        self.portal.environment["TEST_CLOCK"] = moment.isoformat()
        self.portal.start()

    def run_jobs(self):
        """A while after what was done since the portal's clock was set."""
        clock = {"TEST_CLOCK": (self.moment + timedelta(minutes=10)).isoformat()}
        self.portal.manage("jobs", "--once", **clock)

    def person(self, name) -> Person:
        return Person.known(self.open_page, self.places[name], self.users[name], **self.how)

    def request(self) -> SharingRequest:
        return SharingRequest.unscoped.get()


MAIN = "main form button.btn-primary[type=submit]"


def invite(night, person, look):
    """When and where is typed; the skill is ticked, one press searches, two more invite."""
    page = person.go("reports:home")
    taps = Taps(page)
    taps.click(page.get_by_role("link", name=person.words("Need a shift"), exact=True).first)
    page.select_option("[name=profession]", "2221")
    page.select_option("[name=specialty]", "28")
    page.fill("[name=starts_at]", night.starts_at.strftime(TYPED))
    page.fill("[name=ends_at]", night.ends_at.strftime(TYPED))
    taps.click(page.locator(MAIN))
    look(page)
    assert "CH-0417" in page.content()
    assert "Xiaomei" not in page.content()
    taps.click(page.locator("tr", has_text="CH-0417").locator("a.btn-primary"))
    look(page)
    taps.click(page.locator(MAIN))
    assert taps.count <= MOST["invite"]
    assert "Xiaomei" not in page.content()
    return night.request()


def link_of(night) -> str:
    """The address in the newest letter to the nurse, as the mail job sends it."""
    night.run_jobs()
    letters = [mail for mail in night.portal.mails() if "xiaomei@example.org" in mail]
    flat = letters[-1].replace("=\n", "").replace("=3D", "=")
    return re.search(r"/shifts/\S+", flat)[0]


def person_agrees(night, look):
    """On a phone, without an account."""
    page = night.open_page(phone=True, **night.how)
    page.goto(link_of(night))
    look(page)
    taps = Taps(page)
    taps.click(page.locator("[name=answer][value=yes]"), leads_on=False)
    taps.click(page.locator(MAIN))
    assert taps.count <= MOST["person"]


def host_agrees(person, request, look):
    page = person.go("scheduling:request-detail", request.pk)
    taps = Taps(page)
    taps.click(page.locator("a[href*='credentialing']").first)
    look(page)
    taps.click(page.locator("[name=answer][value=yes]"), leads_on=False)
    taps.click(page.locator(MAIN))
    assert taps.count <= MOST["host"]


def home_agrees(person, request, look):
    """In the inbox, where the row opens in place."""
    page = person.go("scheduling:inbox")
    taps = Taps(page)
    row = page.locator(f"#row-{request.pk}")
    taps.click(row.locator(".btn", has_text=person.words("Open")), leads_on=False)
    page.locator(f"#row-{request.pk}[data-open]").wait_for()
    look(page)
    taps.click(page.locator(f"#row-{request.pk} .inbox-open button.btn-primary").last)
    assert taps.count <= MOST["home"]


def step(person, request, name, most, look):
    page = person.go("scheduling:request-detail", request.pk)
    taps = Taps(page)
    taps.click(page.locator(f"main a[href*='{name}']").first)
    look(page)
    taps.click(page.locator(MAIN))
    assert taps.count <= MOST[most]
    return page


def person_confirms(night, look):
    page = night.open_page(phone=True, **night.how)
    page.goto(link_of(night))
    look(page)
    taps = Taps(page)
    taps.click(page.locator(MAIN))
    assert taps.count <= MOST["confirm"]


def cover(portal, open_page, languages, look=lambda page: None, **how):
    night = Night(portal, open_page, languages, **how)
    request = invite(night, night.person("head"), look)
    person_agrees(night, look)
    host_agrees(night.person("checker"), request, look)
    home_agrees(night.person("manager"), request, look)
    assert night.request().state == "approved"
    head = night.person("head")
    assert SECRET in head.go("scheduling:request-detail", request.pk).content()
    night.move_to(night.starts_at - timedelta(minutes=30))
    step(night.person("head"), request, "check-in", "check in", look)
    night.move_to(night.ends_at + timedelta(minutes=10))
    step(night.person("head"), request, "timesheet", "sign", look)
    person_confirms(night, look)
    done = night.request()
    assert done.state == "closed"
    sheet = done.staff_engagement
    assert sheet.worked_until - sheet.worked_from == timedelta(hours=11)
    look(night.person("manager").go("scheduling:request-detail", request.pk))


@pytest.mark.parametrize("languages", [("en", "zh-hans"), ("zh-hans", "en")], ids=str)
def test_a_night_over_the_clock_change_is_covered(portal, open_page, axe, languages):
    cover(portal, open_page, languages, axe)


def test_a_night_is_covered_without_script(portal, open_page):
    cover(portal, open_page, ("en", "zh-hans"), javascript=False)
