"""Each rule refuses exactly its own fault, and the funnel says where the last unit fell."""

from dataclasses import replace

import numpy as np
import pytest

from bench.matching.cities import city
from scheduling.matching.admissible.equipment import rule_book
from scheduling.matching.candidates import collect
from scheduling.matching.problem import DAY, Interval, KeptMatch, Kind, Match
from scheduling.matching.travel import Travel
from tests.make import matching as make
from tests.make.matching import HOUR

CODES = (
    "item",
    "own",
    "consortium",
    "capability",
    "certificate",
    "practice",
    "travel",
    "window",
    "booked",
    "struck",
)


def candidates_of(problem):
    return collect(rule_book(problem, Travel(problem)), problem)


def asked(unit=None, need=None, borrower=None, **more):
    """One unit of ``a``, one need of ``b``, 20 minutes apart."""
    return make.problem(
        institutions=(make.institution("a"), make.institution("b", **(borrower or {}))),
        travel=replace(make.TRAVEL, minutes=((0, 20), (20, 0)), kilometres=((0, 9), (9, 0))),
        units=(make.unit(**(unit or {})),),
        equipment_needs=(make.equipment_need(**(need or {})),),
        lots=(),
        people=(),
        medicine_needs=(),
        staff_needs=(),
        **more,
    )


def window(start: float, end: float):
    return {"windows": (Interval(round(start * HOUR), round(end * HOUR)),)}


TRAINED, GROUP = frozenset({"operates:pump"}), frozenset({"g"})
BOOKED = KeptMatch(Match("gone", "u", starts_at=10 * HOUR, ends_at=17 * HOUR))

REFUSED = {
    "item": asked({"item": "monitor"}),
    "own": asked({"institution": "b"}),
    "consortium": asked({"consortia": GROUP}),
    "capability": asked({}, {"capabilities": frozenset({"neonatal"})}),
    "certificate": asked({"requires": TRAINED}),
    "practice": asked({}, {"latest": DAY + 1}, {"licensed_to": 0}),
    "travel": asked({}, {"longest_travel_minutes": 19}),
    "window": asked(window(12, 16)),
    "booked": asked(kept=(BOOKED,)),
    "struck": asked(struck=frozenset({("en", "u")})),
}
PASSED = {
    "practice": asked({}, {"latest": DAY}, {"licensed_to": 0}),
    "consortium": asked({"consortia": GROUP}, {}, {"consortia": GROUP | {"h"}}),
    "capability": asked(
        {"capabilities": frozenset({"neonatal", "x"})}, {"capabilities": frozenset({"neonatal"})}
    ),
    "certificate": asked({"requires": TRAINED}, {}, {"certificates": TRAINED | {"y"}}),
    "travel": asked({}, {"longest_travel_minutes": 20}),
    "struck": asked(struck=frozenset({("en", "other"), ("other", "u")})),
}


@pytest.mark.parametrize("code", REFUSED)
def test_a_rule_refuses_its_fault(code):
    found = candidates_of(REFUSED[code])

    assert found.codes == CODES
    assert len(found.need) == 0
    assert found.codes[int(np.argmin(found.left[0]))] == code


@pytest.mark.parametrize("code", PASSED)
def test_a_rule_lets_through_what_is_in_order(code):
    found = candidates_of(PASSED[code])

    assert (found.need.tolist(), found.offer.tolist()) == ([0], [0])


# 4 hours of use between 9 and 18 o'clock; 20 minutes each way and 30 of cleaning.
@pytest.mark.parametrize(
    ("hours", "movable", "fits"),
    [
        ((12 - 20 / 60, 17 - 10 / 60), True, True),
        ((12 - 19 / 60, 17 - 10 / 60), True, False),  # the way there: a use starts on a slot
        ((12 - 20 / 60, 17 - 11 / 60), True, False),  # the way back and cleaning
        ((12, 16.5), False, True),
        ((12, 16 + 29 / 60), False, False),
        ((14, 19), False, True),  # 14 to 18
        ((14 + 1 / 60, 19), False, False),  # the next slot would end after 18
        ((0, 13.5), False, True),
        ((0, 13 + 29 / 60), False, False),
    ],
)
def test_the_whole_block_lies_within_a_window(hours, movable, fits):
    found = candidates_of(asked({**window(*hours), "movable": movable}))

    assert len(found.need) == fits


def test_windows_that_touch_are_one():
    halves = (Interval(14 * HOUR, 17 * HOUR), Interval(11 * HOUR, 14 * HOUR))

    assert len(candidates_of(asked({"windows": halves})).need) == 1


def test_windows_far_before_and_after_do_not_hide_the_one_that_fits():
    windows = [Interval(day * DAY, day * DAY + 20 * HOUR) for day in (-3, -2, 0, 1, 5)]

    assert len(candidates_of(asked({"windows": tuple(windows)})).need) == 1


def test_a_kept_match_does_not_stand_in_its_own_way():
    kept = KeptMatch(make.pump_use())

    assert len(candidates_of(asked(kept=(kept,))).need) == 1


def test_a_lifted_item_opens_every_unit():
    found = candidates_of(asked({"item": "monitor"}, lifted=frozenset({"item"})))

    assert (len(found.need), found.codes[0]) == (1, "own")


def test_needs_out_of_the_order_of_time_find_their_units():
    needs = tuple(
        make.equipment_need(f"n{day}", earliest=day * DAY, latest=(day + 1) * DAY)
        for day in (5, 0, 3, 1)
    )
    windows = tuple(Interval(day * DAY, (day + 1) * DAY - HOUR) for day in (0, 3))
    problem = replace(asked({"windows": windows}), equipment_needs=needs)

    assert candidates_of(problem).need.tolist() == [1, 2]


def test_no_needs_and_no_units_are_no_candidates():
    found = candidates_of(replace(asked(), equipment_needs=(), units=()))

    assert (found.need.tolist(), found.first.tolist()) == ([], [0])


def test_pairs_one_by_one_fit_where_they_do_side_by_side():
    problem = city(300, seed=3, kinds=(Kind.EQUIPMENT,))
    book = rule_book(problem, Travel(problem))
    (window,) = (rule for rule in book.rules if rule.code == "window")
    seen = set()
    for needs, units in book.blocks():
        side_by_side = window.passes(needs, units)
        rows, columns = np.indices(side_by_side.shape).reshape(2, -1)
        one_by_one = window.of_pairs(needs[rows], units[columns])
        assert (one_by_one == side_by_side.ravel()).all()
        seen |= set(one_by_one.tolist())
    assert seen == {True, False}
    assert not len(window.of_pairs(needs[:0], units[:0]))
