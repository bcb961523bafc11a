"""What is told of an item says whether its basket is complete."""

import pytest
from django.db import transaction
from django.urls import reverse

from medshare_portal import notices
from medshare_portal.models import Notification
from scheduling.actions import decisions
from tests.make.baskets import sent_basket

pytestmark = pytest.mark.django_db


def test_the_yes_to_a_part_says_that_the_rest_still_waits(city):
    basket, items = sent_basket(city)
    for item, approver in zip(items, city.approvers, strict=True):
        with transaction.atomic():
            decisions.approve(sharing_request=item, by=approver, now=city.now)
    rows = Notification.unscoped.filter(event="request-approved").order_by("pk")
    first, second, last = (notices.render(row) for row in rows)
    assert first["subject"].startswith(f"Basket {basket.reference} not complete yet · ")
    assert "2 of 3 items still wait" in first["body"]
    assert "1 of 3 items still wait" in second["body"]
    assert basket.reference not in last["subject"] + last["body"]


def test_the_page_of_the_handover_says_that_the_basket_is_not_complete(city, client):
    basket, items = sent_basket(city)
    client.force_login(city.approvers[0])
    address = reverse("scheduling:handover", args=["first", items[0].pk])
    for item, approver in zip(items, city.approvers, strict=True):
        with transaction.atomic():
            decisions.approve(sharing_request=item, by=approver, now=city.now)
        page = client.get(address)
        held_back = item != items[-1]
        assert ("Nothing may be handed over yet" in page.text) == held_back
        assert (f"every item of basket {basket.reference}" in page.text) == held_back
