"""Nobody sends away what they need themselves, and nobody gets sent what they have."""

from dataclasses import replace

import pytest

from bench.matching.cities import city
from scheduling.matching.checker import check
from scheduling.matching.own_first import at_home, own_first
from scheduling.matching.plan import Control
from scheduling.matching.problem import DAY, NEEDS, OFFERS, Kept, KeptMatch, Kind, Match, Urgency
from scheduling.matching.solve import solve
from tests.make import matching as make

# Both a and b have one, and both need one for the same time.
BOTH = {
    Kind.EQUIPMENT: make.problem(
        units=(make.unit("ua"), make.unit("ub", institution="b")),
        equipment_needs=(make.equipment_need("na", institution="a"), make.equipment_need("nb")),
    ),
    Kind.MEDICINE: make.problem(
        lots=(make.lot("ua"), make.lot("ub", institution="b")),
        medicine_needs=(make.medicine_need("na", institution="a"), make.medicine_need("nb")),
    ),
    Kind.STAFF: make.problem(
        people=(
            make.person("ua"),
            make.person("ub", institution="b", approved_at=frozenset({"a"})),
        ),
        staff_needs=(make.staff_need("na", institution="a"), make.staff_need("nb")),
    ),
}


def pairs(matches) -> set[tuple[str, str]]:
    return {(match.need, match.offer) for match in matches}


def between(problem, matches) -> set[tuple[str, str]]:
    own = set(at_home(problem))
    return pairs(match for match in matches if match not in own)


@pytest.mark.parametrize("kind", list(Kind))
def test_two_who_have_and_need_the_same_send_each_other_nothing(kind):
    assert pairs(solve(BOTH[kind], only=[kind]).matches) == {("na", "ub"), ("nb", "ua")}
    problem = own_first(BOTH[kind])
    assert pairs(at_home(problem)) == {("na", "ua"), ("nb", "ub")}
    plan = solve(problem, only=[kind])
    assert between(problem, plan.matches) == set()
    assert check(replace(problem, **others(kind)), plan.matches) == ()


def others(kind):
    """Nothing of the other kinds."""
    return {name[other]: () for other in Kind if other != kind for name in (NEEDS, OFFERS)}


def test_the_checker_finds_the_swap_that_was_made_in_spite():
    problem = own_first(BOTH[Kind.EQUIPMENT])
    swap = (make.pump_use(), make.pump_use())
    swap = (replace(swap[0], need="na", offer="ub"), replace(swap[1], need="nb", offer="ua"))
    found = {row.code for row in check(replace(problem, **others(Kind.EQUIPMENT)), swap)}
    assert found == {"kept_missing"}


def test_another_time_another_item_or_a_pair_that_was_struck_is_not_its_own():
    given = BOTH[Kind.EQUIPMENT]
    tomorrow = make.equipment_need("na", institution="a", earliest=5 * DAY, latest=6 * DAY)
    bed = make.equipment_need("nb", item="bed")
    for problem in (
        replace(given, equipment_needs=(tomorrow, bed)),
        replace(given, struck=frozenset({("na", "ua"), ("nb", "ub")})),
        replace(given, lifted=frozenset({"own"})),
    ):
        assert own_first(problem) == problem


def test_the_more_urgent_of_its_needs_has_its_device_and_the_other_is_asked_of_others():
    later = make.equipment_need("later", institution="a", urgency=Urgency.ROUTINE)
    all_day = {"earliest": 9 * 60, "latest": 18 * 60, "duration_minutes": 9 * 60}
    needs = (replace(later, **all_day), make.equipment_need("na", institution="a", **all_day))
    problem = own_first(replace(BOTH[Kind.EQUIPMENT], equipment_needs=needs))
    assert pairs(at_home(problem)) == {("na", "ua")}
    plan = solve(problem, only=[Kind.EQUIPMENT])
    assert between(problem, plan.matches) == {("later", "ub")}


def test_of_a_medicine_only_what_its_own_lots_lack_is_asked_of_others():
    need = make.medicine_need("na", institution="a", packs=50)
    problem = own_first(replace(BOTH[Kind.MEDICINE], medicine_needs=(need,)))
    assert at_home(problem) == (Match("na", "ua", 40),)
    plan = solve(problem, only=[Kind.MEDICINE])
    assert {(m.offer, m.quantity) for m in plan.matches} == {("ua", 40), ("ub", 10)}


def test_what_is_kept_for_another_or_pinned_stays_and_what_was_proposed_is_forgotten():
    given = BOTH[Kind.EQUIPMENT]
    pinned = KeptMatch(replace(make.pump_use(), need="na", offer="ub"), Kept.PINNED)
    found = own_first(replace(given, kept=(pinned,)))
    assert pinned in found.kept
    assert {(row.need, row.starts_at >= pinned.match.ends_at) for row in at_home(found)} == {
        ("nb", True)
    }
    before = replace(make.pump_use(), need="nb", offer="ua")
    assert own_first(replace(given, previous=(before,))).previous == ()
    twice = own_first(given)
    assert own_first(twice) == twice


@pytest.mark.parametrize("kind", list(Kind))
def test_of_a_city_whatever_is_kept_at_home_leaves_a_sound_plan(kind):
    problem = own_first(city(120, seed=3, kinds=(kind,)))
    assert at_home(problem)
    plan = solve(problem, Control(seconds=3.0), only=[kind])
    assert set(at_home(problem)) <= set(plan.matches)
    assert check(problem, plan.matches) == ()
    assert not any(row.status == "crashed" or row.notes for row in plan.kinds)
