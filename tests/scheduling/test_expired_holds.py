"""A hold is in nobody's way from the moment it expires, also before the job has ended it."""

from datetime import UTC, datetime, timedelta

import pytest

from resources.actions.resources import StillBooked, retire
from resources.kinds import kinds
from resources.models import Offer
from resources.queries import catalogue, detail, finding
from scheduling.queries import day
from scheduling.states import State
from tests import make

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)
BEFORE, AFTER = NOW + timedelta(minutes=14), NOW + timedelta(minutes=15)


@pytest.fixture
def hold():
    """For the first two of ten offered hours, until a quarter past eight."""
    device = make.equipment(make.institution("owner"), confirmed_at=NOW)
    make.offer(device, now=NOW, intervals=[(NOW - HOUR, NOW + 10 * HOUR)])
    return make.sharing_request(
        device, make.institution("holder"), state=State.HELD, now=NOW,
        starts_at=NOW, ends_at=NOW + 2 * HOUR,
    )  # fmt: skip


@pytest.fixture
def stranger():
    return make.institution("stranger")


def free_now(stranger, now):
    return finding.found_keys(
        {"available": "now"}, (), institution=stranger, kind=kinds["equipment"], here=None, now=now, until=50
    )  # fmt: skip


def next_free(hold, stranger, now):
    rows = catalogue.rows_of_page(
        [hold.resource_id], institution=stranger, kind=kinds["equipment"], here=None, now=now
    )
    return catalogue.next_free(rows, now)[hold.resource_id][0]


def in_calendar(hold, institution, now):
    span = (institution, [hold.resource_id], NOW, NOW + 10 * HOUR, now)
    return len(day.bookings_of(*span)) + len(day.taken_by_others(*span))


def test_the_catalogue_finds_it_free(hold, stranger):
    assert free_now(stranger, BEFORE) == []
    assert free_now(stranger, AFTER) == [hold.resource_id]
    assert next_free(hold, stranger, BEFORE) == hold.ends_at
    assert next_free(hold, stranger, AFTER) == AFTER


def test_the_page_of_the_device_lists_the_time(hold, stranger):
    first = {now: detail.free_times(hold.resource, stranger, now)[0][0] for now in (BEFORE, AFTER)}
    assert first == {BEFORE: hold.ends_at, AFTER: AFTER}


@pytest.mark.parametrize("side", ["holder", "stranger"])
def test_the_calendar_shows_it_no_more(hold, stranger, side):
    institution = {"holder": hold.borrower, "stranger": stranger}[side]
    assert in_calendar(hold, institution, BEFORE) == 1
    assert in_calendar(hold, institution, AFTER) == 0


def test_the_device_can_be_retired(hold):
    Offer.unscoped.update(status="withdrawn")
    admin = make.user(at=hold.owner, role="coordinator")
    with pytest.raises(StillBooked):
        retire(resource=hold.resource, by=admin, now=BEFORE)
    retire(resource=hold.resource, by=admin, now=AFTER)
    hold.resource.refresh_from_db()
    assert hold.resource.status == "retired"
