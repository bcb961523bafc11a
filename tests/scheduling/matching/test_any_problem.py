"""Whatever the problem: a sound plan, nobody worse off than by hand, the same again, and an end."""

import time
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from bench.matching.cities import city
from scheduling.matching import kinds, tiers
from scheduling.matching.checker import check
from scheduling.matching.plan import Control, Status
from scheduling.matching.problem import KeptMatch, Kind, Match, Problem
from scheduling.matching.solve import solve
from scheduling.matching.travel import Travel

CALM = settings(max_examples=6, deadline=None, derandomize=True, database=None,
                suppress_health_check=[HealthCheck.too_slow])  # fmt: skip
SECONDS = 3.0


@some.composite
def problems(draw) -> Problem:
    """A small city with some of its greedy plan kept, some struck, and other weights."""
    problem = city(draw(some.integers(1, 14)), seed=draw(some.integers(1, 10_000)), institutions=6)
    greedy = by_hand(problem)
    kept = draw(some.sets(some.sampled_from(greedy), max_size=3)) if greedy else set()
    struck = draw(some.sets(some.sampled_from(greedy), max_size=3)) - kept if greedy else set()
    weights = draw(some.sampled_from([(100, 10, 1), (5, 4, 3), (1, 1, 1)]))
    fairness = draw(some.sampled_from([0.0, 0.5, 1.0]))
    return replace(
        problem,
        kept=tuple(KeptMatch(match) for match in sorted(kept, key=lambda m: (m.need, m.offer))),
        struck=frozenset((match.need, match.offer) for match in struck),
        previous=tuple(greedy),
        parameters=replace(problem.parameters, weights=weights, fairness=fairness),
    )


def by_hand(problem: Problem) -> list[Match]:
    travel = Travel(problem)
    return [
        match
        for kind in Kind
        for match in kinds.baseline(
            "urgency_first", problem, kind, kinds.candidates_of(problem, kind, travel), travel
        )
    ]


@CALM
@given(problems())
def test_every_plan_keeps_every_rule_and_serves_no_less_urgent_need_than_a_hand(problem):
    plan = solve(problem, Control(seconds=SECONDS))

    assert check(problem, plan.matches) == ()
    assert [
        row.notes
        for row in plan.kinds
        if any("crashed" in note or "broke" in note for note in row.notes)
    ] == []
    greedy = by_hand(problem)
    assert check(problem, greedy) == ()
    for row in plan.kinds:
        served = tiers.parts(problem, row.kind, greedy)
        pressing = [need.urgency < 3 for need in problem.needs(row.kind)]
        worth = tiers.weights(problem, row.kind) * served
        assert row.tiers[0].value >= worth[pressing].sum() - 1e-6


@CALM
@given(problems())
def test_no_value_is_beyond_its_bound(problem):
    for row in solve(problem, Control(seconds=SECONDS)).kinds:
        for tier in row.tiers:
            assert tier.bound is None or tier.value <= tier.bound + 1e-6 * max(
                1, abs(tier.bound)
            ), (row.kind, tier)


@CALM
@given(problems())
def test_the_same_problem_and_seed_give_the_same_plan(problem):
    once, again = (solve(problem, Control(seed=5, seconds=SECONDS)) for _ in range(2))

    assert once.matches == again.matches


@pytest.mark.parametrize("kind", list(Kind))
def test_a_stopped_round_ends_at_once_with_a_sound_plan(kind):
    problem = city(200, kinds=(kind,))
    asked = time.monotonic()

    plan = solve(problem, Control(seconds=60, should_stop=lambda: True)).kinds[0]

    assert time.monotonic() - asked < 20
    assert (plan.status, check(problem, plan.matches)) == (Status.STOPPED, ())
    assert [note for note in plan.notes if note.startswith(("crashed", "broke"))] == []
