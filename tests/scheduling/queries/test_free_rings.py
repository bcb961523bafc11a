"""The search from the nearest outwards against judging each unit of the city on its own."""

import random
from datetime import UTC, datetime, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from resources.distance import between_sites
from resources.intervals import clip, total
from scheduling.queries.availability import search_free, usable_intervals
from scheduling.queries.free_rings import FIRST, Rings
from scheduling.states import State
from tests import make

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
STARTS, ENDS = NOW + timedelta(hours=30), NOW + timedelta(hours=42)
OFFERED = (NOW - timedelta(days=1), NOW + timedelta(days=9))
PART = (STARTS + timedelta(hours=4), NOW + timedelta(days=9))
LATELY, STALE = NOW - timedelta(days=14), NOW - timedelta(days=30)
SITES = 3 * FIRST


@pytest.fixture
def borrower():
    return make.institution("borrower")


@pytest.fixture
def owner():
    return make.institution("owner")


def spread_out(owner, number, chance):
    """Sites all over the city; some lie at the same place, one takes part no longer."""
    places = [(30.27 + chance.random() / 3, 120.15 + chance.random() / 3) for _ in range(number)]
    places[5] = places[4]
    return [
        make.site(owner, latitude=north, longitude=east, active=at != 9)
        for at, (north, east) in enumerate(places)
    ]


def unit_at(site, owner, borrower, chance, *, free=0.5):
    """A unit that is free with this likelihood, and otherwise taken, offered in part, or not
    to be had."""
    unit = make.equipment(
        owner,
        site=site,
        units=chance.choice([1, 1, 2]),
        confirmed_at=NOW - timedelta(days=chance.choice([0, 3, 20, 40])),
        category=make.category(chance.choice(["vent", "vent", "pump"])),
    )
    terms = {"fee_per_hour": chance.choice([10, 20])}
    if chance.random() > free:
        terms |= chance.choice(
            [{"notice_hours": 99}, {"max_loan_hours": 2}, {"intervals": [PART]}, {}]
        )
    offer = make.offer(
        unit, **{"now": NOW, "intervals": [OFFERED], "windows": [(0, time(0), time(9))]} | terms
    )
    if chance.random() > free:
        make.sharing_request(
            unit, borrower, state=State.APPROVED, starts_at=STARTS,
            ends_at=STARTS + timedelta(hours=chance.choice([2, 20])), units=unit.units, now=NOW,
        )  # fmt: skip
    return unit, offer


def told_of_each(units, here, wish):
    """``(rank, unit, free parts, reason)`` of every unit, each asked for on its own."""
    told = []
    for unit, offer in units:
        if "category" in wish and unit.category != wish["category"]:
            continue
        km = between_sites(here, unit.site) if here and unit.site.active else None
        parts = usable_intervals(
            [unit], STARTS, ENDS, now=NOW, offers={unit.pk: offer}, mode="loan", units=wish["units"]
        )[unit.pk]
        parts = clip(parts, STARTS, ENDS)
        reason = why_not(unit, offer, km, wish) or ("" if parts else "taken")
        rank = (
            -round(total(parts) / (ENDS - STARTS), 4), unit.confirmed_at < LATELY, km is None,
            km or 0, offer.fee_per_hour, unit.pk,
        )  # fmt: skip
        told.append((rank, unit, parts, reason))
    return sorted(told, key=lambda one: one[0])


def why_not(unit, offer, km, wish):
    checks = {
        "stale": unit.confirmed_at < STALE,
        "units": unit.units < wish["units"],
        "far": (km or 0) > (wish.get("within_km") or 1000),
        "notice": offer.notice_hours > 30,
        "long": offer.max_loan_hours < 12,
    }
    return next((code for code, holds in checks.items() if holds), "")


def nearness(unit, here):
    km = between_sites(here, unit.site) if here and unit.site.active else None
    return (km is None, km or 0, unit.pk)


