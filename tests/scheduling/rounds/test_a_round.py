"""A round from its order to the hospitals' answers, by the actions."""

from datetime import timedelta
from decimal import Decimal

import pytest

from medshare_portal.actions.crises import NotAnOfficial
from medshare_portal.models import AuditEvent, Notification
from scheduling.actions import decisions
from scheduling.actions.needs_alone import meet
from scheduling.actions.rounds import (
    answering,
    computing,
    deciding,
    ordering,
    publishing,
)
from scheduling.actions.rounds.storing import replay_of
from scheduling.matching.plan import Control
from scheduling.matching.solve import solve
from scheduling.models import MatchingRun, Need, Proposal, UnmetNeed
from tests import make

pytestmark = pytest.mark.django_db
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def test_the_urgent_need_gets_the_device_and_the_other_is_told_why_not(city):
    run = city.computed()
    assert run.state == "proposed"
    row = Proposal.unscoped.get()
    assert (row.need, row.resource) == (city.urgent, city.device)
    assert (row.starts_at, row.ends_at) == (city.urgent.starts_at, city.urgent.ends_at)
    unmet = UnmetNeed.unscoped.get()
    assert (unmet.need, unmet.code) == (city.routine, "outbid")
    assert (unmet.data["held_by"], unmet.data["price"], unmet.data["worth"]) == (2, 10, 1)
    assert row.why["funnel"][0] == ["all", 1]
    assert {code for code, left in row.why["funnel"] if left == 1} > {"item", "travel", "window"}
    assert run.results["full"] == {"2": 1, "3": 0}
    ways = {"plan", "urgency_first", "first_come", "without_fairness"}
    assert set(run.results["compare"]) == ways
    # First come: the routine need was posted first.
    assert run.results["compare"]["first_come"]["served"] == {"1": 0, "2": 0, "3": 1}


def test_a_round_replays_to_the_same_plan(city):
    problem, plan = replay_of(city.computed())
    again = solve(problem, Control(seed=plan.seed))
    assert again.inputs_hash == plan.inputs_hash
    assert again.matches == plan.matches


def test_what_the_workflow_refuses_is_never_proposed(city):
    """The matcher knows nothing of the owner's indemnity."""
    city.device.equipment.indemnity_ref = ""
    city.device.equipment.save()
    run = city.computed()
    assert not Proposal.unscoped.exists()
    assert run.results["refused"] == {"EQ-10": 2}
    assert {row.need for row in UnmetNeed.unscoped.all()} == {city.routine, city.urgent}


@pytest.mark.parametrize("side", ["borrower", "owner"])
def test_a_practice_licence_that_ends_before_is_a_rule_of_the_matcher(city, side):
    institution = getattr(city, side)
    institution.licence_valid_to = (city.now + DAY).date()
    institution.save()
    run = city.computed()
    assert not Proposal.unscoped.exists()
    assert run.results["refused"] == {}
    for row in UnmetNeed.unscoped.all():
        assert (row.code, row.data["funnel"][-1]) == ("no_offer", ["practice", 0])
        assert row.data["relax"] == {"code": "practice", "opens": 1, "amount": None}


def test_only_officials_order_rounds_of_the_city(city):
    terms = ordering.RoundTerms(kinds=("equipment",))
    with pytest.raises(NotAnOfficial):
        ordering.order(terms=terms, by=city.approver, now=city.now)
    assert not MatchingRun.unscoped.exists()


def test_a_hospital_runs_a_round_over_its_own_needs(city):
    stranger = make.institution("stranger")
    make.need(stranger, category=city.device.category, now=city.now)
    terms = ordering.RoundTerms(kinds=("equipment",))
    run = ordering.order(terms=terms, institution=city.borrower, by=city.asker, now=city.now)
    ordering.start_waiting(launch=lambda pk: None, now=city.now)
    computing.compute(run=run, clock=lambda: city.now)
    assert {row.need for row in Proposal.unscoped.all()} == {city.urgent}
    assert {row.need for row in UnmetNeed.unscoped.all()} == {city.routine}


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"kinds": ()}, ordering.NothingToMatch),
        ({"kinds": ("information",)}, ordering.NothingToMatch),
        ({"kinds": ("equipment",), "days": 15}, ordering.WrongTime),
        ({"kinds": ("equipment",), "days": 0}, ordering.WrongTime),
    ],
)
def test_an_order_that_says_nothing_is_refused(city, fields, refusal):
    terms = ordering.RoundTerms(**fields)
    with pytest.raises(refusal):
        ordering.order(terms=terms, by=city.official, now=city.now)
    assert not MatchingRun.unscoped.exists()


def test_rounds_wait_for_each_other_and_a_fourth_is_refused(city):
    for _number in range(3):
        city.order(fairness=Decimal("0.5"))
    with pytest.raises(ordering.TooManyRounds):
        city.order()
    launched = []
    ordering.start_waiting(launch=launched.append, now=city.now)
    ordering.start_waiting(launch=launched.append, now=city.now)
    assert launched == [row.pk for row in MatchingRun.unscoped.order_by("pk")[:2]]


