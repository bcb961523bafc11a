"""Approving, whole or in part, and offering other times."""

import pytest

from scheduling.actions import decisions, requests
from scheduling.actions._lock import NotYours, SlotTaken
from scheduling.actions._move import IllegalTransition, move
from scheduling.actions._rules import RulesBlock
from scheduling.models import SharingRequest, TransitionLog
from scheduling.states import Side, State
from tests import make
from tests.scheduling.actions.loan import HOUR, approve, ask, terms

pytestmark = pytest.mark.django_db


def test_approve_declines_the_competitor_by_name(city, now):
    rival = make.institution("rival")
    other = make.user(at=rival, role="coordinator")
    first = ask(city, now)
    second = requests.ask(
        resource=city.resource, borrower=rival, terms=terms(now), by=other, now=now
    )
    approve(city, second, now)
    lost = SharingRequest.unscoped.get(pk=first.pk)
    assert (lost.state, lost.decision_code) == (State.DECLINED, "other_won")
    assert TransitionLog.objects.of(lost).latest("pk").data == {"given_to": second.reference}


def test_approve_refuses_a_second_booking_of_the_same_hours(city, now):
    first, second = ask(city, now), ask(city, now, starts_at=now + 30 * HOUR)
    make.sharing_request(
        city.resource,
        city.borrower,
        state=State.APPROVED,
        starts_at=now + 25 * HOUR,
        ends_at=now + 31 * HOUR,
    )
    for request in (first, second):
        with pytest.raises(RulesBlock) as refused:
            approve(city, request, now)
        assert [finding.code for finding in refused.value.findings] == ["GEN-03"]


def test_approve_in_part_keeps_what_was_asked(city, now):
    request = ask(city, now)
    approve(city, request, now, ends_at=now + 30 * HOUR)
    stored = SharingRequest.unscoped.get(pk=request.pk)
    assert (stored.ends_at, stored.asked_ends_at) == (now + 30 * HOUR, now + 48 * HOUR)
    with pytest.raises(decisions.NotAPart):
        approve(
            city,
            ask(city, now, starts_at=now + 60 * HOUR, ends_at=now + 70 * HOUR),
            now,
            ends_at=now + 71 * HOUR,
        )


def test_a_counter_offer_holds_its_time_until_it_is_refused(city, now):
    request = ask(city, now)
    decisions.counter(
        sharing_request=request,
        by=city.approver,
        now=now,
        starts_at=now + 50 * HOUR,
        ends_at=now + 60 * HOUR,
        units=1,
    )
    with pytest.raises(RulesBlock):
        ask(city, now, starts_at=now + 55 * HOUR, ends_at=now + 56 * HOUR)
    requests.refuse_counter(sharing_request=request, by=city.asker, now=now)
    assert ask(city, now, starts_at=now + 55 * HOUR, ends_at=now + 56 * HOUR).pk


def test_strangers_and_the_other_side_cannot_act(city, now):
    request = ask(city, now)
    stranger = make.user(at=make.institution("stranger"), role="approver")
    for person in (stranger, city.asker, city.lender):
        with pytest.raises(NotYours):
            decisions.approve(sharing_request=request, by=person, now=now)


def test_a_person_of_both_institutions_cannot_approve_the_own_request(city, now):
    make.grant(city.asker, "approver", at=city.owner)
    with pytest.raises(decisions.FourEyes):
        decisions.approve(sharing_request=ask(city, now), by=city.asker, now=now)


def test_a_second_decision_is_an_illegal_transition(city, now):
    request = ask(city, now)
    stale = SharingRequest.unscoped.get(pk=request.pk)
    approve(city, request, now)
    with pytest.raises(IllegalTransition):
        decisions.decline(sharing_request=stale, by=city.approver, now=now, reason_code="other")


def test_the_database_itself_says_slot_taken(city, now):
    request = ask(city, now)
    make.sharing_request(
        city.resource,
        city.borrower,
        state=State.APPROVED,
        starts_at=now + 25 * HOUR,
        ends_at=now + 31 * HOUR,
    )
    with pytest.raises(SlotTaken):
        move(
            request,
            "approve",
            side=Side.OWNER,
            by=city.approver,
            now=now,
            decided_at=now,
            decided_by=city.approver,
        )
