"""A coordinator starts a basket, the pharmacist of the house puts the packs in, and it goes out as one."""

import pytest
from django.urls import reverse

from scheduling.basket_states import BasketState
from scheduling.models import Basket
from tests.journeys.people import Person, Taps
from tests.journeys.test_send_a_basket import (
    Ward,
    _no_wider_than_the_screen,
    put_device,
    put_packs,
)

pytestmark = pytest.mark.browser


def of_the_ward(ward, role):
    where = ward.open_page, ward.borrower
    return Person(*where, roles=(role,), language=ward.language, name=role, **ward.how)


@pytest.mark.parametrize(
    ("language", "how"), [("zh-hans", {"phone": True}), ("en", {})], ids=["zh-phone", "en-desk"]
)
def test_a_colleague_puts_its_part_in_and_the_basket_is_sent_as_one(
    open_page, portal, axe, language, how
):
    ward = Ward(open_page, language, **how)
    coordinator, pharmacist = (of_the_ward(ward, role) for role in ("coordinator", "pharmacist"))
    _started(ward, coordinator)
    basket = Basket.unscoped.get()
    _filled(ward, pharmacist, basket, axe)
    page = coordinator.go("scheduling:basket-draft")
    assert page.get_by_text(coordinator.words("Ready to send"), exact=True).count() == 2
    taps = Taps(page)
    taps.click(page.locator("button[name=together][value=all]"))
    assert taps.count == 1
    sent = Basket.unscoped.get(state=BasketState.OPEN)
    assert (sent.pk, sent.item_count) == (basket.pk, 2)
    people = {item.kind: item.created_by.username for item in sent.items.all()}
    assert people == {"equipment": coordinator.user.username, "medicine": pharmacist.user.username}
    _no_wider_than_the_screen(page)
    # The pharmacist's old address of the draft leads to what was sent; so does the back button.
    gone = pharmacist.go("scheduling:basket-shared", basket.pk)
    assert gone.url.endswith(
        reverse("scheduling:basket-detail", args=[ward.borrower.slug, basket.pk])
    )
    pharmacist.sees(sent.reference)


def _started(ward, coordinator):
    taps = Taps(coordinator.page)
    put_device(ward, coordinator, taps)
    page = coordinator.go("scheduling:basket-share")
    page.fill("[name=still_needed]", "20 packs of insulin")
    with page.expect_navigation():
        page.locator("main form button.btn-primary[type=submit]").click()


def _filled(ward, pharmacist, basket, axe):
    put_packs(ward, pharmacist, Taps(pharmacist.page))
    page = pharmacist.go("scheduling:basket-shared", basket.pk)
    pharmacist.sees("20 packs of insulin")
    axe(page)
    _no_wider_than_the_screen(page)
    taps = Taps(page)
    taps.click(page.locator("main aside a.btn-primary"))
    taps.click(page.locator("main form button.btn-primary[type=submit]"))
    assert taps.count == 2