def test_a_round_that_fails_says_why_and_leaves_nothing(city, logged_errors):
    run = city.order()
    ordering.start_waiting(launch=lambda pk: None, now=city.now)
    MatchingRun.unscoped.filter(pk=run.pk).update(kinds=["nothing of the kind"])
    run.refresh_from_db()
    assert not computing.compute(run=run, clock=lambda: city.now)
    run.refresh_from_db()
    assert run.state == "failed"
    assert "nothing of the kind" in run.error
    assert not Proposal.unscoped.exists()
    assert [record.name for record in logged_errors] == ["scheduling.actions.rounds.computing"]


def test_a_waiting_round_is_stopped_at_once(city):
    run = city.order()
    ordering.stop(run=run, by=city.official, now=city.now)
    run.refresh_from_db()
    assert (run.state, run.error) == ("failed", "stopped")
    with pytest.raises(ordering.NotUnderWay):
        ordering.stop(run=run, by=city.official, now=city.now)


def test_what_is_struck_is_not_published_and_a_published_round_is_final(city):
    make.equipment(city.owner)
    run = city.computed()
    row = Proposal.unscoped.get()
    with pytest.raises(deciding.ReasonNeeded):
        deciding.strike(proposal=row, reason=" ", by=city.official, now=city.now)
    deciding.strike(proposal=row, reason="Is being repaired", by=city.official, now=city.now)
    with pytest.raises(publishing.NothingToPublish):
        publishing.publish(run=run, by=city.official, now=city.now)
    deciding.restore(proposal=row, by=city.official, now=city.now)
    assert publishing.publish(run=run, by=city.official, now=city.now) == 1
    row.refresh_from_db()
    run.refresh_from_db()
    assert (row.state, run.state) == ("published", "published")
    assert row.expires_at == min(row.starts_at - HOUR, city.now + 48 * HOUR)
    with pytest.raises(deciding.AlreadyTold):
        deciding.strike(proposal=row, reason="Too late", by=city.official, now=city.now)


def test_both_sides_hear_once_of_what_was_published(city):
    city.published()
    told = Notification.unscoped.filter(event="proposals-published")
    assert set(told.values_list("user", flat=True)) >= {city.asker.pk, city.approver.pk}
    assert told.filter(user=city.asker).get().context == {"number": 1}


def test_the_borrowers_yes_asks_the_owner_whose_yes_meets_the_need(city):
    row = city.published()
    made = city.accepted(row)
    row.refresh_from_db()
    assert (row.state, row.sharing_request) == ("asked", made)
    decisions.approve(sharing_request=made, by=city.approver, now=city.now)
    row.refresh_from_db()
    assert row.state == "agreed"
    assert meet(now=city.now) == 1
    assert Need.unscoped.get(pk=city.urgent.pk).state == "met"
    written = AuditEvent.unscoped.filter(action="proposal.accepted").values_list("chain", flat=True)
    assert set(written) == {"owner", "borrower"}


def test_an_owner_that_declines_the_request_has_declined_the_proposal(city):
    row = city.published()
    made = city.accepted(row)
    decisions.decline(
        sharing_request=made, by=city.approver, now=city.now, reason_code="own_need", text=""
    )
    row.refresh_from_db()
    assert (row.state, row.declined_by_side, row.decline_code) == ("declined", "owner", "own_need")
    again = city.computed()
    assert not Proposal.unscoped.filter(run=again, need=city.urgent).exists()


def test_either_side_declines_before_anything_is_asked(city):
    row = city.published()
    with pytest.raises(answering.WrongReason):
        answering.decline(
            proposal=row, institution=city.owner, reason_code="no_longer_needed",
            by=city.approver, now=city.now,
        )  # fmt: skip
    answering.decline(
        proposal=row, institution=city.owner, reason_code="not_ready",
        by=city.approver, now=city.now,
    )  # fmt: skip
    row.refresh_from_db()
    assert (row.state, row.declined_by_side) == ("declined", "owner")
    assert Notification.unscoped.filter(event="proposal-declined", user=city.asker).exists()
    with pytest.raises(answering.AnsweredAlready):
        city.accepted(row)


def test_a_proposal_ends_when_nobody_answers_or_the_need_is_over(city):
    row = city.published()
    with pytest.raises(answering.TooLate):
        answering.accept(proposal=row, terms=city.terms(row), by=city.asker, now=row.expires_at)
    assert answering.expire(now=row.expires_at - HOUR) == 0
    Need.unscoped.filter(pk=row.need_id).update(state="withdrawn", ended_at=city.now)
    with pytest.raises(answering.NeedIsOver):
        city.accepted(row)
    assert answering.expire(now=city.now) == 1
    row.refresh_from_db()
    assert row.state == "expired"
