"""One need's offers in order: by the tiers of a round, with what each takes from others."""

import subprocess
import sys
from itertools import pairwise

from scheduling.matching import problem_json
from scheduling.matching.problem import DAY, Interval, Kind, Urgency
from scheduling.matching.ranking import better_in, rank
from tests.make import matching as make
from tests.make.matching import HOUR

WITHOUT_SOLVERS = """
import sys
from scheduling.matching import problem_json
from scheduling.matching.problem import Kind
from scheduling.matching.ranking import better_in, rank
given = problem_json.read_problem(sys.stdin.read())
found = [rank(given, kind, (given.needs(kind)[0].id,)).choices for kind in Kind]
print(sum(map(len, found)), sorted({"ortools", "scipy"} & set(sys.modules)))
"""


def groups(ranking) -> list:
    return [choice.group for choice in ranking.choices]


def why(ranking) -> list:
    """In which tier each comes before the next."""
    return [better_in(one, other) for one, other in pairwise(ranking.choices)]


def test_of_equal_offers_the_nearer_comes_first_and_says_why():
    far = make.unit("far", institution="c")
    problem = make.problem(units=(far, make.unit("near")))
    found = rank(problem, Kind.EQUIPMENT, ("en",))
    assert groups(found) == ["near", "far"]
    assert why(found) == ["travel"]
    assert [choice.travel_minutes for choice in found.choices] == [20, 40]
    assert (found.admissible, found.offers) == (2, 2)


def test_what_another_need_cannot_do_without_is_left_to_it():
    """The nearer pump is the only one that the other institution may ask for."""
    near = make.unit("near")
    far = make.unit("far", institution="c")
    at = {"earliest": 9 * HOUR, "latest": 13 * HOUR}
    own = make.equipment_need(**at)
    other = make.equipment_need("other", institution="c", **at)
    problem = make.problem(units=(near, far), equipment_needs=(own, other))
    found = rank(problem, Kind.EQUIPMENT, ("en",))
    assert groups(found) == ["far", "near"]
    first, second = found.choices
    assert (first.displaced, second.displaced) == ((0, 0, 0), (0, 1, 0))
    assert why(found) == ["urgent"]


def test_a_use_is_put_where_it_takes_nothing_from_anybody():
    other = make.equipment_need("other", institution="c", earliest=9 * HOUR, latest=13 * HOUR)
    own = make.equipment_need(latest=19 * HOUR)
    problem = make.problem(equipment_needs=(own, other))
    (choice,) = rank(problem, Kind.EQUIPMENT, ("en",)).choices
    assert choice.displaced == (0, 0, 0)
    assert choice.matches[0].starts_at >= 13 * HOUR


def test_a_lot_that_has_it_all_comes_before_a_nearer_part_and_waste_before_distance():
    part = make.lot("part", packs=4)
    fresh = make.lot("fresh", packs=40, expiry_day=200)
    old = make.lot("old", institution="c", packs=40, expiry_day=30)
    found = rank(make.problem(lots=(part, fresh, old)), Kind.MEDICINE, ("mn",))
    assert groups(found) == ["old", "fresh", "part"]
    assert why(found) == ["waste", "urgent"]
    assert [choice.part for choice in found.choices] == [1.0, 1.0, 0.4]


def test_packs_that_a_critical_need_depends_on_are_missed_by_it():
    own = make.medicine_need(packs=30, urgency=Urgency.ROUTINE)
    other = make.medicine_need("other", institution="c", packs=20)
    lots = (make.lot("shared"), make.lot("mine", institution="c"))
    found = rank(make.problem(lots=lots, medicine_needs=(own, other)), Kind.MEDICINE, ("mn",))
    assert groups(found) == ["mine", "shared"]
    assert found.choices[1].displaced == (1, 0, 0)


def test_equal_units_of_one_resource_are_one_choice():
    units = (make.unit("R-1#1"), make.unit("R-1#2"), make.unit("R-2"))
    needs = tuple(make.equipment_need(f"en#{n}", group="en") for n in (1, 2))
    problem = make.problem(units=units, equipment_needs=needs)
    found = rank(problem, Kind.EQUIPMENT, ("en#1", "en#2"), group=lambda o: o.partition("#")[0])
    assert groups(found) == ["R-1", "R-2"]
    assert [choice.part for choice in found.choices] == [1.0, 0.5]
    assert len(found.choices[0].matches) == 2


def test_who_is_out_by_one_rule_is_told_the_easiest_first():
    busy = make.unit("busy", windows=(Interval(DAY, 2 * DAY),))
    barred = make.unit("barred", requires=frozenset({"operates:pump"}))
    neither = make.unit("neither", windows=(), requires=frozenset({"operates:pump"}))
    other = make.unit("other", item="scanner")
    found = rank(
        make.problem(units=(barred, busy, neither, other)), Kind.EQUIPMENT, ("en",)
    )  # fmt: skip
    assert [(miss.group, miss.code) for miss in found.misses] == [
        ("busy", "window"),
        ("barred", "certificate"),
    ]
    assert found.choices == ()
    assert found.funnel[-1].left == 0


def test_a_person_who_is_the_only_one_for_another_shift_stands_back():
    only = make.person("only", skills=frozenset({"nurse", "iv"}))
    free = make.person("free", institution="c", skills=frozenset({"nurse"}))
    other = make.staff_need("other", skills=frozenset({"iv"}))
    problem = make.problem(people=(only, free), staff_needs=(make.staff_need(), other))
    found = rank(problem, Kind.STAFF, ("sn",))
    assert groups(found) == ["free", "only"]
    assert found.choices[1].displaced == (0, 0, 1)


def test_a_page_that_ranks_loads_no_solver():
    text = problem_json.write_problem(make.problem())
    run = subprocess.run(
        [sys.executable, "-c", WITHOUT_SOLVERS], input=text, capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    assert run.stdout.strip() == "3 []"
