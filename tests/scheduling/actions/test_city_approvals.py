"""The city approves emergencies in an owner's place – and nothing else, nor beyond the end."""

import pytest

from medshare_portal.actions import crises as acts
from medshare_portal.actions.crises import HasEnded, NotAnOfficial
from medshare_portal.models import AuditEvent, Notification
from medshare_portal.notices import registry
from scheduling.actions import city_approvals, city_calls, requests
from scheduling.actions._lock import NotYours
from scheduling.actions._move import IllegalTransition
from scheduling.actions._rules import RulesBlock
from scheduling.models import CityApproval, SharingRequest
from scheduling.states import Side, State
from tests import make
from tests.scheduling.actions.crisis import (
    INSTANT,
    MINUTE,
    approved_by_city,
    asked_stat,
    crisis_of,
    steps_of,
)
from tests.scheduling.actions.loan import HOUR, approve, ask, terms

pytestmark = pytest.mark.django_db


def test_the_city_approves_in_the_owners_place(city, now, official):
    crisis = crisis_of(city, now, by=official)
    request = approved_by_city(asked_stat(city, now), official, now + 20 * MINUTE)
    assert (request.state, request.decided_by, request.crisis_id) == (
        State.APPROVED,
        official,
        crisis.pk,
    )
    step = steps_of(request)["approve_by_city"]
    assert (step.side, step.by, step.text) == (Side.CITY, official, "Three patients wait.")
    assert step.data == {"relaxed": ["city-approval"], "waited": 20, "crisis": crisis.pk}
    row = CityApproval.unscoped.get()
    assert (row.sharing_request, row.crisis, row.by, row.waited_minutes) == (
        request,
        crisis,
        official,
        20,
    )
    told = Notification.unscoped.filter(event="approved-by-city").values_list("user", flat=True)
    assert set(told) == {city.approver.pk, city.asker.pk}
    chains = AuditEvent.unscoped.filter(action="request.approve_by_city")
    assert set(chains.values_list("chain", flat=True)) == {"owner", "borrower", "city"}


@pytest.mark.parametrize("priority", ["routine", "urgent", "asap"])
def test_the_city_decides_emergencies_only(city, now, official, priority):
    crisis_of(city, now, by=official)
    with pytest.raises(city_approvals.NoEmergency):
        approved_by_city(ask(city, now, priority=priority), official, now)


def test_the_owner_has_its_time_first_to_the_minute(city, now, official):
    crisis_of(city, now, by=official, wait_minutes=30)
    request = asked_stat(city, now)
    with pytest.raises(city_approvals.OwnerStillHasTime):
        approved_by_city(request, official, now + 30 * MINUTE - INSTANT)
    assert approved_by_city(request, official, now + 30 * MINUTE).state == State.APPROVED


@pytest.mark.parametrize(
    "fields",
    [
        {"kinds": ("staff",)},
        {"relaxed": ("shorter-notice",)},
        {"hours": 1},
    ],
)
def test_without_a_crisis_that_says_so_the_city_decides_nothing(city, now, official, fields):
    crisis_of(city, now, by=official, **fields)
    request = asked_stat(city, now)
    with pytest.raises(city_approvals.NotOurs):
        approved_by_city(request, official, now + MINUTE)
    request.refresh_from_db()
    assert request.state == State.REQUESTED
    assert not CityApproval.unscoped.exists()


def test_after_its_early_end_the_city_decides_nothing(city, now, official):
    crisis = crisis_of(city, now, by=official)
    request = asked_stat(city, now)
    acts.end(crisis=crisis, reason="The water falls.", by=official, now=now + MINUTE)
    with pytest.raises(city_approvals.NotOurs):
        approved_by_city(request, official, now + 2 * MINUTE)
    with pytest.raises(HasEnded):
        acts.extend(crisis=crisis, hours=48, reason="x", by=official, now=now + 2 * MINUTE)


def test_nobody_else_approves_in_the_owners_place(city, now, official):
    crisis_of(city, now, by=official)
    request = asked_stat(city, now)
    for person in (city.asker, city.approver, make.city_user("admin", role="registry_admin")):
        with pytest.raises(NotAnOfficial):
            approved_by_city(request, person, now)


@pytest.mark.parametrize(
    ("broken", "code"),
    [
        ({"status": "down"}, "EQ-01"),
        ({"last_safety_test": None}, "EQ-04"),
        ({"indemnity_ref": ""}, "EQ-10"),
    ],
)
def test_what_safety_forbids_the_city_cannot_approve(city, now, official, broken, code):
    crisis_of(city, now, by=official)
    request = asked_stat(city, now)
    device = city.resource.equipment.__class__.unscoped.filter(pk=city.resource.pk)
    device.update(**broken)
    if code == "EQ-10":
        SharingRequest.unscoped.update(agreement_accepted_at=None)
    with pytest.raises(RulesBlock) as refused:
        approved_by_city(request, official, now)
    assert code in {finding.code for finding in refused.value.findings}


