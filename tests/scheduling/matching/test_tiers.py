"""The measure of a plan, on problems whose answers are known by hand."""

from dataclasses import replace

import numpy as np
import pytest

from scheduling.matching import tiers
from scheduling.matching.candidates import CandidateSet
from scheduling.matching.problem import KeptMatch, Kind, Match, Urgency
from scheduling.matching.travel import Travel
from tests.make import matching as make


def candidates(*pairs_per_need: int) -> CandidateSet:
    """So many admissible offers per need; which ones does not matter to the measure."""
    first = np.concatenate([[0], np.cumsum(pairs_per_need)])
    empty = np.zeros(int(first[-1]), dtype=np.int32)
    return CandidateSet(empty, empty, first, np.zeros((len(pairs_per_need), 0), np.int32), ())


def measured(problem, kind, matches, found, **options):
    rows = tiers.measure(problem, kind, tuple(matches), found, Travel(problem), **options)
    return {row.name: row.value for row in rows}


def test_medicine_counts_the_part_of_a_need_that_is_served():
    problem = make.problem(
        medicine_needs=(
            make.medicine_need(packs=10),
            make.medicine_need("other", packs=4, institution="c", urgency=Urgency.ROUTINE),
        )
    )
    matches = [make.packs(5), Match("other", "l", 4)]

    found = measured(problem, Kind.MEDICINE, matches, candidates(1, 1))

    assert found == pytest.approx({
        "urgent": 100 * 0.5,
        "equity": -1 / 0.55 - 1 / 1.05,
        "served": 1.5,
        "waste": 9 * 900 * 60 / 90,
        "travel": -(10 * 0.5 + 25),
    })  # fmt: skip


def test_needs_that_nobody_can_serve_do_not_pull_a_fill_down():
    problem = make.problem(staff_needs=(make.staff_need(), make.staff_need("other")))

    served = tiers.fills(problem, Kind.STAFF, [make.shift()], candidates(1, 0), Travel(problem))

    assert served.shares.tolist() == [1.0]


def test_a_kept_match_counts_though_its_pair_is_no_longer_admissible():
    problem = make.problem(kept=(KeptMatch(make.shift()),))

    assert tiers.fills(
        problem, Kind.STAFF, [make.shift()], candidates(0), Travel(problem)
    ).shares.tolist() == [1.0]


def test_history_is_part_of_the_fill():
    past = make.institution("b", history_met={Kind.STAFF: 1.0}, history_asked={Kind.STAFF: 3.0})
    problem = make.problem(institutions=(make.institution("a"), past, make.institution("c")))

    with_history = tiers.fills(problem, Kind.STAFF, [make.shift()], candidates(1), Travel(problem))
    without = tiers.fills(
        problem, Kind.STAFF, [make.shift()], candidates(1), Travel(problem), history=False
    )

    assert (with_history.shares.tolist(), without.shares.tolist()) == ([0.5], [1.0])


def test_stability_asks_for_the_same_time_too():
    problem = make.problem(previous=(make.pump_use(),))

    same = measured(problem, Kind.EQUIPMENT, [make.pump_use()], candidates(1))
    later = measured(problem, Kind.EQUIPMENT, [make.pump_use(10 * make.HOUR)], candidates(1))

    assert (same["stability"], later["stability"]) == (1.0, 0.0)


def test_equity_is_left_out_where_fairness_is_off():
    problem = make.problem()
    problem = replace(problem, parameters=replace(problem.parameters, fairness=0.0))

    assert list(measured(problem, Kind.STAFF, [], candidates(1))) == ["urgent", "served", "travel"]


def test_a_bound_gives_a_gap():
    problem = make.problem()

    rows = tiers.measure(
        problem, Kind.MEDICINE, (make.packs(5),), candidates(1), Travel(problem), {"urgent": 80.0}
    )

    assert [row.gap for row in rows if row.name == "urgent"] == [(80 - 50) / 80]


def test_an_empty_problem_measures_nothing():
    problem = make.problem(staff_needs=())

    assert measured(problem, Kind.STAFF, [], candidates()) == {
        "urgent": 0,
        "equity": 0,
        "served": 0,
        "travel": 0,
    }


@pytest.mark.parametrize(
    ("shares", "expected"), [([1, 1, 1], 0), ([0, 0, 1], 2 / 3), ([], 0), ([0, 0], 0)]
)
def test_gini(shares, expected):
    assert tiers.gini(np.array(shares, dtype=float)) == pytest.approx(expected)
