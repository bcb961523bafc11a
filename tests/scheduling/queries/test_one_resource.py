"""What happens on one resource is what the calendar of many says of it, by two statements."""

from datetime import UTC, datetime, timedelta

import pytest

from scheduling.models import SharingRequest
from scheduling.queries import day
from scheduling.queries.one_resource import happening_on
from tests import make

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 25, 4, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WEEK = (NOW - 2 * DAY, NOW + 5 * DAY)


@pytest.fixture
def owner():
    return make.institution("renhe")


@pytest.fixture
def borrower():
    return make.institution("dongbei")


@pytest.fixture
def stranger():
    return make.institution("chengbei")


@pytest.fixture
def device(owner, borrower, stranger):
    """Booked by two, still out with a third, kept for a morning, offered for some hours."""
    device = make.equipment(owner, units=4)
    make.offer(device, now=NOW, intervals=[(NOW + DAY, NOW + 2 * DAY)])
    times = {
        "requested": (NOW + DAY, borrower),
        "approved": (NOW + 2 * DAY, stranger),
        "held": (NOW + 3 * DAY, stranger),
        "declined": (NOW + 4 * DAY, borrower),
        "closed": (NOW - DAY, borrower),
    }
    for state, (starts_at, who) in times.items():
        make.sharing_request(device, who, state=state, starts_at=starts_at, now=NOW)
    out = NOW - 30 * DAY
    make.sharing_request(device, borrower, state="underway", starts_at=out, ends_at=out + DAY)
    make.sharing_request(device, stranger, state="underway", starts_at=out, ends_at=out + DAY)
    by = make.user(at=owner, role="coordinator")
    make.block(device, NOW, NOW + HOUR, by=by, note="our ward", reason="repair")
    return device


def as_of_many(device, institution, first, last):
    of_page = (institution, [device.pk], first, last)
    late = [row for row in day.late_returns(institution, NOW) if row.resource_id == device.pk]
    bookings = {row.pk: row for row in late + day.bookings_of(*of_page, NOW)}
    bookings = [*bookings.values(), *day.taken_by_others(*of_page, NOW)]
    offered = [(starts_at, ends_at) for _pk, starts_at, ends_at in day.offered_of(*of_page)]
    return sorted(bookings, key=str), day.blocks_of(*of_page), offered


@pytest.mark.parametrize("reader", ["owner", "borrower", "stranger", "fourth"])
@pytest.mark.parametrize("weeks", [-5, -1, 0, 1])
def test_one_resource_is_told_like_many(request, device, reader, weeks):
    institution = (
        make.institution("xihu") if reader == "fourth" else request.getfixturevalue(reader)
    )
    first, last = (moment + weeks * 7 * DAY for moment in WEEK)
    found = happening_on(device, institution, first, last, now=NOW)
    told = (sorted(found.bookings, key=str), found.blocks, found.offered)
    assert told == as_of_many(device, institution, first, last)


def test_the_week_of_the_device_is_full(device, owner):
    found = happening_on(device, owner, *WEEK, now=NOW)
    assert sorted(row.state for row in found.bookings) == [
        "approved", "closed", "requested", "underway", "underway",
    ]  # fmt: skip
    assert [block.note for block in found.blocks] == ["our ward"]
    assert found.offered == [(NOW + DAY, NOW + 2 * DAY)]


def test_strangers_learn_times_and_no_names(device):
    found = happening_on(device, make.institution("xihu"), *WEEK, now=NOW)
    assert len(found.bookings) == 4
    assert {row.pk for row in found.bookings} == {None}
    assert {row.borrower for row in found.bookings} == {""}
    assert [(block.reason, block.note) for block in found.blocks] == [("", "")]


def test_what_is_shared_by_quantity_lies_at_no_time(owner, borrower):
    device = make.equipment(owner)
    request = make.sharing_request(device, borrower, state="underway", starts_at=NOW)
    times = ("starts_at", "ends_at", "blocked_from", "blocked_until")
    rows = SharingRequest.unscoped.filter(pk=request.pk)
    rows.update(quantity=2, **dict.fromkeys(times))
    assert happening_on(device, owner, *WEEK, now=NOW).bookings == []


def test_two_statements_whoever_asks(device, owner, django_assert_num_queries):
    with django_assert_num_queries(2):
        happening_on(device, owner, *WEEK, now=NOW)