@pytest.mark.parametrize("seed", range(3))
def test_the_nearest_first_find_what_asking_for_every_unit_finds(seed, owner, borrower):
    chance = random.Random(seed)
    sites = spread_out(owner, SITES, chance)
    free = (0.9, 0.5, 0.1)[seed]  # much of the city is free, or hardly any of it
    units = [unit_at(site, owner, borrower, chance, free=free) for site in sites]
    here = borrower.sites.get()
    wishes = [
        {}, {"units": 2}, {"within_km": 8}, {"within_km": 1}, {"category": make.category("pump")},
        {"site": None},
    ]  # fmt: skip
    looked_at = set()
    for changes in wishes:
        wish = {"site": here, "units": 1} | changes
        result = search_free(
            institution=borrower, now=NOW, kind="equipment", mode="loan", starts_at=STARTS,
            ends_at=ENDS, limit=6, **wish,
        )  # fmt: skip
        told = told_of_each(units, wish["site"], wish)
        page = [(unit.pk, parts) for _rank, unit, parts, reason in told if not reason][:6]
        assert [(one.resource.pk, one.free_intervals) for one in result] == page
        check_left_out(result, told, wish["site"])
        full = sum(one[0][0] == -1 and not one[3] for one in told)
        assert result.fully_free == full or (result.more and 6 <= result.fully_free <= full)
        looked_at.add(result.more)
    assert True in looked_at or free < 0.9  # else no bound was tried


def check_left_out(result, told, here):
    """Each left out one is so, for this reason, and the nearest are told first."""
    reasons = {unit.pk: (nearness(unit, here), reason) for _rank, unit, _parts, reason in told}
    left = [(one.resource.pk, one.code) for one in result.left_out]
    assert all(reasons[pk][1] == code for pk, code in left)
    order = [reasons[pk][0] for pk, _code in left]
    assert order == sorted(order)
    number = sum(bool(reason) for _near, reason in reasons.values())
    assert result.left_out_count <= number
    assert result.left_out_more or result.left_out_count == number


def test_a_city_of_more_sites_is_not_looked_at_further(owner, borrower):
    """The same nearest devices, the same statements: ten times as many farther ones cost nothing."""
    chance = random.Random(7)
    for site in [make.site(owner, latitude=30.28 + at / 1000) for at in range(FIRST)]:
        unit_at(site, owner, borrower, chance, free=1)
    wish = {
        "institution": borrower, "now": NOW, "kind": "equipment", "starts_at": STARTS,
        "ends_at": ENDS, "site": borrower.sites.get(), "limit": 5,
    }  # fmt: skip
    found = []
    for farther in (1, 30):
        for at in range(farther):
            site = make.site(owner, latitude=30.5 + at / 1000)
            unit_at(site, owner, borrower, chance, free=1)
        search_free(**wish)
        with CaptureQueriesContext(connection) as queries:
            result = search_free(**wish)
        pks = [one.resource.pk for one in result]
        found.append((pks, result.considered, result.more, len(queries)))
    assert found[0] == found[1]
    assert found[0][1:3] == (FIRST - 2, True)  # two of the first sites are the institutions' own


def test_few_rings_reach_the_end_of_a_city_where_nothing_is_found(owner, borrower):
    spread_out(owner, SITES, random.Random(1))
    rings, sites, number = Rings(borrower.sites.get()), [], 0
    while rings.left:
        ring = rings.next(0)
        number += 1
        sites += ring.sites if ring.place == "inside" else []
    assert number == 2
    assert len(sites) == len(set(sites)) == FIRST


def test_sites_at_the_same_place_are_in_one_ring(owner, borrower):
    for at in range(FIRST - 4):  # with the two institutions' own, two less than a ring
        make.site(owner, latitude=30.28 + at / 1000)
    same = {make.site(owner, latitude=30.6).pk for _ in range(4)}
    make.site(owner, latitude=30.8)
    assert same < set(Rings(borrower.sites.get()).next(0).sites)
