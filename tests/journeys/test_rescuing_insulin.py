"""Insulin that would expire: from the at-risk board to two ledgers in balance, in both languages."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from resources.models import MedicineLot, Offer
from scheduling.models import SharingRequest
from tests import make
from tests.journeys.people import Person, Taps

pytestmark = pytest.mark.browser


def scene():
    owner, borrower = make.institution("renhe"), make.institution("xihu")
    cache.clear()
    lot = make.medicine_lot(
        owner,
        stock=60,
        expiry_date=timezone.localdate() + timedelta(days=80),
        gtin="06901234567892",
    )
    make.medicine_use(owner, 1)
    make.medicine_use(borrower, 8)
    return owner, borrower, lot


def publish(person, lot):
    """The lot is ticked, its quantity filled in: look at the recalls, offer.  At most 3 taps."""
    taps = Taps(page := person.go("resources:medicine-at-risk"))
    assert page.locator(f"input[name=pick][value='{lot.pk}']").is_checked()
    assert page.locator(f"[name='quantity-{lot.pk}']").input_value() == "44"  # 60 − 80 / 5
    taps.check(page.locator("[name=recalls_checked]"))
    taps.click(page.locator(".offer-bar button[type=submit]"))
    assert taps.count <= 3
    assert Offer.unscoped.get().quantity == 44


def ask(person, lot):
    """The number that helps is filled in: at most 4 taps, on one page."""
    taps = Taps(page := person.go("resources:resource-detail", lot.pk))
    taps.click(page.get_by_role("link", name=person.words("Request it")))
    page.fill("[name=purpose]", "Ours runs out on Friday")
    taps.click(page.locator("main form button.btn-primary"))
    assert taps.count <= 4
    return SharingRequest.unscoped.get()


def step(person, name, request, *further, **fields):
    page = person.go(f"scheduling:{name}", request.pk, *further)
    for field, text in fields.items():
        page.fill(f"[name={field}]", text)
    for box in page.locator("main form input[type=checkbox]").all():
        box.check()
    with page.expect_navigation():
        page.click("main form button.btn-primary")


def receive(person, request, lot):
    """Scan, and accept all that was shipped: at most 3 taps, typing and scanning aside."""
    taps = Taps(page := person.go("scheduling:medicine-receive", request.pk))
    page.fill("[name=scan]", f"(01){lot.gtin}(17){lot.expiry_date:%y%m%d}(10){lot.lot_no}")
    page.fill("[name=coldest]", "3")
    page.fill("[name=warmest]", "6")
    page.fill("[name=temperature_record]", "L-7.pdf")
    taps.click(page.locator("main form button.btn-primary"))
    assert taps.count <= 3


def people(open_page, owner, borrower, languages, **how):
    one, other = languages
    return (
        Person(open_page, owner, roles=["pharmacist"], language=one, name="sender", **how),
        Person(open_page, borrower, roles=["pharmacist"], language=other, name="receiver", **how),
        Person(open_page, borrower, roles=["approver"], language=other, name="director", **how),
    )


def rescue(open_page, languages, check_page=None, **how):
    owner, borrower, lot = scene()
    sender, receiver, director = people(open_page, owner, borrower, languages, **how)
    look = check_page or (lambda page: None)
    look(sender.go("resources:medicine-at-risk"))
    publish(sender, lot)
    look(receiver.go("scheduling:medicine-ask", lot.pk))
    request = ask(receiver, lot)
    look(sender.go("scheduling:medicine-decide", request.pk))
    step(sender, "medicine-decide", request)
    look(director.go("scheduling:medicine-sign", request.pk, "director"))
    step(director, "medicine-sign", request, "director")
    look(sender.go("scheduling:medicine-dispatch", request.pk))
    step(sender, "medicine-dispatch", request, seal_no="S-1", courier="Van", logger_no="L-7")
    look(sender.go("scheduling:medicine-note", request.pk))
    look(receiver.go("scheduling:medicine-receive", request.pk))
    receive(receiver, request, lot)
    look(receiver.go("scheduling:request-detail", request.pk))
    step(sender, "medicine-close", request)
    request.refresh_from_db()
    assert request.state == "closed"
    packs = int(request.quantity)
    stocks = list(MedicineLot.unscoped.order_by("pk").values_list("on_hand", "in_transit"))
    assert stocks == [(60 - packs, 0), (packs, 0)]


@pytest.mark.parametrize("languages", [("en", "zh-hans"), ("zh-hans", "en")], ids=str)
def test_insulin_is_rescued_and_every_page_is_accessible(open_page, axe, languages):
    rescue(open_page, languages, axe)


def test_insulin_is_rescued_in_the_dark_on_a_phone(open_page, axe):
    rescue(open_page, ("zh-hans", "zh-hans"), axe, dark=True, phone=True)


def test_insulin_is_rescued_without_script(open_page):
    rescue(open_page, ("en", "en"), javascript=False)