@pytest.fixture
def rival(city, now, official):
    """Wants the same as the borrower, within the scope of a crisis."""
    rival = make.institution("rival")
    make.crisis(city.owner, city.borrower, rival, starts_at=now - HOUR, by=official)
    return rival


def test_whom_its_approval_leaves_no_room_is_declined_and_told(city, now, official, rival):
    first, second = asked_stat(city, now), _asked_by(rival, city, now)
    approved_by_city(first, official, now)
    second.refresh_from_db()
    assert (second.state, second.decision_code) == (State.DECLINED, "other_won")
    step = steps_of(second)["decline"]
    assert (step.side, step.by, step.data["given_to"]) == (Side.CITY, official, first.reference)
    assert set(
        Notification.unscoped.filter(event="request-declined").values_list("user", flat=True)
    ) == {second.created_by_id}


def test_on_a_set_with_room_for_both_the_rival_keeps_waiting(city, now, official, rival):
    type(city.resource).unscoped.filter(pk=city.resource.pk).update(units=2)
    first, second = asked_stat(city, now), _asked_by(rival, city, now)
    approved_by_city(first, official, now)
    second.refresh_from_db()
    assert second.state == State.REQUESTED
    approved_by_city(second, official, now)


def test_what_is_taken_the_city_cannot_give_gen_03(city, now, official):
    crisis_of(city, now, by=official)
    request = asked_stat(city, now)
    make.sharing_request(
        city.resource, make.institution("taker"), state="approved", now=now,
        starts_at=request.starts_at, ends_at=request.ends_at,
    )  # fmt: skip
    with pytest.raises(RulesBlock) as refused:
        approved_by_city(request, official, now)
    assert {finding.code for finding in refused.value.findings} == {"GEN-03"}


def _asked_by(rival, city, now):
    return requests.ask(
        resource=city.resource, borrower=rival, terms=terms(now, priority="stat"),
        by=make.user(at=rival, role="coordinator"), now=now,
    )  # fmt: skip


def test_a_decided_request_is_not_decided_again(city, now, official):
    crisis_of(city, now, by=official)
    request = asked_stat(city, now)
    approve(city, request, now)
    with pytest.raises(IllegalTransition):
        approved_by_city(request, official, now)


def test_the_owner_objects_once_and_nothing_is_taken_back(city, now, official):
    crisis_of(city, now, by=official)
    request = approved_by_city(asked_stat(city, now), official, now)
    words = {"sharing_request": request, "text": "We need it tonight.", "now": now + MINUTE}
    with pytest.raises(NotYours):
        city_approvals.object_to(by=city.asker, **words)
    city_approvals.object_to(by=city.approver, **words)
    with pytest.raises(city_approvals.NothingToObject):
        city_approvals.object_to(by=city.approver, **words)
    row = CityApproval.unscoped.get()
    assert (row.objection, row.objected_by) == ("We need it tonight.", city.approver)
    request.refresh_from_db()
    assert request.state == State.APPROVED
    assert Notification.unscoped.get(event="crisis.objected").user == official
    assert steps_of(request)["object_to_city"].side == Side.OWNER


def emergencies_told():
    return Notification.unscoped.filter(event="crisis.emergency")


def test_officials_are_called_once_when_the_owners_time_is_over(city, now, official):
    crisis_of(city, now, by=official, wait_minutes=30)
    request = asked_stat(city, now)
    ask(city, now, starts_at=now + 90 * HOUR, ends_at=now + 99 * HOUR)  # no emergency
    assert city_calls.call(now=now + 30 * MINUTE - INSTANT) == 0
    assert city_calls.call(now=now + 30 * MINUTE) == 1
    assert city_calls.call(now=now + 31 * MINUTE) == 1
    told = emergencies_told().get()
    assert (told.user, told.object_id, told.institution) == (official, request.pk, None)
    assert registry["crisis.emergency"].still_relevant(told)
    approve(city, request, now + 32 * MINUTE)
    assert not registry["crisis.emergency"].still_relevant(told)
    assert city_calls.call(now=now + 33 * MINUTE) == 0


@pytest.mark.parametrize(
    "fields", [{"relaxed": ("shorter-notice",)}, {"kinds": ("medicine",)}, {"hours": 1}]
)
def test_officials_are_not_called_where_the_city_may_not_decide(city, now, official, fields):
    crisis_of(city, now, by=official, **fields)
    asked_stat(city, now)
    assert city_calls.call(now=now + HOUR) == 0
    assert not emergencies_told().exists()
