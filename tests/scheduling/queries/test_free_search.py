"""The search against the slow computation: each unit of the city asked for on its own."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from medshare_portal import crises
from resources.intervals import clip, total
from scheduling.queries.availability import free_units, search_free, usable_intervals
from scheduling.states import State
from tests import make

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
STARTS, ENDS = NOW + timedelta(hours=30), NOW + timedelta(hours=42)


def _hours(chance, first, last):
    start = chance.randint(first, last - 1)
    return NOW + timedelta(hours=start), NOW + timedelta(hours=chance.randint(start + 1, last))


def _unit(chance, owner, borrower):
    """A device or a set with random terms, offered hours, bookings and blocks."""
    unit = make.equipment(owner, confirmed_at=NOW, units=chance.choice([1, 1, 3]))
    offered = [_hours(chance, 0, 36), (ENDS - timedelta(hours=3), ENDS + timedelta(days=3))]
    if chance.random() < 0.6:
        offered = [(NOW, NOW + timedelta(days=9))]
    offer = make.offer(
        unit,
        now=NOW,
        intervals=offered,
        setup_minutes=chance.choice([0, 30]),
        transport_minutes=chance.choice([0, 60]),
        cleaning_minutes=chance.choice([0, 90]),
    )
    if chance.random() < 0.6:
        first, last = _hours(chance, 20, 60)
        make.sharing_request(
            unit, borrower, state=State.APPROVED, starts_at=first, ends_at=last, now=NOW
        )
    elif chance.random() < 0.5:
        make.block(unit, *_hours(chance, 20, 60), by=make.user())
    return unit, offer


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_what_the_search_finds_free_is_what_asking_for_each_unit_says(seed):
    chance = random.Random(seed)
    owner, borrower = make.institution("owner"), make.institution("borrower")
    units = [_unit(chance, owner, borrower) for _ in range(12)]
    free = {}
    for unit, offer in units:
        usable = usable_intervals(
            [unit], STARTS, ENDS, now=NOW, offers={unit.pk: offer}, mode="loan"
        )[unit.pk]
        free[unit.pk] = clip(usable, STARTS, ENDS)
    result = search_free(
        institution=borrower, now=NOW, kind="equipment", starts_at=STARTS, ends_at=ENDS
    )
    found = {one.resource.pk: one.free_intervals for one in result.candidates}
    assert found == {pk: parts for pk, parts in free.items() if parts}
    assert {left.resource.pk for left in result.left_out} == {pk for pk in free if not free[pk]}
    for one in result.candidates:
        assert one.coverage == total(one.free_intervals) / (ENDS - STARTS)
        if one.is_full:
            assert free_units(one.resource, STARTS, ENDS, now=NOW, mode="loan") >= 1


@pytest.mark.parametrize(("narrowed", "found"), [("no", 1), ("to it", 1), ("to another", 0)])
def test_in_a_crisis_the_search_needs_no_more_notice_than_its_rule(narrowed, found):
    """Of what the crisis reaches, categories included; and it answers at all."""
    owner, borrower = make.institution("owner"), make.institution("borrower")
    unit = make.equipment(owner, confirmed_at=NOW)
    make.offer(unit, now=NOW, intervals=[(NOW, NOW + timedelta(days=9))], notice_hours=48)
    of = {"no": (), "to it": (unit.category,), "to another": (make.category("another"),)}
    made = make.crisis(
        owner, borrower, relaxed=("shorter-notice",), categories=of[narrowed], starts_at=NOW
    )
    wish = {"institution": borrower, "now": NOW, "kind": "equipment"}
    for crisis, number in ((None, 0), (crises.of_token(made.token), found)):
        result = search_free(**wish, starts_at=STARTS, ends_at=ENDS, crisis=crisis)
        assert len(result.candidates) == number
