"""Asking, holding and calling off."""

from datetime import UTC, timedelta

import pytest
from django.utils import timezone

from medshare_portal.models import AuditEvent
from resources.models import Equipment, Offer
from scheduling.actions import requests
from scheduling.actions._rules import MayNotPass, ReasonMissing, RulesBlock, require_passing
from scheduling.models import SharingRequest
from scheduling.states import Side, State
from tests import make
from tests.scheduling.actions.loan import HOUR, approve, ask, terms

pytestmark = pytest.mark.django_db


def test_ask_shows_every_finding_at_once_and_stores_nothing(city, now):
    city.resource.equipment.__class__.unscoped.filter(pk=city.resource.pk).update(
        status="down", next_pm_due=now.date()
    )
    with pytest.raises(RulesBlock) as refused:
        ask(city, now, agreement_accepted=False, ends_at=now + 24 * 40 * HOUR)
    codes = [finding.code for finding in refused.value.findings]
    assert sorted(codes) == ["EQ-01", "EQ-02", "EQ-10", "OFR-04"]
    assert not SharingRequest.unscoped.exists()


def test_a_warning_is_passed_only_with_a_reason_which_is_kept(city, now):
    city.resource.equipment.__class__.unscoped.filter(pk=city.resource.pk).update(
        status="degraded", status_note="no battery"
    )
    with pytest.raises(ReasonMissing):
        ask(city, now)
    request = ask(city, now, accepted={"EQ-01": "We use mains power."})
    assert [entry["reason"] for entry in request.accepted_findings] == ["We use mains power."]


def test_a_hold_keeps_others_out_and_becomes_the_request(city, now):
    held = requests.hold(
        resource=city.resource,
        borrower=city.borrower,
        starts_at=now + 24 * HOUR,
        ends_at=now + 48 * HOUR,
        units=1,
        by=city.asker,
        now=now,
    )
    rival = make.institution("rival")
    other = make.user(at=rival, role="coordinator")
    with pytest.raises(RulesBlock):
        requests.ask(resource=city.resource, borrower=rival, terms=terms(now), by=other, now=now)
    request = requests.ask(
        resource=city.resource,
        borrower=city.borrower,
        terms=terms(now),
        by=city.asker,
        now=now,
        hold=held,
    )
    assert (request.pk, request.state) == (held.pk, State.REQUESTED)


def test_a_hold_that_ran_out_is_in_nobodys_way(city, now):
    requests.hold(
        resource=city.resource,
        borrower=city.borrower,
        starts_at=now + 24 * HOUR,
        ends_at=now + 48 * HOUR,
        units=1,
        by=city.asker,
        now=now,
    )
    later = now + timedelta(minutes=16)
    request = ask(city, later)
    assert approve(city, request, later).state == State.APPROVED
    assert SharingRequest.unscoped.filter(state=State.LAPSED).count() == 1


def test_cancel_frees_the_time(city, now):
    request = ask(city, now)
    approve(city, request, now)
    requests.cancel(
        sharing_request=request,
        side=Side.BORROWER,
        by=city.asker,
        now=now,
        reason_code="no_longer_needed",
    )
    assert ask(city, now).state == State.REQUESTED


def test_asking_for_the_same_again_leads_to_the_first_request(city, now):
    first = ask(city, now)
    with pytest.raises(requests.AlreadyAsked) as refused:
        ask(city, now, purpose="The same in other words")
    assert refused.value.first == first
    assert ask(city, now, ends_at=now + 47 * HOUR).pk != first.pk
    requests.withdraw(sharing_request=first, by=city.asker, now=now)
    assert ask(city, now).pk != first.pk


def test_several_units_may_be_asked_for_with_another_purpose(city, now):
    city.resource.__class__.unscoped.filter(pk=city.resource.pk).update(units=5)
    first = ask(city, now)
    assert ask(city, now, purpose="For the other ward").pk != first.pk
    with pytest.raises(requests.AlreadyAsked):
        ask(city, now)


def test_asking_again_for_what_was_approved_automatically_leads_to_it(city, now):
    """The browser's "back" and the same button: of a set a second booking would be possible."""
    type(city.resource).unscoped.filter(pk=city.resource.pk).update(units=5)
    Offer.unscoped.update(auto_approval="anyone")
    first = ask(city, now)
    assert first.state == State.APPROVED
    with pytest.raises(requests.AlreadyAsked) as refused:
        ask(city, now)
    assert refused.value.first == first
    assert ask(city, now, purpose="For the other ward").state == State.APPROVED
    requests.cancel(
        sharing_request=first, side=Side.BORROWER, by=city.asker, now=now,
        reason_code="no_longer_needed",
    )  # fmt: skip
    assert ask(city, now).pk != first.pk


def test_a_colleague_and_another_hospital_may_ask_for_the_same(city, now):
    first = ask(city, now)
    city.asker = make.user(at=city.borrower, role="coordinator")
    assert ask(city, now).pk != first.pk


def test_a_warning_passed_while_asking_is_in_the_audit_trail(city, now):
    Equipment.unscoped.filter(pk=city.resource.pk).update(status="degraded", status_note="loud")
    ask(city, now, accepted={"EQ-01": "Noise does not matter here."})
    events = AuditEvent.unscoped.filter(action="request.ask")
    assert [event.data["passed"] for event in events] == [
        {"EQ-01": "Noise does not matter here."}
    ] * len(events)
    assert events


def test_a_role_without_that_permission_passes_no_warning(city):
    reasons = {"EQ-01": "Noise does not matter here."}
    require_passing(reasons, by=city.lender, institution=city.owner, kind="equipment")
    require_passing({"EQ-01": " "}, by=city.engineer, institution=city.owner, kind="equipment")
    with pytest.raises(MayNotPass):
        require_passing(reasons, by=city.engineer, institution=city.owner, kind="equipment")


@pytest.mark.parametrize(("days", "state"), [(0, State.APPROVED), (1, State.REQUESTED)])
def test_a_consortium_begins_with_the_citys_day(city, now, days, state):
    """Half past midnight in the city is still the day before in UTC."""
    Offer.unscoped.update(auto_approval="consortium")
    night = timezone.localtime(now + 24 * HOUR).replace(hour=0, minute=30)
    since = night.date() + timedelta(days=days)
    make.consortium(city.owner, city.borrower, since=since)
    assert ask(city, night.astimezone(UTC)).state == state
