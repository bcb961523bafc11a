from datetime import UTC, datetime, timedelta

import pytest

from resources.enums import Visibility
from scheduling.queries.availability import (
    busy_intervals,
    free_units,
    is_free,
    search_free,
    usable_intervals,
)
from scheduling.queries.rule_facts import Wish, context_of
from scheduling.states import State
from tests import make

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)


def at(hours):
    return NOW + hours * HOUR


@pytest.fixture
def owner():
    return make.institution("owner")


@pytest.fixture
def borrower():
    return make.institution("borrower")


@pytest.fixture
def device(owner):
    return make.equipment(owner, confirmed_at=NOW)


def booking(device, borrower, first, last, state=State.APPROVED, **fields):
    return make.sharing_request(
        device, borrower, state=state, starts_at=at(first), ends_at=at(last), now=NOW, **fields
    )


def found(result):
    return [candidate.resource.pk for candidate in result]


def search(borrower, first=24, last=48, **wish):
    return search_free(
        institution=borrower,
        now=NOW,
        kind="equipment",
        starts_at=at(first),
        ends_at=at(last),
        **wish,
    )


def test_busy_intervals_are_bookings_with_buffers_and_blocks_by_start(device, borrower):
    make.offer(device, now=NOW)
    request = booking(device, borrower, 10, 20, blocked_from=at(9), blocked_until=at(22))
    make.block(device, at(2), at(4), by=make.user(), reason="repair")
    booking(device, borrower, 10, 20, state=State.REQUESTED)
    booking(device, borrower, 10, 20, state=State.CANCELLED)
    [repair, booked] = busy_intervals([device], at(0), at(24), now=NOW)[device.pk]
    assert (repair.kind, repair.starts_at, repair.ends_at, repair.request_id) == (
        "repair",
        at(2),
        at(4),
        None,
    )
    assert (booked.kind, booked.starts_at, booked.ends_at) == ("booked", at(9), at(22))
    assert (booked.use_starts_at, booked.use_ends_at, booked.request_id) == (
        at(10),
        at(20),
        request.pk,
    )


def test_a_hold_past_its_time_is_in_nobodys_way(device, borrower):
    make.offer(device, now=NOW)
    booking(device, borrower, 10, 20, state=State.HELD)
    assert not is_free(device, at(12), at(14), now=NOW)
    assert is_free(device, at(12), at(14), now=at(1))


def test_a_long_booking_is_in_the_way_though_the_offer_became_shorter(device, borrower):
    """History is bounded by what the policy allows, not by what is offered at present."""
    make.offer(device, now=NOW, max_loan_hours=24)
    begun = -24 * 170
    booking(device, borrower, begun, 48, state=State.UNDERWAY, blocked_from=at(begun - 48))
    assert not is_free(device, at(24), at(30), now=NOW)
    assert found(search(borrower, 24, 30)) == []
    wish = Wish(resource=device, borrower=borrower, starts_at=at(24), ends_at=at(30))
    [conflict] = context_of(wish, now=NOW).conflicts
    assert conflict.ends_at == at(48)


def test_busy_intervals_take_two_queries_for_any_number(
    device, owner, borrower, django_assert_num_queries
):
    others = [make.equipment(owner) for _ in range(5)]
    for one in [device, *others]:
        make.offer(one, now=NOW)
        booking(one, borrower, 10, 20)
    with django_assert_num_queries(2):
        assert len(busy_intervals([device, *others], at(0), at(24), now=NOW)) == 6


def test_free_units_of_a_set_are_what_the_peak_leaves(owner, borrower):
    pumps = make.equipment(owner, units=5)
    make.offer(pumps, now=NOW)
    booking(pumps, borrower, 10, 20, units=2)
    booking(pumps, borrower, 15, 30, units=1)
    assert free_units(pumps, at(8), at(10), now=NOW) == 5
    assert free_units(pumps, at(8), at(12), now=NOW) == 3
    assert free_units(pumps, at(8), at(18), now=NOW) == 2
    assert is_free(pumps, at(8), at(18), now=NOW, units=2)
    assert not is_free(pumps, at(8), at(18), now=NOW, units=3)


def test_own_buffers_must_fit_between_bookings(device, borrower):
    make.offer(device, now=NOW, setup_minutes=30, transport_minutes=30, cleaning_minutes=60)
    booking(device, borrower, 10, 20, blocked_from=at(9), blocked_until=at(22))
    assert not is_free(device, at(22), at(24), now=NOW, mode="loan")
    assert is_free(device, at(23), at(24), now=NOW, mode="loan")
    assert not is_free(device, at(22), at(24), now=NOW, mode="on_site")
    assert is_free(device, at(22.5), at(24), now=NOW, mode="on_site")


def test_a_time_that_is_not_offered_is_not_free(device):
    make.offer(device, now=NOW, intervals=[(at(0), at(10)), (at(12), at(20))])
    assert is_free(device, at(2), at(10), now=NOW)
    assert not is_free(device, at(9), at(13), now=NOW)


def test_a_device_without_an_offer_is_not_free(device):
    assert not is_free(device, at(2), at(10), now=NOW)


