"""The generated cities are what the bars say they are."""

from dataclasses import replace

import pytest

from bench.matching import shocks
from bench.matching.cities import DEMAND, INSTITUTIONS, city
from bench.matching.shifts import spare_minutes
from scheduling.matching.problem import Kind, Match
from scheduling.matching.validation import validate


def test_a_city_is_sound_and_of_the_size_that_was_asked():
    made = city(500)

    validate(made)
    assert [len(made.needs(kind)) for kind in Kind] == [500, 500, 500]
    assert len(made.institutions) == INSTITUTIONS[500]


def test_demand_is_the_same_multiple_of_supply_in_every_kind():
    made = city(500)

    packs = sum(need.packs for need in made.medicine_needs) / sum(lot.packs for lot in made.lots)
    asked = sum(need.ends_at - need.starts_at for need in made.staff_needs)
    assert packs == pytest.approx(DEMAND, rel=0.02)
    assert asked / sum(map(spare_minutes, made.people)) == pytest.approx(DEMAND, rel=0.05)


def test_the_same_seed_makes_the_same_city_and_a_kind_is_not_changed_by_the_others():
    assert city(60, seed=4) == city(60, seed=4)
    assert city(60, seed=4) != city(60, seed=5)
    assert city(60, kinds=(Kind.STAFF,)).people == city(60).people


def test_overrun_institutions_ask_for_more_and_more_urgently():
    made = city(500, kinds=(Kind.STAFF,))
    asked = [need.institution for need in made.staff_needs]
    busiest = max(set(asked), key=asked.count)
    pressing = [need.urgency < 3 for need in made.staff_needs if need.institution == busiest]

    assert len(pressing) > 4 * 500 / 40
    assert sum(pressing) / len(pressing) > 0.45


def test_a_shock_takes_offers_and_brings_needs():
    made = city(100, kinds=(Kind.MEDICINE,))

    before = shocks.before(made, Kind.MEDICINE)
    after = shocks.after(
        made,
        Kind.MEDICINE,
        tuple(Match(n.id, lot.id) for n, lot in zip(made.medicine_needs, made.lots, strict=False)),
    )

    assert (len(before.medicine_needs), len(after.medicine_needs)) == (97, 100)
    assert len(after.lots) == len(made.lots) - round(len(made.lots) * shocks.SHARE)
    assert {match.offer for match in after.previous} <= {lot.id for lot in after.lots}


def test_what_is_kept_counts_the_same_offer_and_time():
    match = Match("n", "o", 4, 10, 20)

    assert (
        shocks.kept_share((match, Match("m", "o")), (replace(match, quantity=1), Match("m", "p")))
        == 0.125
    )
