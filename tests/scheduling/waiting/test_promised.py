"""One place, one promise: who takes an offered place keeps it until the owner has answered."""

from datetime import timedelta

import pytest

from scheduling.actions import decisions, lapses, promises, requests
from scheduling.actions._rules import RulesBlock
from scheduling.actions.requests import RequestTerms
from scheduling.models import WaitlistEntry
from scheduling.queries import day
from scheduling.queries.one_resource import happening_on
from scheduling.states import State
from scheduling.waiting import WaitState
from tests import make
from tests.scheduling.waiting.test_waitlist import accept, again, join

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def asked(city, now, cancel):
    """The first in line took the whole day; the second waits for it."""
    entry = join(city, now, length=24 * HOUR)
    cancel()
    promises.offer_freed(now=now)
    return accept(city, entry, now + HOUR)


@pytest.fixture
def approver(city):
    return make.user(at=city.owner, role="approver")


def rival_asks(city, now, starts_at=None):
    terms = RequestTerms(
        starts_at=starts_at or now + 50 * HOUR, ends_at=now + 60 * HOUR, purpose="Ours is full",
        agreement_accepted=True, delivery_site=city.second.sites.first(),
    )  # fmt: skip
    return requests.ask(
        resource=city.device, borrower=city.second, terms=terms, by=city.rival, now=now
    )


def test_others_find_the_promised_time_taken(city, now, asked):
    with pytest.raises(RulesBlock) as refusal:
        rival_asks(city, now + 2 * HOUR)
    assert [finding.code for finding in refusal.value.findings] == ["GEN-03"]
    assert "wait-list" in str(refusal.value.findings[0].text)
    times = now + 48 * HOUR, now + 72 * HOUR
    seen = happening_on(city.device, city.second, *times, now=now + 2 * HOUR)
    assert [row.blocked_from for row in seen.bookings] == [asked.blocked_from]
    [taken] = day.taken_by_others(city.second, [city.device.pk], *times, now + 2 * HOUR)
    assert (taken.pk, taken.blocked_until) == (None, asked.blocked_until)


def test_a_rival_that_asked_before_is_not_approved_over_the_promise(city, now, asked, approver):
    rival = make.sharing_request(
        city.device, city.second, starts_at=asked.starts_at, ends_at=asked.ends_at, now=now
    )
    later = now + 2 * HOUR
    with pytest.raises(RulesBlock):
        decisions.approve(sharing_request=rival, by=approver, now=later)
    decisions.approve(sharing_request=asked, by=approver, now=later)
    rival.refresh_from_db()
    assert rival.state == State.DECLINED


def test_a_declined_or_lapsed_promise_goes_to_the_next_in_line(city, now, asked, approver):
    second = join(city, now, borrower=city.second, by=city.rival, length=8 * HOUR)
    later = now + 2 * HOUR
    assert promises.offer_freed(now=later) == 0
    decisions.decline(sharing_request=asked, by=approver, now=later, reason_code="not_ready")
    assert promises.offer_freed(now=later) == 1
    assert again(second).state == WaitState.OFFERED


def test_a_promise_ends_when_it_would_begin_unanswered(city, now, asked):
    assert asked.hold_expires_at == asked.starts_at
    lapses.lapse_unanswered(now=asked.starts_at)
    assert rival_asks(city, asked.starts_at, asked.starts_at + HOUR).state == State.REQUESTED


def test_what_goes_beyond_the_offered_place_is_no_promise(city, now, cancel):
    entry = join(city, now)
    cancel()
    promises.offer_freed(now=now)
    end = again(entry).promise.ends_at + HOUR
    assert accept(city, entry, now, ends_at=end).hold_expires_at is None
    assert rival_asks(city, now).state == State.REQUESTED
    assert WaitlistEntry.unscoped.get().state == WaitState.TAKEN
