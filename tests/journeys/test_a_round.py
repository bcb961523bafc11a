"""Two hospitals post what they need, the city runs a round and publishes it, one accepts on a phone,
the other declines with a reason: in both languages, the round itself computed as in production."""

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from scheduling.models import MatchingRun, Need, Proposal, SharingRequest
from scheduling.round_states import ProposalState, RoundState
from scheduling.states import State
from tests import make
from tests.journeys.people import Person, Taps, next_hour, sign_in, typed, words

pytestmark = pytest.mark.browser
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MOST = {"run": 3, "accept": 3, "decline": 3}
MAIN = "main form button.btn-primary[type=submit]"
TOO_WIDE = "document.documentElement.scrollWidth > window.innerWidth + 2"


class City:
    """Two ventilators that are free all week, and two hospitals that need one each."""

    def __init__(self, open_page, language):
        cache.clear()
        self.open_page, self.language = open_page, language
        self.now = next_hour(timezone.now())
        self.devices = [self._device(slug) for slug in ("renhe", "xihu")]
        self.needing = [make.institution(slug) for slug in ("dongbei", "jiangnan")]
        self.official = make.city_user(language=language)
        self.users = {
            at.slug: make.user(at.slug, at=at, roles=["coordinator"], language=language)
            for at in self.needing
        }

    def _device(self, slug):
        made = make.equipment(make.institution(slug), last_safety_test=self.now.date())
        make.offer(made, now=self.now, intervals=[(self.now, self.now + 7 * DAY)])
        return made

    def asker(self, number, **how):
        """The coordinator of one of those who need something, at a new browser."""
        at = self.needing[number]
        return Person.known(self.open_page, at, self.users[at.slug], **how)

    def office(self, **how):
        return sign_in(self.open_page(language=self.language, **how), self.official.username)


def post(person, city):
    page = person.go("scheduling:need-post")
    page.select_option("[name=kind]", "equipment")
    page.fill("[name=what]", city.devices[0].category.name_en)
    page.fill("[name=starts_at]", typed(city.now + 2 * DAY))
    page.fill("[name=ends_at]", typed(city.now + 2 * DAY + 8 * HOUR))
    person.press("Post the need")
    # The page ranks who could serve it, before any round.
    page.goto(reverse("scheduling:need-detail", args=[person.institution.slug, _need(person).pk]))
    assert page.locator("#serving ol.ranked > li").count() == 2


def _need(person):
    return Need.unscoped.get(institution=person.institution)


def run(portal, page, city):
    page.goto(reverse("city:round-order"))
    for box in page.locator("[name=kinds]").all():
        box.set_checked(box.get_attribute("value") == "equipment")
    taps = Taps(page)
    taps.click(page.locator(MAIN).last)
    round_page = page.url
    portal.manage("jobs", "--once")  # claims it; a process of its own computes
    page.wait_for_selector("#proposals", timeout=60_000)
    assert MatchingRun.unscoped.get().state == RoundState.PROPOSED
    _no_fault(page)
    taps.click(page.locator("a.btn-primary[href*=publish]"))
    taps.click(page.locator(MAIN).last)
    assert taps.count <= MOST["run"]
    assert MatchingRun.unscoped.get().state == RoundState.PUBLISHED
    return round_page


def accept(person):
    page = person.go("scheduling:proposals")
    taps = Taps(page)
    taps.click(page.get_by_role("link", name=person.words("Accept")).first)
    assert not page.evaluate(TOO_WIDE)
    taps.check(page.locator("[name=agreement_accepted]"))
    taps.click(page.locator(MAIN).last)
    assert taps.count <= MOST["accept"]


def decline(person):
    page = person.go("scheduling:proposals")
    taps = Taps(page)
    taps.click(page.get_by_role("link", name=person.words("Decline")).first)
    taps.check(page.locator("[name=reason_code][value=too_far]"))
    page.fill("[name=text]", "The bridge is closed that day.")
    taps.click(page.locator(MAIN).last)
    assert taps.count <= MOST["decline"]


def _no_fault(page):
    violations = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"][:120]) for one in violations] == []


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_round_from_the_needs_to_the_request(portal, open_page, language):
    city = City(open_page, language)
    first, second = city.asker(0), city.asker(1)
    post(first, city)
    post(second, city)
    round_page = run(portal, city.office(), city)
    accept(city.asker(0, phone=True))
    decline(second)
    rows = {row.borrower.slug: row for row in Proposal.unscoped.select_related("borrower")}
    assert rows["dongbei"].state == ProposalState.ASKED
    declined = rows["jiangnan"]
    assert (declined.state, declined.decline_code) == (ProposalState.DECLINED, "too_far")
    made = SharingRequest.unscoped.get()
    assert (made.borrower.slug, made.state) == ("dongbei", State.REQUESTED)
    assert made.resource == rows["dongbei"].resource
    page = city.office(dark=True)
    page.goto(round_page)
    assert words(language, "Too far, or the transport is missing") in page.content()
    _no_fault(page)
    first.go("scheduling:request-detail", made.pk)
    first.sees(made.resource.code)
