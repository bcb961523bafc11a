"""A hospital that offers what it needs is told so; no round swaps identical things."""

from datetime import timedelta

import pytest
from django.urls import reverse

from scheduling.actions.rounds import replaying
from scheduling.models import Proposal, UnmetNeed
from tests import make
from tests.make.answers import closed

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def both(city):
    """The owner needs one as well, and the borrower offers one."""
    city.own = make.equipment(city.borrower, last_safety_test=city.now.date())
    make.offer(city.own, now=city.now, intervals=[(city.now, city.now + 7 * DAY)])
    city.theirs = make.need(city.owner, category=city.device.category, now=city.now)
    return city


def test_two_hospitals_that_offer_and_need_the_same_are_sent_nothing_of_each_other(both, client):
    city = both
    run = city.computed()
    assert not Proposal.unscoped.filter(run=run).exists()
    codes = dict(UnmetNeed.unscoped.filter(run=run).values_list("need", "code"))
    assert codes == {
        city.urgent.pk: "at_home", city.theirs.pk: "at_home", city.routine.pk: "no_offer",
    }  # fmt: skip
    assert run.results["compare"]["plan"]["served"] == {"1": 0, "2": 0, "3": 0}
    assert not replaying.replay(run).differences
    client.force_login(city.official)
    page = closed(client.get(reverse("city:round-unmet", args=[run.pk]))).content.decode()
    assert page.count("Its hospital offers one itself that fits.") == 2


def test_who_needs_more_than_it_has_gets_the_rest_from_others(both):
    city = both
    city.theirs.delete()
    city.routine.delete()
    type(city.urgent).unscoped.filter(pk=city.urgent.pk).update(quantity=2)
    run = city.computed()
    row = Proposal.unscoped.get(run=run)
    assert (row.resource, row.need, row.borrower) == (city.device, city.urgent, city.borrower)
    left = UnmetNeed.unscoped.get(run=run)
    assert (left.code, left.quantity) == ("at_home", 1)
