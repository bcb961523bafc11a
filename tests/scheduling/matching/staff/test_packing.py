"""The rows say neither more nor less than the rules between two shifts of a person."""

from itertools import combinations, product

import numpy as np
import pytest

from scheduling.matching import kinds
from scheduling.matching.formulations.staff.equity import SEGMENTS, equity
from scheduling.matching.formulations.staff.packing import knapsacks, pack, reachable
from scheduling.matching.problem import Kind
from scheduling.matching.shifts import Roster, Shifts
from scheduling.matching.tiers import Fills, phi
from scheduling.matching.travel import Travel
from tests.make.shifts_to_fill import HOUR, city, drawn, person, shift


def packed(problem):
    candidates = kinds.candidates_of(problem, Kind.STAFF, Travel(problem))
    return pack(problem, candidates, Shifts(problem))


@pytest.mark.parametrize("seed", range(6))
def test_two_columns_go_together_exactly_where_the_rules_let_them(seed):
    problem = drawn(seed, needs=40, people=6, days=6)
    packing, shifts = packed(problem), Shifts(problem)
    assert len(packing) > 12
    for one, other in combinations(range(len(packing)), 2):
        chosen = np.zeros(len(packing))
        chosen[[one, other]] = 1
        roster = Roster(problem, shifts)
        roster.put(int(packing.person[one]), int(packing.need[one]))
        apart = packing.need[one] != packing.need[other]
        free = apart and roster.free(int(packing.person[other]), int(packing.need[other]))
        assert bool(np.all(packing.rows @ chosen <= packing.room)) == free


def test_shifts_that_exclude_each_other_share_one_row():
    needs = [shift(f"n{n}", at=n * 2 * HOUR) for n in range(6)]
    packing = packed(city(people=[person(weekly_cap_minutes=168 * HOUR)], needs=needs))
    assert packing.rows.toarray().tolist() == [[1.0] * 6]
    assert packing.owner.tolist() == [0]


def test_a_shift_is_in_every_clique_that_it_spans():
    needs = [shift("long", at=0, hours=40), shift("a", at=0), shift("b", at=40 * HOUR)]
    packing = packed(city(people=[person(weekly_cap_minutes=168 * HOUR)], needs=needs))
    assert sorted(packing.rows.toarray().tolist()) == [[1.0, 0.0, 1.0], [1.0, 1.0, 0.0]]


@pytest.mark.parametrize(
    ("minutes", "room", "most"),
    [
        ([480, 480, 720], 1000, 960),
        ([480, 720], 700, 480),
        ([480], 479, 0),
        ([5, 5], -3, 0),
        ([7, 7], 99, 14),
    ],
)
def test_a_cap_shrinks_to_what_shifts_can_add_up_to(minutes, room, most):
    assert reachable(np.array(minutes), room) == most


def fills(asked, met):
    return Fills(np.array([asked], dtype=float), np.array([met], dtype=float))


def worth(rows, served):
    return rows.base + float(rows.slope @ rows.filled(np.array([served])))


def test_equity_is_exact_at_every_sum_that_can_be_served():
    weight = np.array([100.0, 10.0, 10.0, 1.0])
    rows = equity(fills(150, 20), np.zeros(4, dtype=np.int64), weight, 0.05)
    assert rows.slack == 0
    assert np.all(np.diff(rows.slope) < 0)
    for served in (0, 1, 10, 11, 20, 21, 100, 111, 121):
        assert worth(rows, served) == pytest.approx(float(phi((20 + served) / 150, 0.05)))


def test_of_many_sums_no_chord_falls_short_by_more_than_it_says():
    weight = np.repeat([100.0, 10.0, 1.0], [5, 20, 60])
    rows = equity(fills(900, 3), np.zeros(85, dtype=np.int64), weight, 0.05)
    assert len(rows.length) <= SEGMENTS
    assert 0 < rows.slack < 0.02
    short = [float(phi((3 + s) / 900, 0.05)) - worth(rows, s) for s in range(761)]
    assert min(short) > -1e-9
    assert max(short) <= rows.slack + 1e-9


@pytest.mark.parametrize("room", [28, 36, 44])
def test_rows_in_parts_of_a_shift_refuse_a_filled_up_week_and_no_plan(room):
    """Hours: a relaxation would work two thirds of a third long shift."""
    hours = np.array([8, 8, 8, 8, 12, 12, 12, 12, 0])
    rows = list(knapsacks(hours, room))
    for chosen in map(np.array, product((0, 1), repeat=len(hours))):
        fits = all(parts @ chosen <= most for parts, most in rows)
        assert fits == (hours @ chosen <= room)
    filled_up = np.where(hours == 12, room / 48, 0)
    assert any(parts @ filled_up > most + 0.1 for parts, most in rows) == (room % 12 > 0)
