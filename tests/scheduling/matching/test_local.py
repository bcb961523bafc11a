"""A small change is answered by its block: the rest of the plan stays as it was."""

from dataclasses import replace

import pytest

from bench.matching.cities import city
from scheduling.matching import kinds
from scheduling.matching.checker import check
from scheduling.matching.local import revised
from scheduling.matching.problem import NEEDS, KeptMatch, Kind, Match, Urgency
from scheduling.matching.travel import Travel
from tests.make import matching as make


def greedy(problem, kind) -> tuple[Match, ...]:
    travel = Travel(problem)
    return kinds.baseline(
        "urgency_first", problem, kind, kinds.candidates_of(problem, kind, travel), travel
    )


def test_a_new_need_is_served_and_the_holder_moves_to_somebody_else():
    at_c = make.staff_need("at_c", institution="c", urgency=Urgency.URGENT)
    people = (make.person(), make.person("far", approved_at=frozenset({"b"})))
    problem = make.problem(people=people, staff_needs=(make.staff_need(), at_c))

    found = revised(problem, Kind.STAFF, (make.shift(),), changed=["at_c"])

    assert {(match.need, match.offer) for match in found} == {("at_c", "p"), ("sn", "far")}


def test_an_offer_that_went_is_replaced():
    problem = make.problem(lots=(make.lot("other"),))

    assert revised(problem, Kind.MEDICINE, (make.packs(),)) == (make.packs(offer="other"),)


def test_what_a_withdrawn_need_frees_goes_to_the_most_urgent_who_waits():
    waits = make.medicine_need("waits", packs=40, institution="c", urgency=Urgency.ROUTINE)
    sooner = make.medicine_need("sooner", packs=40, urgency=Urgency.URGENT)
    problem = make.problem(medicine_needs=(waits, sooner))

    assert revised(problem, Kind.MEDICINE, (Match("gone", "l", 40),)) == (Match("sooner", "l", 40),)


def test_nothing_changes_where_nothing_changed():
    assert revised(make.problem(), Kind.EQUIPMENT, (make.pump_use(),)) == (make.pump_use(),)


def test_what_was_accepted_meanwhile_is_in_the_plan():
    kept = make.packs(4)

    assert revised(make.problem(kept=(KeptMatch(kept),)), Kind.MEDICINE, ()) == (kept,)


@pytest.mark.parametrize("kind", list(Kind))
def test_in_a_city_one_urgent_need_more_leaves_a_sound_plan_that_is_nearly_the_same(kind):
    problem = city(150, seed=2, kinds=(kind,))
    before = greedy(problem, kind)
    unserved = {need.id for need in problem.needs(kind)} - {match.need for match in before}
    name = sorted(unserved)[0]
    needs = tuple(
        replace(need, urgency=Urgency.CRITICAL) if need.id == name else need
        for need in problem.needs(kind)
    )
    changed = replace(problem, **{NEEDS[kind]: needs})

    after = revised(changed, kind, before, changed=[name])

    assert check(changed, after) == ()
    assert len(set(before) & set(after)) > len(before) / 2