def test_usable_intervals_leave_room_for_the_buffers(device, borrower):
    offer = make.offer(device, now=NOW, transport_minutes=60, cleaning_minutes=60)
    booking(device, borrower, 10, 20)
    assert usable_intervals(
        [device], at(0), at(40), now=NOW, offers={device.pk: offer}, mode="loan"
    ) == {device.pk: [(at(-24), at(8)), (at(21), at(24 * 60))]}


def test_search_ranks_full_coverage_before_distance_and_fee(borrower):
    here = borrower.sites.get()
    near, far = make.institution("near", with_site=False), make.institution("far", with_site=False)
    make.site(near, latitude=30.28, is_main=True)
    make.site(far, latitude=30.5, is_main=True)
    near_taken, near_free, far_free = (
        make.equipment(near),
        make.equipment(near),
        make.equipment(far),
    )
    for one in (near_taken, near_free, far_free):
        make.offer(one, now=NOW, confirmed_at=NOW)
        type(one).unscoped.filter(pk=one.pk).update(confirmed_at=NOW)
    booking(near_taken, borrower, 24, 30)
    result = search(borrower, site=here)
    assert found(result) == [near_free.pk, far_free.pk, near_taken.pk]
    assert [round(c.coverage, 2) for c in result] == [1, 1, 0.75]
    assert result.candidates[2].uncovered == [(at(24), at(30))]
    assert result.candidates[2].free_intervals == [(at(30), at(48))]
    assert result.candidates[0].reason == "Free the whole time · nearest"
    assert result.candidates[2].reason == "Covers 18 of 24 h · nearest"
    assert round(result.candidates[1].distance_km) == 26
    assert result.fully_free == 2


def test_search_ranks_long_unconfirmed_offers_behind(device, owner, borrower):
    fresh = make.equipment(owner, confirmed_at=NOW)
    type(device).unscoped.filter(pk=device.pk).update(confirmed_at=NOW - timedelta(days=20))
    make.offer(device, now=NOW)
    make.offer(fresh, now=NOW, fee_per_hour=99)
    assert found(search(borrower)) == [fresh.pk, device.pk]


@pytest.mark.parametrize(
    ("terms", "wish", "code"),
    [
        ({"notice_hours": 48}, {}, "notice"),
        ({"max_loan_hours": 23}, {}, "long"),
        ({}, {"units": 2}, "units"),
        ({"intervals": [(at(-24), at(10))]}, {}, "not_offered"),
    ],
)
def test_search_says_why_a_device_is_left_out(device, borrower, terms, wish, code):
    make.offer(device, now=NOW, **terms)
    result = search(borrower, **wish)
    assert (found(result), [(left.resource.pk, left.code) for left in result.left_out]) == (
        [],
        [(device.pk, code)],
    )
    assert result.left_out[0].text


def test_search_leaves_out_what_is_too_far_taken_or_stale(owner, borrower):
    far, taken, stale = (make.equipment(owner, confirmed_at=NOW) for _ in range(3))
    far.site = make.site(owner, latitude=31)
    far.save()
    type(far).unscoped.filter(pk=stale.pk).update(confirmed_at=NOW - timedelta(days=31))
    for one in (far, taken, stale):
        make.offer(one, now=NOW)
    make.block(taken, at(20), at(50), by=make.user())
    result = search(borrower, site=borrower.sites.get(), within_km=15)
    assert found(result) == []
    assert {left.resource.pk: left.code for left in result.left_out} == {
        far.pk: "far",
        taken.pk: "taken",
        stale.pk: "stale",
    }


def test_search_shows_nobody_what_is_not_offered_to_it(device, owner, borrower):
    make.offer(device, now=NOW)
    own = make.equipment(borrower, confirmed_at=NOW)
    make.offer(own, now=NOW)
    hidden = make.equipment(owner, confirmed_at=NOW, visibility=Visibility.NAMED)
    make.offer(hidden, now=NOW)
    paused = make.equipment(owner, confirmed_at=NOW, status="paused")
    make.offer(paused, now=NOW)
    result = search(borrower)
    assert (found(result), result.left_out) == ([device.pk], [])


def test_search_by_category_and_mode(device, owner, borrower):
    top = make.category("imaging")
    scanner = make.equipment(
        owner, confirmed_at=NOW, category=make.category("ct", parent=top), on_site=True, fixed=True
    )
    for one in (device, scanner):
        make.offer(one, now=NOW)
    assert found(search(borrower, category=top)) == [scanner.pk]
    assert found(search(borrower, mode="on_site")) == [scanner.pk]
    assert found(search(borrower, mode="loan")) == [device.pk]


def test_search_takes_the_same_queries_for_one_and_for_many(
    owner, borrower, django_assert_num_queries
):
    def partly_taken(number):
        one = make.equipment(owner, confirmed_at=NOW)
        make.offer(one, now=NOW)
        booking(one, borrower, 20 + number, 30 + number)

    here = borrower.sites.get()
    partly_taken(0)
    with django_assert_num_queries(9):
        assert len(search(borrower, site=here).candidates) == 1
    for number in range(1, 13):
        partly_taken(number)
    with django_assert_num_queries(9):
        assert len(search(borrower, site=here).candidates) == 13
