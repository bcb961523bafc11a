"""A ventilator, its nurse, its consumables and its protocol for three days, sent as one message."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from resources.models import Resource
from scheduling.basket_states import BasketState
from scheduling.models import Basket, SharingRequest
from scheduling.states import State
from tests import make
from tests.journeys.people import ZONE, Person, Taps, next_hour, typed

pytestmark = pytest.mark.browser
# The bar: two interactions per thing that is found, as for one request, and one to send all.
MOST = {"put": 2, "send": 1, "decide": 2}
HOUR = timedelta(hours=1)


class Ward:
    """Four owners with one thing each; one ward needs all of it."""

    def __init__(self, open_page, language, **how):
        self.open_page, self.language, self.how = open_page, language, how
        self.now = next_hour(timezone.now())
        self.borrower = make.institution("ward")
        self.owners = [make.institution(slug) for slug in ("devices", "people", "lots", "papers")]
        devices, people, lots, papers = self.owners
        self.device = make.equipment(devices, last_safety_test=self.now.date())
        make.offer(self.device, now=self.now)
        self.nurse = make.compliant(people, self.borrower)
        self.lot = make.offered_lot(lots)
        make.medicine_use(self.borrower, 4)
        self.protocol = make.asset(papers)
        cache.clear()

    def asker(self):
        roles = ("coordinator", "pharmacist")
        where = self.open_page, self.borrower
        return Person(*where, roles=roles, language=self.language, name="asker", **self.how)

    def approver(self):
        where = self.open_page, self.owners[0]
        return Person(
            *where, roles=("approver",), language=self.language, name="approver", **self.how
        )


def put(person, taps, page):
    """The second button of the page that asks."""
    before = taps.count
    taps.click(page.locator("button[name=do][value=basket]"))
    assert taps.count - before <= MOST["put"]


def put_device(ward, person, taps):
    page = person.go("scheduling:request-create", ward.device.pk)
    page.fill("[name=starts_at]", typed(ward.now + 24 * HOUR))
    page.fill("[name=ends_at]", typed(ward.now + 96 * HOUR))
    page.fill("[name=purpose]", "A bed more")
    taps.check(page.locator("[name=agreement_accepted]"))
    put(person, taps, page)


def put_nurse(ward, person, taps):
    page = person.go("scheduling:staff-invite", ward.nurse.pk)
    day = (ward.now + timedelta(days=2)).astimezone(ZONE)
    night = day.replace(hour=20, minute=0)
    page.fill("[name=starts_at]", typed(night))
    page.fill("[name=ends_at]", typed(night + 12 * HOUR))
    page.select_option("[name=specialty]", make.specialty().code)
    put(person, taps, page)


def put_packs(ward, person, taps):
    page = person.go("scheduling:medicine-ask", ward.lot.pk)
    page.fill("[name=quantity]", "20")
    page.fill("[name=purpose]", "Consumables")
    put(person, taps, page)


def put_protocol(ward, person, taps):
    page = person.go("scheduling:information-ask", ward.protocol.pk)
    page.fill("[name=reason]", "The protocol")
    taps.check(page.locator("[name=agreed]"))
    put(person, taps, page)


@pytest.mark.parametrize(
    ("language", "how"), [("zh-hans", {"phone": True}), ("en", {})], ids=["zh-phone", "en-desk"]
)
def test_a_basket_over_all_kinds_is_sent_and_comes_to_nothing_together(
    open_page, portal, axe, language, how
):
    ward = Ward(open_page, language, **how)
    person = ward.asker()
    taps = Taps(person.page)
    for add in (put_device, put_nurse, put_packs, put_protocol):
        add(ward, person, taps)
    page = person.page
    assert page.get_by_text(person.words("Ready to send"), exact=True).count() == 4
    axe(page)
    _no_wider_than_the_screen(page)
    page.fill("[name=message]", "ICU bed 7")
    before = taps.count
    taps.click(page.locator("button[name=together][value=all]"))
    assert taps.count - before <= MOST["send"]
    assert taps.count <= 4 * MOST["put"] + MOST["send"]
    basket = Basket.unscoped.get()
    assert (basket.state, basket.item_count) == (BasketState.OPEN, 4)
    axe(page)
    _no_wider_than_the_screen(page)
    _one_owner_says_no(ward, basket)
    page.reload()
    person.sees(person.words("An item was declined"))
    states = SharingRequest.unscoped.filter(basket=basket).values_list("state", flat=True)
    assert sorted(states) == [State.DECLINED, *[State.WITHDRAWN] * 3]
    assert Basket.unscoped.get().state == BasketState.RELEASED


def _one_owner_says_no(ward, basket):
    """It sees that its device is one of four, and nothing of the other three."""
    owner = ward.approver()
    item = SharingRequest.unscoped.get(basket=basket, resource=ward.device)
    page = owner.go("scheduling:request-detail", item.pk)
    owner.sees(owner.words("Part of a basket"))
    for other in (ward.nurse, ward.lot.resource, ward.protocol):
        assert Resource.unscoped.get(pk=other.pk).name_en not in page.content()
    page = owner.go("scheduling:request-decide", item.pk)
    page.check(f"#decline-{item.pk}")
    page.select_option("[name=reason_code]", "own_need")
    with page.expect_navigation():
        page.locator("main form button.btn-lg[type=submit]").click()


def _no_wider_than_the_screen(page):
    assert not page.evaluate("document.documentElement.scrollWidth > window.innerWidth + 2")
