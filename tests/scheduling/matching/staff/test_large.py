"""A city too large for proofs: one sweep of small regions, and a bound all the same."""

import pytest

from scheduling.matching import kinds
from scheduling.matching.checker import check_kind
from scheduling.matching.formulations.staff import solving
from scheduling.matching.plan import Control
from scheduling.matching.problem import Kind
from scheduling.matching.travel import Travel
from tests.make.shifts_to_fill import drawn


def solved(problem):
    travel = Travel(problem)
    candidates = kinds.candidates_of(problem, Kind.STAFF, travel)
    return solving.solve(problem, candidates, travel, Control())


@pytest.mark.parametrize("relaxed", [0, 60_000])
def test_a_city_too_large_for_proofs_has_a_sound_plan_below_a_bound(relaxed, monkeypatch):
    problem = drawn(1, needs=36, people=16, days=5, places=4)
    best = {tier.name: tier for tier in solved(problem).tiers}
    for limit in ("WHOLE_CITY", "WHOLE_TIER", "LARGE_CITY"):
        monkeypatch.setattr(solving, limit, 0)
    for size in ("URGENT_PER_REGION", "COLUMNS_IN_A_HURRY"):
        monkeypatch.setattr(solving, size, 60)
    monkeypatch.setattr(solving, "RELAXED_TIER", relaxed)
    plan = solved(problem)
    assert check_kind(problem, Kind.STAFF, plan.matches) == ()
    found = {tier.name: tier for tier in plan.tiers}
    assert 0.9 * best["urgent"].value <= found["urgent"].value <= best["urgent"].value
    assert best["urgent"].value <= found["urgent"].bound
    assert found["equity"].value <= best["equity"].bound
