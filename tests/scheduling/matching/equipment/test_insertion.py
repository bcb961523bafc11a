"""One need more is served where others can make way, and nobody loses by it."""

import pytest

from bench.matching.cities import city
from scheduling.matching import kinds
from scheduling.matching.checker import check_kind
from scheduling.matching.formulations.equipment.clock import Clock
from scheduling.matching.formulations.equipment.draft import Draft
from scheduling.matching.formulations.equipment.greedy import fill
from scheduling.matching.formulations.equipment.ground import lay
from scheduling.matching.formulations.equipment.insertion import Insertion, make_room
from scheduling.matching.plan import Control
from scheduling.matching.problem import Interval, Kind
from scheduling.matching.travel import Travel
from tests.make import matching as make
from tests.make.matching import HOUR

SCAN = {"item": "ct", "duration_minutes": 2 * HOUR}


def ground_of(problem):
    travel = Travel(problem)
    return lay(problem, kinds.candidates_of(problem, Kind.EQUIPMENT, travel), travel)


def scanner(name, *, opens=8, closes=12, **changes):
    windows = (Interval(opens * HOUR, closes * HOUR),)
    fixed = {"item": "ct", "windows": windows, "movable": False, "cleaning_minutes": 0}
    return make.unit(name, **fixed | changes)


def scan(name, earliest, latest, **changes):
    times = {"earliest": earliest * HOUR, "latest": latest * HOUR}
    return make.equipment_need(name, **SCAN | times | changes)


def draft_of(needs, units, plan) -> Draft:
    ground = ground_of(make.problem(units=units, equipment_needs=needs))
    return Draft(ground, {need: (unit, hour * HOUR) for need, (unit, hour) in plan.items()})


def hours(draft: Draft) -> dict[int, tuple[int, float]]:
    return {need: (unit, start / HOUR) for need, (unit, start) in draft.plan.items()}


def insertion(draft: Draft) -> Insertion:
    return Insertion(draft, Clock(Control(seconds=60.0)), reserve=0.0)


def test_who_may_come_later_makes_way_for_who_may_not():
    needs = (scan("any time", 8, 12), scan("early", 8, 10))
    draft = draft_of(needs, (scanner("u"),), {0: (0, 8)})

    insertion(draft).insert({0, 1})

    assert hours(draft) == {0: (0, 10), 1: (0, 8)}


def test_what_is_not_in_the_way_stays_where_it_is():
    needs = (scan("late", 15, 20), scan("any time", 8, 12), scan("early", 8, 10))
    draft = draft_of(needs, (scanner("u", closes=20),), {0: (0, 17), 1: (0, 8)})

    insertion(draft).insert({2})

    assert hours(draft) == {0: (0, 17), 1: (0, 10), 2: (0, 8)}


def test_who_can_go_elsewhere_goes_where_that_lets_another_in():
    needs = (
        scan("cardiac or not", 8, 12),
        scan("cardiac", 8, 11, capabilities=frozenset({"cardiac"})),
    )
    units = (
        scanner("good", closes=11, capabilities=frozenset({"cardiac"})),
        scanner("plain", institution="c"),
    )
    draft = draft_of(needs, units, {0: (0, 8)})

    insertion(draft).insert({1})
    assert 1 not in draft.plan
    insertion(draft).exchange({1})

    assert hours(draft) == {0: (1, 8), 1: (0, 8)}


def test_a_day_that_is_full_takes_nobody():
    needs = (scan("first", 8, 12), scan("second", 8, 12), scan("third", 8, 12))
    draft = draft_of(needs, (scanner("u"),), {0: (0, 8), 1: (0, 10)})

    make_room(draft, {0, 1, 2}, Clock(Control(seconds=60.0)), reserve=0.0)

    assert hours(draft) == {0: (0, 8), 1: (0, 10)}


@pytest.mark.parametrize("seed", [1, 2])
def test_in_a_city_more_are_served_nobody_loses_and_it_is_always_the_same(seed):
    problem = city(300, seed=seed, kinds=(Kind.EQUIPMENT,))
    ground = ground_of(problem)
    everyone = set(ground.open)
    greedy = fill(ground, {}, everyone)
    drafts = [Draft(ground, greedy) for _ in range(2)]

    for draft in drafts:
        make_room(draft, everyone, Clock(Control(seconds=60.0)), reserve=0.0)

    first, second = (draft.plan for draft in drafts)
    assert first == second
    assert first.keys() > greedy.keys()
    assert check_kind(problem, Kind.EQUIPMENT, ground.matches(first)) == ()


def test_without_work_left_nothing_moves():
    draft = draft_of((scan("a", 8, 12), scan("b", 8, 10)), (scanner("u"),), {0: (0, 8)})

    make_room(draft, {0, 1}, Clock(Control(seconds=60.0)), reserve=1.0)

    assert hours(draft) == {0: (0, 8)}
