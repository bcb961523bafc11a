"""The supply side: what of the offers found nobody, and after which rule no need was left."""

from datetime import timedelta

import pytest
from django.urls import reverse

from scheduling.actions.rounds import publishing
from tests import make
from tests.make.answers import closed
from tests.scheduling.rounds.test_trial_pages import computed

pytestmark = pytest.mark.django_db


@pytest.fixture
def lot(now, owner, borrower):
    """Forty packs, of which ten are needed; and a device that is offered when nobody needs it."""
    made = make.offered_lot(owner, stock=40, search_text="insulin glargine")
    make.medicine_use(borrower, 20)
    by = now + timedelta(days=3)
    make.need(
        borrower, category=None, now=now, kind="medicine", what="Insulin glargine", quantity=10,
        starts_at=None, ends_at=None, needed_by=by, expires_at=by,
    )  # fmt: skip
    return made


@pytest.fixture
def device(now, owner, borrower):
    made = make.equipment(owner, last_safety_test=now.date())
    start = now + timedelta(days=5)
    make.offer(made, now=now, intervals=[(start, start + timedelta(hours=9))])
    make.need(borrower, category=made.category, now=now)
    return made


def page(client, user, name, *args) -> str:
    client.force_login(user)
    return closed(client.get(reverse(name, args=args))).content.decode()


def test_an_offer_that_found_nobody_says_so_and_why(client, now, owner, borrower, lot, device):
    run = computed(now, "equipment", "medicine")
    supply = {row["offer"]: row for row in run.results["supply"]}
    assert set(supply) == {lot.pk, device.pk}
    assert (supply[lot.pk]["amount"], supply[lot.pk]["matched"]) == (40, 10)
    assert supply[device.pk]["funnel"][-1] == ["window", 0]
    official = make.city_user()
    asker, approver = (
        make.user("asks", at=borrower, role="coordinator"),
        make.user("decides", at=owner, role="approver"),
    )
    of_city = page(client, official, "city:round", run.pk)
    assert "Of 40 packs 10 are proposed, 30 found nobody." in of_city
    assert "at its offered hours" in of_city
    heading = "Our offers that found nobody in the last round"
    assert heading not in page(client, approver, "scheduling:proposals", owner.slug)
    publishing.publish(run=run, by=official, now=now)
    told = page(client, approver, "scheduling:proposals", owner.slug)
    assert heading in told
    assert "Of 40 packs 10 are proposed, 30 found nobody." in told
    assert device.code in told
    assert heading not in page(client, asker, "scheduling:proposals", borrower.slug)
