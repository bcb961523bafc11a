"""Fairness as a reason, and what it costs a round: a second solve without it says both."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from scheduling.actions.rounds import computing, ordering
from scheduling.actions.rounds.storing import replay_of
from scheduling.matching.problem import Kind, Urgency
from scheduling.matching.solve import solve
from scheduling.models import MatchingRun, Proposal, UnmetNeed
from scheduling.queries.rounds.figures import figures, measured
from tests import make
from tests.make.answers import closed

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def poor(db):
    return make.institution("poor")


@pytest.fixture
def device(owner, now):
    made = make.equipment(owner, last_safety_test=now.date())
    make.offer(made, now=now, intervals=[(now, now + 3 * DAY)])
    return made


@pytest.fixture
def scarce(device, borrower, poor, now):
    """Whoever has nothing needs the device for all of its offered time; the other hospital asks
    for two short uses and could have both instead."""
    times = {"now": now, "category": device.category}
    start = now + 4 * HOUR
    long = make.need(poor, starts_at=start, ends_at=start + 50 * HOUR, **times)
    short = [
        make.need(borrower, starts_at=at, ends_at=at + 4 * HOUR, **times)
        for at in (start + 2 * HOUR, start + 26 * HOUR)
    ]
    free = make.equipment(device.institution, category=device.category, last_safety_test=now.date())
    make.offer(free, now=now, intervals=[(start - 3 * HOUR, start + 9 * HOUR)])
    return long, short


def computed(now, fairness="1") -> MatchingRun:
    terms = ordering.RoundTerms(kinds=("equipment",), fairness=Decimal(fairness))
    run = ordering.order(terms=terms, by=make.city_user(), now=now)
    ordering.start_waiting(launch=lambda pk: None, now=now)
    assert computing.compute(run=run, clock=lambda: now)
    run.refresh_from_db()
    return run


def test_a_need_that_lost_to_fairness_hears_both_fills(client, now, scarce):
    long, short = scarce
    run = computed(now)
    assert long in {row.need for row in Proposal.unscoped.all()}
    lost = UnmetNeed.unscoped.get()
    assert lost.need in short
    assert lost.code == "fairness"
    assert lost.data["fill"] == 50
    assert lost.data["fill_without"] == 100
    problem, plan = replay_of(run)
    parameters = replace(problem.parameters, fairness=0.0)
    without = solve(replace(problem, parameters=parameters))
    served = {match.need for match in without.matches}
    assert lost.need_ref in served
    assert lost.need_ref not in {match.need for match in plan.matches}
    client.force_login(make.city_user("reader"))
    page = closed(client.get(reverse("city:round", args=[run.pk]))).content.decode()
    assert "This hospital gets 50 % of its weighted needs; without fairness 100 %." in page
    assert "Fairness costs no need" in page
    assert run.results["compare"]["without_fairness"]["lowest"] == 0
    assert run.results["compare"]["plan"]["lowest"] == 50


def test_where_fairness_does_not_count_nobody_hears_of_it(client, now, scarce):
    run = computed(now, fairness="0")
    assert {row.code for row in UnmetNeed.unscoped.all()} == {"outbid"}
    assert "without_fairness" not in run.results["compare"]
    client.force_login(make.city_user("reader"))
    page = closed(client.get(reverse("city:round", args=[run.pk]))).content.decode()
    assert "Fairness costs" not in page


def test_a_need_that_loses_either_way_is_outbid(now, device, borrower, poor):
    for at in (borrower, poor):
        make.need(
            at, category=device.category, now=now, priority="urgent", justification="Ours failed"
        )
    make.need(borrower, category=device.category, now=now)
    computed(now)
    routine = UnmetNeed.unscoped.get(urgency=3)
    assert routine.code == "outbid"


def test_nobody_blames_fairness_where_either_plan_was_cut_or_serves_the_urgent_less(scarce, now):
    run = computed(now)
    problem, plan = replay_of(run)
    late = replace(plan, kinds=tuple(replace(row, notes=("out_of_time",)) for row in plan.kinds))
    assert not measured(problem, late, without=plan).fairness_is_known
    assert not measured(problem, plan, without=late).fairness_is_known
    needs = tuple(replace(row, urgency=Urgency.URGENT) for row in problem.equipment_needs)
    pressing = replace(problem, equipment_needs=needs)
    less = replace(plan, kinds=tuple(replace(row, matches=row.matches[1:]) for row in plan.kinds))
    assert not measured(pressing, plan, without=less).fairness_is_known
    assert measured(pressing, plan, without=plan).fairness_is_known


def test_a_plan_that_was_cut_short_does_not_blame_fairness(scarce, now):
    """Against one without fairness that is no less fair and serves more."""
    run = computed(now)
    problem, plan = replay_of(run)
    cut = replace(plan, kinds=tuple(replace(row, matches=row.matches[:1]) for row in plan.kinds))
    blamed = measured(problem, cut, without=plan)
    assert not blamed.fairness_is_known
    assert "without_fairness" not in figures(blamed)["compare"]
    unserved = {row.id for row in problem.equipment_needs} - {cut.kinds[0].matches[0].need}
    verdicts = {blamed.explainers[Kind.EQUIPMENT].need(name).verdict for name in unserved}
    assert verdicts == {"outbid"}
    assert measured(problem, plan, without=plan).fairness_is_known
