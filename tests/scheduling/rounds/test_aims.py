"""What counts in a round is chosen within limits, stored with it, given to the matcher and shown."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import translation

from scheduling.actions.rounds import computing, ordering
from scheduling.actions.rounds.storing import replay_of
from scheduling.forms.rounds import RoundForm
from scheduling.models import MatchingRun
from tests import make
from tests.make.answers import closed

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
ORDER = {"scope": "city", "kinds": ["equipment"], "days": 7, "idempotency_key": "a-key-of-a-form"}


@pytest.fixture
def official(client):
    client.force_login(make.city_user())
    return client


def order(client, **typed):
    return client.post(reverse("city:round-order"), ORDER | typed)


def test_what_is_chosen_reaches_the_matcher_and_the_page(official, now, owner, borrower):
    device = make.equipment(owner, last_safety_test=now.date())
    make.offer(device, now=now, intervals=[(now, now + 7 * DAY)])
    make.need(borrower, category=device.category, now=now)
    assert order(official, fairness="0.35", aims=["waste", "travel"]).status_code == 302
    run = MatchingRun.unscoped.get()
    assert run.left_out == ["stability"]
    ordering.start_waiting(launch=lambda pk: None, now=now)
    assert computing.compute(run=run, clock=lambda: now)
    given = replay_of(run)[0].parameters
    assert (given.fairness, given.waste_weight) == (0.35, 1)
    assert (given.stability_weight, given.distance_weight) == (0, 1)
    page = closed(official.get(reverse("city:round", args=[run.pk]))).content.decode()
    assert "0.35" in page
    assert "waste → distance" in page
    again = official.get(reverse("city:round-order") + f"?again={run.pk}")
    assert again.context["form"]["aims"].value() == ["waste", "travel"]


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"fairness": "1.01"}, "fairness"),
        ({"fairness": "-0.1"}, "fairness"),
        ({"fairness": "NaN"}, "fairness"),
        ({"fairness": "0.333"}, "fairness"),
        ({"fairness": "much"}, "fairness"),
        ({"fairness": ""}, "fairness"),
        ({"fairness": "1", "aims": ["glory"]}, "aims"),
        ({"fairness": "1", "days": "0"}, "days"),
    ],
)
def test_beyond_its_limits_each_is_refused_beside_its_field(official, typed, wrong):
    answer = order(official, **typed)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {wrong}
    assert not MatchingRun.unscoped.exists()


def test_the_refusal_is_said_in_chinese():
    with translation.override("zh-hans"):
        form = RoundForm({"kinds": ["equipment"], "days": 7, "fairness": "2"}, codes=["equipment"])
        assert re.search("[\u4e00-\u9fff]", str(form.errors["fairness"]))
    assert set(form.errors) == {"fairness"}
