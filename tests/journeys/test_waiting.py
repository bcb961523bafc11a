"""Stand in line and be promoted; a search that finds nothing becomes a need that somebody meets."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import transaction
from django.utils import timezone

from scheduling.actions import requests
from scheduling.models import Need, SharingRequest, WaitlistEntry
from scheduling.states import Side, State
from tests import make
from tests.journeys.people import Person, Taps, next_hour, typed

pytestmark = pytest.mark.browser
DAY = timedelta(days=1)
HOW = pytest.mark.parametrize(
    ("language", "phone"), [("zh-hans", True), ("en", False)], ids=["Chinese phone", "English desk"]
)
MOST = {"join": 2, "take": 3, "post": 1, "help": 2, "ask": 3}
SEND = "main form button[value=send]"


class City:
    """A ventilator that is booked the whole day after tomorrow, and who would like to have it."""

    def __init__(self, open_page, language, phone):
        self.now = next_hour(timezone.now())
        self.owner, self.borrower = make.institution("owner"), make.institution("borrower")
        self.device = make.equipment(self.owner, last_safety_test=self.now.date(), code="V-07")
        make.offer(self.device, now=self.now)
        self.from_, self.until = self.now + 2 * DAY, self.now + 3 * DAY
        self.booked = make.sharing_request(
            self.device, make.institution("holder"), state=State.APPROVED,
            starts_at=self.from_, ends_at=self.until,
        )  # fmt: skip
        cache.clear()
        how = {"language": language, "phone": phone}
        self.asker = Person(open_page, self.borrower, roles=["coordinator"], name="asker", **how)
        self.lender = Person(open_page, self.owner, roles=["coordinator"], name="lender", **how)

    @property
    def wish(self):
        return f"starts_at={typed(self.from_)}&ends_at={typed(self.until)}"


def link(person, msgid):
    return person.page.get_by_role("link", name=person.words(msgid)).first


def button(person, msgid):
    return person.page.get_by_role("button", name=person.words(msgid), exact=True).first


@HOW
def test_a_place_that_becomes_free_is_held_for_who_waits_and_taken_in_one_page(
    portal, open_page, language, phone
):
    city = City(open_page, language, phone)
    me = city.asker
    me.go("scheduling:request-create", city.device.pk, query=f"?{city.wish}")
    taps = Taps(me.page)
    taps.click(link(me, "Wait for this one"))
    me.page.fill("[name=purpose]", "Ours is in repair")
    taps.click(button(me, "Join the line"))
    assert taps.count <= MOST["join"]
    assert WaitlistEntry.unscoped.get().state == "waiting"
    with transaction.atomic():
        requests.cancel(
            sharing_request=city.booked, side=Side.BORROWER, by=city.booked.created_by,
            now=timezone.now(), reason_code="no_longer_needed",
        )  # fmt: skip
    portal.manage("jobs", "--once")
    me.go("scheduling:waitlist")
    taps = Taps(me.page)
    taps.click(link(me, "Take it"))
    taps.check(me.page.locator("[name=agreement_accepted]"))
    taps.click(me.page.locator(SEND))
    assert taps.count <= MOST["take"]
    entry = WaitlistEntry.unscoped.get()
    assert (entry.state, entry.promise.state) == ("taken", State.REQUESTED)


@HOW
def test_a_search_that_finds_nothing_becomes_a_need_that_somebody_meets(
    portal, open_page, language, phone
):
    city = City(open_page, language, phone)
    me, lender = city.asker, city.lender
    me.go("scheduling:find", query=f"?what=Ventilator&units=1&{city.wish}")
    taps = Taps(me.page)
    taps.click(button(me, "Post this as a need"))
    assert taps.count <= MOST["post"]
    need = Need.unscoped.get()
    assert need.category == city.device.category
    other = make.equipment(city.owner, last_safety_test=city.now.date(), code="V-08")
    make.offer(other, now=city.now)
    lender.go("resources:resource-detail", other.pk)
    taps = Taps(lender.page)
    taps.click(link(lender, "We can help"))
    taps.click(button(lender, "Tell them that we can help"))
    assert taps.count <= MOST["help"]
    me.go("scheduling:need-detail", need.pk)
    taps = Taps(me.page)
    taps.click(link(me, "Ask for it"))
    me.page.fill("[name=purpose]", "Two of ours failed")
    taps.check(me.page.locator("[name=agreement_accepted]"))
    taps.click(me.page.locator(SEND))
    assert taps.count <= MOST["ask"]
    assert SharingRequest.unscoped.get(resource=other).state == State.REQUESTED
