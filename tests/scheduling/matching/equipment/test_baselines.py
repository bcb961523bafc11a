"""What a plan is compared with: whoever came first, and the most urgent first."""

from dataclasses import replace

import pytest

from bench.matching.cities import city
from scheduling.matching import kinds
from scheduling.matching.checker import check_kind
from scheduling.matching.problem import Interval, Kind, Match, Urgency
from scheduling.matching.travel import Travel
from tests.make import matching as make
from tests.make.matching import HOUR

KIND = Kind.EQUIPMENT


def baseline(name, problem):
    travel = Travel(problem)
    return kinds.baseline(name, problem, KIND, kinds.candidates_of(problem, KIND, travel), travel)


def two(**later):
    """Two needs of which one unit can serve one; the second was posted later."""
    need = make.equipment_need(urgency=Urgency.ROUTINE, latest=14 * HOUR)
    needs = (replace(need, id="first", posted_at=-9), replace(need, id="later", **later))
    return make.problem(equipment_needs=needs)


def test_first_come_is_first_served():
    found = baseline("first_come", two(urgency=Urgency.CRITICAL))

    assert [match.need for match in found] == ["first"]


def test_the_more_urgent_comes_before_the_first():
    found = baseline("urgency_first", two(urgency=Urgency.CRITICAL))

    assert [match.need for match in found] == ["later"]


def test_among_equals_the_first_comes_first():
    assert [match.need for match in baseline("urgency_first", two())] == ["first"]


def test_the_nearest_unit_serves_as_early_as_it_can():
    windows = (Interval(9 * HOUR, 20 * HOUR),)
    units = (make.unit("far", institution="c"), make.unit("near", windows=windows))

    found = baseline("first_come", make.problem(units=units))

    start = 9 * HOUR + 30  # 20 minutes of way, then the next slot
    assert found == (Match("en", "near", starts_at=start, ends_at=start + 4 * HOUR),)


@pytest.mark.parametrize("name", kinds.BASELINES)
def test_a_baseline_keeps_every_rule(name):
    problem = city(200, kinds=(KIND,), institutions=16)

    found = baseline(name, problem)

    assert len(found) > 60
    assert check_kind(problem, KIND, found) == ()
