"""What a crisis relaxes, for whom and until when; and that it is marked."""

import pytest

from medshare_portal.models import AuditEvent
from resources.models import Offer, Resource
from scheduling.actions import requests
from scheduling.actions._rules import RulesBlock
from scheduling.models import SharingRequest
from scheduling.states import State
from tests import make
from tests.scheduling.actions.crisis import INSTANT, MINUTE, crisis_of, soon, steps_of
from tests.scheduling.actions.loan import HOUR, approve, ask, terms

pytestmark = pytest.mark.django_db


@pytest.fixture
def wants_a_day(city):
    """The offer asks for a day of notice."""
    Offer.unscoped.update(notice_hours=24)
    return city


# --- shorter notice (OFR-03) -----------------------------------------------------------


def test_ofr_03_short_notice_is_refused_without_a_crisis(wants_a_day, now):
    with pytest.raises(RulesBlock):
        ask(wants_a_day, now, **soon(now))


def test_shorter_notice_lets_any_request_of_the_scope_pass_and_says_so(wants_a_day, now, official):
    crisis = crisis_of(wants_a_day, now, by=official)
    request = ask(wants_a_day, now, **soon(now))
    assert (request.state, request.crisis_id) == (State.REQUESTED, crisis.pk)
    logged = steps_of(request)["ask"].data
    assert logged == {"relaxed": ["shorter-notice"], "crisis": crisis.pk}
    trail = AuditEvent.objects.owned_by(wants_a_day.owner).get(action="request.ask")
    assert (trail.data["crisis"], trail.data["relaxed"]) == (crisis.pk, ["shorter-notice"])


@pytest.mark.parametrize(
    ("why", "fields"),
    [
        ("another kind", {"kinds": ("medicine",)}),
        ("another rule", {"relaxed": ("wider-visibility", "city-approval")}),
        ("over", {"hours": 1}),
        ("ended early", {"ended": True}),
    ],
)
def test_outside_kind_rule_and_time_nothing_is_relaxed(wants_a_day, now, official, why, fields):
    ended = {"ended_at": now - MINUTE} if fields.pop("ended", False) else {}
    crisis_of(wants_a_day, now, by=official, **fields, **ended)
    with pytest.raises(RulesBlock):
        ask(wants_a_day, now, **soon(now))
    assert not SharingRequest.unscoped.exists()


@pytest.mark.parametrize("inside", ["owner", "borrower"])
def test_both_sides_must_be_within_the_scope(wants_a_day, now, official, inside):
    within = getattr(wants_a_day, inside)
    make.crisis(within, make.institution("other"), starts_at=now - HOUR, by=official)
    with pytest.raises(RulesBlock):
        ask(wants_a_day, now, **soon(now))


def test_at_the_very_end_it_is_over_and_an_instant_before_it_is_not(wants_a_day, now, official):
    crisis = crisis_of(wants_a_day, now, by=official, hours=3)
    end = crisis.ends_at
    with pytest.raises(RulesBlock):
        ask(wants_a_day, end, **soon(end))
    request = ask(wants_a_day, end - INSTANT, **soon(end))
    assert request.crisis_id == crisis.pk


def test_the_notice_of_a_crisis_is_still_a_notice(wants_a_day, now, official):
    crisis_of(wants_a_day, now, by=official)
    with pytest.raises(RulesBlock) as refused:
        ask(wants_a_day, now, starts_at=now + 30 * MINUTE, ends_at=now + 5 * HOUR)
    (finding,) = refused.value.findings
    assert (finding.code, finding.params) == ("OFR-03", {"hours": 1})


def test_an_hold_placed_during_it_and_sent_after_its_end_is_judged_as_usual(
    wants_a_day, now, official
):
    crisis_of(wants_a_day, now, by=official, hours=1.1)
    wish = soon(now)
    held = requests.hold(
        resource=wants_a_day.resource, borrower=wants_a_day.borrower, units=1,
        by=wants_a_day.asker, now=now, **wish,
    )  # fmt: skip
    assert held.crisis_id is None  # nobody was asked yet
    with pytest.raises(RulesBlock):
        requests.ask(
            resource=wants_a_day.resource, borrower=wants_a_day.borrower, hold=held,
            terms=terms(now, **wish), by=wants_a_day.asker, now=now + 10 * MINUTE,
        )  # fmt: skip


def test_asked_during_it_and_approved_by_the_owner_after_its_end_is_a_booking(
    wants_a_day, now, official
):
    """The notice was judged when it was asked; the mark stays, the later step has none."""
    crisis = crisis_of(wants_a_day, now, by=official, hours=1.5)
    request = ask(wants_a_day, now, **soon(now))
    approved = approve(wants_a_day, request, now + HOUR)
    assert (approved.state, approved.crisis_id) == (State.APPROVED, crisis.pk)
    assert "crisis" not in steps_of(request)["approve"].data


def test_asked_before_it_and_approved_during_it_is_marked_too(city, now, official):
    request = ask(city, now)
    crisis = crisis_of(city, now, by=official)
    assert approve(city, request, now + MINUTE).crisis_id == crisis.pk
    assert steps_of(request)["approve"].data == {"crisis": crisis.pk}


# --- wider visibility ---------------------------------------------------------------------


def test_who_sees_it_only_by_the_crisis_is_marked_so(city, now, official):
    Resource.unscoped.update(visibility="named")
    crisis_of(city, now, by=official)
    assert steps_of(ask(city, now))["ask"].data["relaxed"] == ["wider-visibility"]
