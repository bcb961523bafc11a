"""The plan is sound, the best there is where everything can be tried, and the same every time."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.matching.cities import city
from scheduling.matching import kinds, tiers
from scheduling.matching.checker import check_kind
from scheduling.matching.formulations.equipment import solve
from scheduling.matching.plan import OUT_OF_TIME, Control, Status
from scheduling.matching.problem import Interval, KeptMatch, Match, Urgency
from scheduling.matching.travel import Travel
from tests.make import matching as make
from tests.make.matching import HOUR
from tests.scheduling.matching.equipment import reference
from tests.scheduling.matching.equipment.reference import KIND
from tests.scheduling.matching.order import PRICE


def solved(problem, **control):
    travel = Travel(problem)
    candidates = kinds.candidates_of(problem, KIND, travel)
    return solve(problem, candidates, travel, Control(**{"seconds": 120.0, **control}))


def values(problem, plan):
    travel = Travel(problem)
    return reference.values(
        problem, plan.matches, kinds.candidates_of(problem, KIND, travel), travel
    )


def tier(plan, name):
    return next(row for row in plan.tiers if row.name == name)


def only(*needs, units=None, **more):
    return make.problem(
        units=units or (make.unit(),),
        equipment_needs=needs,
        lots=(),
        people=(),
        medicine_needs=(),
        staff_needs=(),
        **more,
    )


@pytest.mark.parametrize(("fairness", "price"), [(1.0, PRICE), (1.0, 1.0), (0.0, PRICE)])
@given(seed=st.integers(0, 10_000))
@settings(max_examples=12, deadline=None, derandomize=True)
def test_a_small_plan_is_as_good_as_trying_everything(fairness, price, seed):
    problem = reference.problem(seed)
    problem = replace(problem, parameters=replace(problem.parameters, fairness=fairness))

    with pytest.MonkeyPatch.context() as patch:  # few needs show what equity may cost no better
        patch.setattr(tiers, "FAIRNESS_PRICE", price)
        plan = solved(problem)

    assert check_kind(problem, KIND, plan.matches) == ()
    assert values(problem, plan) == reference.best(problem, price)


@given(seed=st.integers(0, 10_000))
@settings(max_examples=10, deadline=None, derandomize=True)
def test_no_bound_is_below_what_can_be_reached(seed):
    problem = reference.problem(seed)

    plan = solved(problem)

    bounds = [tier(plan, name).bound for name in ("urgent", "equity", "served")]
    assert all(
        bound >= value - 1e-6
        for bound, value in zip(bounds, reference.best(problem, PRICE), strict=True)
    )


@pytest.mark.parametrize("fairness", [0.5, 0.9])
def test_fairness_in_between_is_one_weighted_tier_below_the_urgent(fairness):
    problem = reference.problem(7, needs=8)
    between = replace(problem, parameters=replace(problem.parameters, fairness=fairness))

    plan = solved(between)

    assert check_kind(between, KIND, plan.matches) == ()
    assert tier(plan, "urgent").value == tier(solved(problem), "urgent").value


def test_two_uses_of_a_unit_leave_time_for_the_ways_and_cleaning():
    needs = [make.equipment_need(name, latest=19 * HOUR) for name in ("first", "second")]
    wide = make.unit(windows=(Interval(0, 20 * HOUR),))  # 9 to 19: twice 4 h, and 70 min between
    tight = [replace(need, latest=18 * HOUR) for need in needs]  # 50 min are left

    assert len(solved(only(*needs, units=(wide,))).matches) == 2
    assert len(solved(only(*tight, units=(wide,))).matches) == 1


def test_a_critical_need_is_not_given_up_for_many_routine_ones():
    long = make.equipment_need(
        "long", earliest=8 * HOUR, latest=20 * HOUR, duration_minutes=10 * HOUR
    )
    short = [
        make.equipment_need(f"s{hour}", duration_minutes=HOUR, urgency=Urgency.ROUTINE)
        for hour in range(4)
    ]

    plan = solved(only(*short, replace(long, urgency=Urgency.CRITICAL)))

    assert [match.need for match in plan.matches] == ["long"]


def test_the_institution_that_got_least_comes_before_the_number_within_its_price(monkeypatch):
    poor = make.equipment_need("poor", institution="c", urgency=Urgency.ROUTINE)
    poor = replace(poor, duration_minutes=8 * HOUR)
    rich = [
        make.equipment_need(f"r{k}", urgency=Urgency.ROUTINE, duration_minutes=3 * HOUR)
        for k in range(2)
    ]
    history = {"history_met": {KIND: 50.0}, "history_asked": {KIND: 50.0}}
    problem = only(
        poor,
        *rich,
        institutions=(
            make.institution("a"),
            make.institution("b", **history),
            make.institution("c"),
        ),
        units=(make.unit(windows=(Interval(8 * HOUR, 20 * HOUR),)),),
    )
    careless = replace(problem, parameters=replace(problem.parameters, fairness=0.0))

    assert len(solved(problem).matches) == 2
    monkeypatch.setattr(tiers, "FAIRNESS_PRICE", 1.0)
    assert [match.need for match in solved(problem).matches] == ["poor"]
    assert len(solved(careless).matches) == 2


def test_the_nearer_unit_serves_when_nothing_else_differs():
    near = make.unit("near", institution="c")
    problem = only(make.equipment_need(), units=(near, make.unit("u", institution="a")))

    assert [match.offer for match in solved(problem).matches] == ["u"]  # 20 minutes, not 40


def test_what_was_proposed_before_is_preferred_to_what_is_nearer():
    before = Match("en", "far", starts_at=10 * HOUR, ends_at=14 * HOUR)
    units = (make.unit("u"), make.unit("far", institution="c"))

    plan = solved(only(make.equipment_need(), units=units, previous=(before,)))

    assert plan.matches == (before,)
    assert tier(plan, "stability").value == 1.0


def test_a_kept_match_stays_and_takes_its_time():
    kept = Match("kept", "u", starts_at=11 * HOUR, ends_at=15 * HOUR)
    problem = only(
        make.equipment_need("kept", urgency=Urgency.ROUTINE),
        make.equipment_need("critical", urgency=Urgency.CRITICAL),
        units=(make.unit(windows=(Interval(8 * HOUR, 20 * HOUR),)),),
        kept=(KeptMatch(kept),),
    )

    assert solved(problem).matches == (kept,)


def test_one_impossible_need_costs_the_others_nothing():
    impossible = make.equipment_need("impossible", item="ct")

    plan = solved(only(impossible, make.equipment_need()))

    assert [match.need for match in plan.matches] == ["en"]
    assert tier(plan, "urgent").gap == 0.0  # it has no offer and is not counted as lost


@pytest.mark.parametrize("parts", [{"needs": 0}, {"units": 0}])
def test_an_empty_problem_is_an_empty_plan(parts):
    assert solved(reference.problem(1, **parts)).matches == ()


@pytest.fixture(scope="module")
def crowded():
    return city(50, kinds=(KIND,), institutions=8)


def test_the_same_seed_gives_the_same_plan(crowded):
    first, again = (solved(crowded, seed=3) for _ in range(2))

    assert first.matches == again.matches
    assert first.notes == ()


def test_a_city_is_served_better_than_by_hand(crowded):
    travel = Travel(crowded)
    candidates = kinds.candidates_of(crowded, KIND, travel)
    by_hand = kinds.baseline("urgency_first", crowded, KIND, candidates, travel)

    plan = solved(crowded)

    assert check_kind(crowded, KIND, plan.matches) == ()
    assert values(crowded, plan) > reference.values(crowded, by_hand, candidates, travel)


def test_whoever_stops_a_run_keeps_the_best_so_far(crowded):
    asked = []

    def stop():
        asked.append(1)
        return len(asked) > 3

    plan = solved(crowded, should_stop=stop)

    assert plan.status is Status.STOPPED
    assert check_kind(crowded, KIND, plan.matches) == ()
    assert len(plan.matches) > 8


def test_a_run_without_time_has_a_plan_and_says_so(crowded):
    plan = solved(crowded, seconds=0.0)

    assert len(plan.matches) > 8
    assert plan.status is Status.FEASIBLE
    assert plan.notes == (OUT_OF_TIME,)


def test_progress_is_told_and_never_goes_beyond_one(crowded):
    told = []

    solved(crowded, report=told.append)

    phases = list(dict.fromkeys(row.phase for row in told))
    assert phases == [name for name in ("urgent", "served", "equity", "travel") if name in phases]
    assert phases[-1] == "travel"
    assert all(0 <= row.done <= 1 and row.kind is KIND for row in told)
    assert told[-1].served >= told[0].served > 0
