"""The pages of rounds and proposals, as a browser without script sends them."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from scheduling.actions.rounds import computing, ordering
from scheduling.models import MatchingRun, Proposal, SharingRequest
from tests import make
from tests.make.answers import closed

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
KEY = {"idempotency_key": "a-key-of-a-form"}


def text(response):
    return closed(response).content.decode()


def city_page(name, *args):
    return reverse(f"city:{name}", args=args)


def at(name, institution, *args):
    return reverse(f"scheduling:{name}", args=[institution.slug, *args])


@pytest.fixture
def official(client):
    client.force_login(make.city_user())
    return client


@pytest.fixture
def device(owner, now):
    made = make.equipment(owner, last_safety_test=now.date())
    make.offer(made, now=now, intervals=[(now, now + 7 * DAY)])
    return made


@pytest.fixture
def need(borrower, device, now):
    return make.need(borrower, category=device.category, now=now)


def compute(now):
    ordering.start_waiting(launch=lambda pk: None, now=now)
    run = MatchingRun.unscoped.get(state="running")
    assert computing.compute(run=run, clock=lambda: now)
    return run


def key(number):
    return {"idempotency_key": f"key-of-form-{number}"}


def test_the_page_says_when_the_plan_is_there_and_is_being_checked(official, now, need):
    """Seen by another reader while the rules are asked about the first plan."""
    sent = {"scope": "city", "kinds": ["equipment", "staff"], "days": 7, "fairness": "1"}
    page = official.post(city_page("round-order"), sent | key(1)).url
    seen = []

    def clock():
        seen.append("The plan is there." in text(official.get(page)))
        return now

    ordering.start_waiting(launch=lambda pk: None, now=now)
    run = MatchingRun.unscoped.get()
    assert computing.compute(run=run, clock=clock)
    assert (seen[0], seen[-1]) == (False, True)
    assert MatchingRun.unscoped.get().progress == {
        "equipment": ["planned", 1.0, 1],
        "staff": ["planned", 1.0, 0],
    }


def test_an_official_orders_looks_over_and_publishes_and_hospitals_answer(
    official, now, need, device, owner, borrower
):
    sent = {"scope": "city", "kinds": ["equipment"], "days": 7, "fairness": "1"}
    answer = official.post(city_page("round-order"), sent | key(1))
    run = MatchingRun.unscoped.get()
    assert answer.url == city_page("round", run.pk)
    waiting = text(official.get(answer.url))
    assert "Waiting to start" in waiting
    assert 'hx-trigger="every 3s"' in waiting
    polled = {"HX-Request": "true"}
    assert "HX-Refresh" not in official.get(answer.url, headers=polled).headers
    compute(now)
    assert official.get(answer.url, headers=polled).headers["HX-Refresh"] == "true"
    page = text(official.get(answer.url))
    row = Proposal.unscoped.get()
    assert "1 of 1 needs can be met" in page
    assert "The only offer that fits." in page
    assert "Publish 1 proposal" in page
    pin = city_page("proposal-pin", run.pk, row.pk)
    assert official.post(pin, key(2)).status_code == 302
    row.refresh_from_db()
    assert row.pinned
    assert official.post(city_page("round-publish", run.pk), key(3)).status_code == 302
    row.refresh_from_db()
    assert row.state == "published"

    client = official
    client.force_login(make.user(at=borrower, role="coordinator"))
    listed = text(client.get(at("proposals", borrower)))
    assert "1 proposal waits for our answer" in listed
    accept = at("proposal-accept", borrower, row.pk)
    assert accept in listed
    form = text(client.get(accept))
    assert "We accept the terms of the loan" in form
    site = borrower.sites.get()
    typed = {"site": site.pk, "purpose": "Ours is in repair", "agreement_accepted": "on"}
    assert client.post(accept, typed | key(4)).url == at("proposals", borrower)
    made = SharingRequest.unscoped.get()
    row.refresh_from_db()
    assert (row.state, row.sharing_request) == ("asked", made)
    assert (made.starts_at, made.ends_at) == (row.starts_at, row.ends_at)
    assert (made.purpose, made.delivery_site) == ("Ours is in repair", site)
    assert made.reference in text(client.get(at("proposals", borrower)))


def test_an_acceptance_without_the_terms_is_an_error_beside_the_field(
    client, now, need, device, borrower, run
):
    row = make.proposal(
        make.matching_run(now=now, state="published"), need, device, now=now, state="published"
    )
    client.force_login(make.user(at=borrower, role="coordinator"))
    typed = {"site": borrower.sites.get().pk, "purpose": "Ours is in repair"}
    answer = client.post(at("proposal-accept", borrower, row.pk), typed | KEY)
    assert answer.status_code == 422
    assert "agreement_accepted" in answer.context["form"].errors
    assert not SharingRequest.unscoped.exists()


def test_what_the_rules_refuse_meanwhile_is_said_and_changes_nothing(
    client, now, need, device, borrower, owner
):
    row = make.proposal(
        make.matching_run(now=now, state="published"), need, device, now=now, state="published"
    )
    by = make.user(at=owner, role="coordinator")
    make.block(device, row.starts_at, row.ends_at, by=by)
    client.force_login(make.user(at=borrower, role="coordinator"))
    accept = at("proposal-accept", borrower, row.pk)
    assert "Stop:" in text(client.get(accept))
    typed = {"site": borrower.sites.get().pk, "purpose": "Ours", "agreement_accepted": "on"}
    answer = client.post(accept, typed | KEY)
    assert answer.status_code == 409
    row.refresh_from_db()
    assert row.state == "published"


def test_the_owner_declines_with_a_reason_of_its_own(client, now, need, device, owner, borrower):
    row = make.proposal(
        make.matching_run(now=now, state="published"), need, device, now=now, state="published"
    )
    client.force_login(make.user(at=owner, role="approver"))
    refuse = at("proposal-refuse", owner, row.pk)
    assert refuse in text(client.get(at("proposals", owner)))
    wrong = client.post(refuse, {"reason_code": "no_longer_needed"} | key(1))
    assert wrong.status_code == 422
    assert client.post(refuse, {"reason_code": "own_need"} | key(2)).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.declined_by_side) == ("declined", "owner")


def test_a_stranger_finds_no_proposal_of_others(client, now, need, device):
    stranger = make.institution("stranger")
    row = make.proposal(
        make.matching_run(now=now, state="published"), need, device, now=now, state="published"
    )
    client.force_login(make.user(at=stranger, role="coordinator"))
    assert client.get(at("proposal-accept", stranger, row.pk)).status_code == 404
    assert need.name not in text(client.get(at("proposals", stranger)))


def test_a_proposal_that_is_not_published_is_nobodys_at_the_hospital(
    client, now, need, device, borrower, run
):
    row = make.proposal(run, need, device, now=now)
    client.force_login(make.user(at=borrower, role="coordinator"))
    assert client.get(at("proposal-accept", borrower, row.pk)).status_code == 404
    assert "No proposal waits for our answer" in text(client.get(at("proposals", borrower)))


def test_an_order_without_kinds_or_with_a_wrong_day_is_refused_beside_its_field(official):
    answer = official.post(
        city_page("round-order"), {"scope": "moon", "days": 99, "fairness": "7"} | KEY
    )
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"scope", "kinds", "days", "fairness"}
    assert not MatchingRun.unscoped.exists()


def test_unmet_needs_say_which_rule_left_none(official, now, need, device, borrower):
    need.within_km = 0
    need.save()
    far = make.site(device.institution, latitude=31.5, longitude=121.5)
    device.institution.sites.update(is_main=False)
    far.is_main = True
    far.save()
    sent = {"scope": "city", "kinds": ["equipment"], "days": 7, "fairness": "1"}
    official.post(city_page("round-order"), sent | KEY)
    run = compute(now)
    page = text(official.get(city_page("round-unmet", run.pk)))
    assert "near enough" in page
    assert re.search(r"Without “near enough” 1 offer would fit\.", page)


def test_a_simple_way_that_breaks_a_rule_is_told_to_be_no_measure(official, now, need):
    sent = {"scope": "city", "kinds": ["equipment"], "days": 7, "fairness": "1"}
    official.post(city_page("round-order"), sent | KEY)
    run = compute(now)
    run.refresh_from_db()
    address = city_page("round", run.pk)
    assert {way["broken"] for way in run.results["compare"].values()} == {0}
    assert "no fair measure" not in text(official.get(address))

    run.results["compare"]["first_come"]["broken"] = 2
    run.save(update_fields=["results"])

    assert "“First come” breaks 2 rules here" in text(official.get(address))


def test_a_hospital_runs_its_own_round_and_sees_no_round_of_others(
    client, now, need, device, borrower, run
):
    client.force_login(make.user(at=borrower, role="coordinator"))
    assert client.get(at("round", borrower, run.pk)).status_code == 404
    sent = {"kinds": ["equipment"], "days": 7, "fairness": "1"}
    answer = client.post(at("round-order", borrower), sent | KEY)
    assert answer.status_code == 302
    compute(now)
    assert "1 of 1 needs can be met" in text(client.get(answer.url))


def test_a_list_of_rounds_costs_the_same_however_long(official, now):
    make.matching_run(now=now)
    _statements(official, city_page("rounds"))  # fills what is kept between requests
    few = _statements(official, city_page("rounds"))
    for _number in range(20):
        make.matching_run(now=now)
    assert _statements(official, city_page("rounds")) == few


def _statements(client, address) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_publishing_twice_leads_back_to_the_round(official, now, need, device):
    run = make.matching_run(now=now, state="published")
    line = make.proposal(run, need, device, now=now, state="published")
    for name, *args in (("round-publish",), ("proposal-strike", line.pk)):
        assert official.get(city_page(name, run.pk, *args)).url == city_page("round", run.pk)
    answer = official.post(city_page("round-publish", run.pk), KEY)
    assert answer.url == city_page("round", run.pk)
    assert "This round is published." in text(official.get(answer.url))


def test_a_round_that_waits_is_stopped_in_words_of_its_own(official, now):
    run = make.matching_run(now=now, state="queued")
    stop = city_page("round-stop", run.pk)
    assert "Stop it before it begins? Nothing is computed then." in text(official.get(stop))
    answer = text(official.post(stop, KEY, follow=True))
    assert "The round is taken out of the queue." in answer
