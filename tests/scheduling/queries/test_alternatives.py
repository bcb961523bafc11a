from datetime import UTC, datetime, timedelta

import pytest

from scheduling.queries.alternatives import alternatives
from scheduling.states import State
from tests import make

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)


def at(hours):
    return NOW + timedelta(hours=hours)


@pytest.fixture
def owner():
    return make.institution("owner")


@pytest.fixture
def borrower():
    return make.institution("borrower")


def device_of(owner, **terms):
    device = make.equipment(owner, confirmed_at=NOW)
    make.offer(device, now=NOW, **terms)
    return device


def taken(device, borrower, first, last):
    make.sharing_request(
        device, borrower, state=State.APPROVED, starts_at=at(first), ends_at=at(last), now=NOW
    )


def ways(device, borrower, first, last, **wish):
    return [
        (way.kind, way.resource.pk, way.starts_at, way.ends_at)
        for way in alternatives(
            resource=device,
            institution=borrower,
            starts_at=at(first),
            ends_at=at(last),
            units=1,
            now=NOW,
            **wish,
        )
    ]


def test_a_clash_at_the_start_can_be_shortened_or_shifted_both_ways(owner, borrower):
    device = device_of(owner)
    taken(device, borrower, 20, 26)
    assert ways(device, borrower, 24, 34) == [
        ("shorten", device.pk, at(26), at(34)),
        ("shift", device.pk, at(26), at(36)),
        ("shift", device.pk, at(10), at(20)),
    ]


def test_alternatives_keep_the_notice_of_the_offer(owner, borrower):
    device = device_of(owner, notice_hours=12)
    taken(device, borrower, 20, 26)
    assert [way[2] for way in ways(device, borrower, 24, 34)] == [at(26), at(26)]


def test_another_unit_of_the_category_is_offered(owner, borrower):
    device, other = device_of(owner), device_of(owner)
    taken(device, borrower, 0, 400)
    assert ways(device, borrower, 24, 34) == [("other_unit", other.pk, at(24), at(34))]


def test_two_units_in_turn_cover_what_none_covers_alone(owner, borrower):
    device, other = device_of(owner), device_of(owner)
    taken(device, borrower, 30, 400)
    taken(other, borrower, 0, 28)
    taken(other, borrower, 36, 400)
    [split] = [
        way
        for way in alternatives(
            resource=device,
            institution=borrower,
            starts_at=at(24),
            ends_at=at(34),
            units=1,
            now=NOW,
        )
        if way.kind == "split"
    ]
    assert (split.resource, split.then_resource, split.then_at) == (device, other, at(30))


def test_nothing_is_suggested_where_nothing_is_free(owner, borrower):
    device = device_of(owner)
    taken(device, borrower, 0, 1000)
    assert ways(device, borrower, 300, 310) == []
