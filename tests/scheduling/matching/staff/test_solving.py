"""Plans of shifts: the best there is where all can be tried, sound and no worse where not."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduling.matching import kinds, tiers
from scheduling.matching.checker import check_kind
from scheduling.matching.formulations.staff import solving
from scheduling.matching.plan import Control, Status
from scheduling.matching.problem import DAY, Interval, KeptMatch, Kind, Match, Urgency
from scheduling.matching.reasons import Explainer, Verdict
from scheduling.matching.travel import Travel
from tests.make.shifts_to_fill import HOUR, city, drawn, person, shift
from tests.scheduling.matching.order import PRICE, best_of
from tests.scheduling.matching.staff import slow_plans

NAMES = ("urgent", "equity", "served", "stability", "travel")


def solved(problem, **how):
    travel = Travel(problem)
    candidates = kinds.candidates_of(problem, Kind.STAFF, travel)
    return candidates, solving.solve(problem, candidates, travel, Control(**how))


def pairs_of(candidates):
    return set(zip(candidates.need.tolist(), candidates.offer.tolist(), strict=True))


def as_slow(problem, matches):
    needs = [need.id for need in problem.staff_needs]
    people = [who.id for who in problem.people]
    return {needs.index(row.need): people.index(row.offer) for row in matches}


def served(plan):
    return {(row.need, row.offer) for row in plan.matches}


def assert_the_best(problem, price=PRICE):
    candidates, plan = solved(problem)
    admitted = pairs_of(candidates)
    found = slow_plans.worth(problem, as_slow(problem, plan.matches), admitted)
    best = best_of(
        (
            slow_plans.worth(problem, other, admitted)
            for other in slow_plans.plans(problem, admitted)
        ),
        price,
    )
    assert found == pytest.approx(best, abs=2e-5)
    assert check_kind(problem, Kind.STAFF, plan.matches) == ()
    assert plan.status is Status.OPTIMAL
    told = {tier.name: tier for tier in plan.tiers}
    assert told["urgent"].value == told["urgent"].bound == best[0]
    assert told["equity"].bound == pytest.approx(best[1], abs=2e-5)


@settings(max_examples=15, deadline=None, derandomize=True, database=None)
@given(seed=st.integers(0, 10**6))
def test_of_all_plans_of_a_small_city_the_solver_finds_the_best(seed):
    problem = drawn(seed, needs=6, people=3, days=3)
    assert_the_best(problem)
    with pytest.MonkeyPatch.context() as patch:  # few needs show what equity may cost no better
        patch.setattr(tiers, "FAIRNESS_PRICE", 1.0)
        assert_the_best(problem, price=1.0)


@settings(max_examples=8, deadline=None, derandomize=True, database=None)
@given(seed=st.integers(0, 10**6))
def test_a_new_round_moves_as_little_as_the_higher_tiers_allow(seed):
    problem = drawn(seed, needs=6, people=3, days=3)
    _, first = solved(problem)
    fewer = replace(problem, previous=first.matches, people=problem.people[1:])
    assert_the_best(fewer)


@settings(max_examples=8, deadline=None, derandomize=True, database=None)
@given(seed=st.integers(0, 10**6))
def test_what_is_kept_stays_and_the_rest_is_the_best_around_it(seed):
    problem = drawn(seed, needs=6, people=3, days=3)
    _, first = solved(problem)
    kept = tuple(KeptMatch(match) for match in first.matches[-1:])
    changed = replace(problem, kept=kept, previous=first.matches[:1])
    _, plan = solved(changed)
    assert {row.match for row in kept} <= set(plan.matches)
    assert_the_best(changed)


@pytest.mark.parametrize("seed", range(3))
def test_regions_lose_nothing_of_the_first_tier_and_little_of_the_rest(seed, monkeypatch):
    problem = drawn(seed, needs=36, people=16, days=5, places=4)
    _, whole = solved(problem)
    monkeypatch.setattr(solving, "WHOLE_CITY", 0)
    monkeypatch.setattr(solving, "COLUMNS_PER_REGION", 60)
    _, plan = solved(problem)
    assert check_kind(problem, Kind.STAFF, plan.matches) == ()
    assert plan.status is Status.FEASIBLE
    values = {tier.name: tier.value for tier in plan.tiers}
    best = {tier.name: tier for tier in whole.tiers}
    assert values["urgent"] == best["urgent"].value
    assert values["equity"] <= best["equity"].bound
    assert values["equity"] == pytest.approx(best["equity"].value, rel=0.01)


def test_the_same_seed_makes_the_same_plan(monkeypatch):
    problem = drawn(3, needs=36, people=16, days=5, places=4)
    monkeypatch.setattr(solving, "WHOLE_CITY", 0)
    monkeypatch.setattr(solving, "COLUMNS_PER_REGION", 60)
    assert solved(problem, seed=5)[1].matches == solved(problem, seed=5)[1].matches


@pytest.mark.parametrize("seed", range(3))
def test_a_round_by_regions_stays_close_to_what_was_proposed(seed, monkeypatch):
    problem = drawn(seed, needs=36, people=16, days=5, places=4)
    monkeypatch.setattr(solving, "WHOLE_CITY", 0)
    monkeypatch.setattr(solving, "COLUMNS_PER_REGION", 60)
    before = solved(problem)[1].matches
    again = replace(problem, previous=before)
    assert solved(again)[1].matches == before
    _, after = solved(replace(again, people=problem.people[1:]))
    surviving = {row for row in before if row.offer != problem.people[0].id}
    assert len(surviving & set(after.matches)) >= 0.8 * len(surviving)


def test_one_critical_shift_outweighs_any_number_of_routine_ones_elsewhere():
    routine = [shift(f"r{n}", "huashan", at=(n * 20) * HOUR) for n in range(5)]
    critical = shift("icu", "tongji", at=0, hours=96, urgency=Urgency.CRITICAL)
    busy = person(weekly_cap_minutes=96 * HOUR)
    _, plan = solved(city(people=[busy], needs=[*routine, critical]))
    assert served(plan) == {("icu", "wang")}


def test_of_two_equal_shifts_the_institution_that_had_less_is_served():
    needs = [shift("a", "tongji"), shift("b", "huashan")]
    problem = city(people=[person()], needs=needs)
    poor = replace(
        problem.institutions[2], history_met={Kind.STAFF: 1.0}, history_asked={Kind.STAFF: 9.0}
    )
    rich = replace(
        problem.institutions[1], history_met={Kind.STAFF: 8.0}, history_asked={Kind.STAFF: 9.0}
    )
    places = (problem.institutions[0], rich, poor)
    assert served(solved(replace(problem, institutions=places))[1]) == {("b", "wang")}
    places = (problem.institutions[0], replace(poor, id="tongji"), replace(rich, id="huashan"))
    assert served(solved(replace(problem, institutions=places))[1]) == {("a", "wang")}


def test_without_fairness_the_nearer_of_two_equal_shifts_is_served():
    needs = [shift("a", "ruijin"), shift("b", "tongji")]
    problem = city(people=[person()], needs=needs)
    here, rich, there, poor = problem.institutions
    rich = replace(rich, history_met={Kind.STAFF: 9.0}, history_asked={Kind.STAFF: 9.0})
    poor = replace(poor, history_asked={Kind.STAFF: 9.0})
    problem = replace(problem, institutions=(here, rich, there, poor))
    assert served(solved(problem)[1]) == {("a", "wang")}
    blind = replace(problem, parameters=replace(problem.parameters, fairness=0.0))
    _, plan = solved(blind)
    assert served(plan) == {("b", "wang")}
    assert [tier.name for tier in plan.tiers] == ["urgent", "served", "travel"]


@pytest.mark.parametrize(("fairness", "who"), [(0.01, {"n0", "n1"}), (0.99, {"big"})])
def test_between_none_and_all_fairness_is_weighed_against_the_number(fairness, who, monkeypatch):
    """Two short shifts of one that had much, or a long one of another that had nothing."""
    short = [shift(f"n{n}", "tongji", at=n * 20 * HOUR) for n in range(2)]
    problem = city(people=[person()], needs=[*short, shift("big", "huashan", at=0, hours=40)])
    rich = replace(
        problem.institutions[1], history_met={Kind.STAFF: 90.0}, history_asked={Kind.STAFF: 90.0}
    )
    poor = replace(problem.institutions[2], history_asked={Kind.STAFF: 3.0})
    problem = replace(
        problem,
        institutions=(problem.institutions[0], rich, poor),
        parameters=replace(problem.parameters, fairness=fairness),
    )
    assert {row.need for row in solved(problem)[1].matches} == {"n0", "n1"}  # its price is limited
    monkeypatch.setattr(tiers, "FAIRNESS_PRICE", 1.0)
    _, plan = solved(problem)
    assert {row.need for row in plan.matches} == who


def test_the_price_of_a_person_is_what_the_person_would_add_to_the_first_tier():
    needs = [shift(f"n{n}", urgency=Urgency.URGENT) for n in range(2)]
    _, plan = solved(city(people=[person()], needs=needs))
    assert plan.prices == {"wang": pytest.approx(10.0)}
    _, plan = solved(city(people=[person(), person("li"), person("zhao")], needs=needs))
    assert plan.prices == {}


@pytest.mark.parametrize(
    "problem",
    [
        city(),
        city(people=[person()]),
        city(needs=[shift()]),
        city(people=[person(skills=frozenset())], needs=[shift()]),
        city(
            people=[person(other_minutes=(99 * HOUR, 0))],
            needs=[shift(), shift("later", at=8 * DAY)],
        ),
    ],
)
def test_a_problem_with_little_or_nothing_in_it_has_a_plan(problem):
    candidates, plan = solved(problem)
    assert {row.need for row in plan.matches} <= {"later"}
    assert len(plan.matches) == min(1, len(candidates.need))
    assert plan.status is Status.OPTIMAL


def test_who_stops_a_round_keeps_the_greedy_plan():
    problem = drawn(1, needs=40, people=20, days=5)
    candidates, plan = solved(problem, should_stop=lambda: True)
    greedy = kinds.baseline("urgency_first", problem, Kind.STAFF, candidates, Travel(problem))
    assert plan.status is Status.STOPPED
    assert plan.matches == greedy


def test_a_round_without_time_says_so_and_keeps_the_greedy_plan():
    _, plan = solved(drawn(1, needs=40, people=20, days=5), seconds=0.0)
    assert plan.status is Status.FEASIBLE
    assert plan.notes == (solving.OUT_OF_TIME,)
    assert plan.matches


def test_progress_only_grows_and_ends_with_the_needs_served():
    seen = []
    _, plan = solved(drawn(1, needs=40, people=20, days=5), report=seen.append)
    assert [row.done for row in seen] == sorted(row.done for row in seen)
    assert seen[-1].served == len(plan.matches)


@pytest.mark.parametrize("name", kinds.BASELINES)
@pytest.mark.parametrize("seed", range(4))
def test_a_baseline_is_sound_and_no_better_than_the_plan(name, seed):
    problem = drawn(seed, needs=40, people=12, days=5)
    travel = Travel(problem)
    candidates, plan = solved(problem)
    matches = kinds.baseline(name, problem, Kind.STAFF, candidates, travel)
    assert check_kind(problem, Kind.STAFF, matches) == ()
    rows = tiers.measure(problem, Kind.STAFF, matches, candidates, travel)
    ours = tuple(round(tier.value, 6) for tier in plan.tiers)
    assert tuple(round(tier.value, 6) for tier in rows) <= ours


def test_first_come_is_served_in_the_order_of_posting_by_the_nearest():
    needs = [
        shift("new", urgency=Urgency.CRITICAL, posted_at=9),
        shift("old", posted_at=1),
        shift("gone", at=3 * DAY, posted_at=0),
    ]
    people = [person("far", "ruijin"), person("near", "renhe")]
    people = [replace(who, available=(Interval(0, 2 * DAY),)) for who in people]
    problem = city(people=people, needs=needs)
    travel = Travel(problem)
    candidates = kinds.candidates_of(problem, Kind.STAFF, travel)

    def given_by(name):
        rows = kinds.baseline(name, problem, Kind.STAFF, candidates, travel)
        return {row.need: row.offer for row in rows}

    assert given_by("first_come") == {"old": "near", "new": "far"}
    assert given_by("urgency_first") == {"old": "far", "new": "near"}


def test_an_outbid_shift_hears_what_the_person_does_at_its_time_not_what_all_days_are_worth():
    needs = [shift("own", urgency=Urgency.URGENT), shift("icu", urgency=Urgency.CRITICAL)]
    others = [shift(f"n{n}", at=(n + 2) * DAY, urgency=Urgency.CRITICAL) for n in range(4)]
    problem = city(people=[person(weekly_cap_minutes=168 * HOUR)], needs=[*needs, *others])
    told = Explainer(problem, solved(problem)[1]).need("own")
    assert (told.verdict, told.outbid.price, told.outbid.worth) == (Verdict.OUTBID, 100, 10)


def test_a_match_says_when():
    night = shift()
    _, plan = solved(city(people=[person()], needs=[night]))
    assert plan.matches == (Match("night", "wang", 1, night.starts_at, night.ends_at),)


@pytest.mark.parametrize("whole", [0, 10_000])
def test_out_of_time_the_plan_is_sound_and_nobody_free_is_left_unasked(whole, monkeypatch):
    problem = drawn(3, needs=36, people=16, days=5, places=4)
    monkeypatch.setattr(solving, "WHOLE_CITY", whole)
    candidates, plan = solved(problem, seconds=0.0)
    assert check_kind(problem, Kind.STAFF, plan.matches) == ()
    assert plan.notes == (solving.OUT_OF_TIME,)
    greedy = kinds.baseline("urgency_first", problem, Kind.STAFF, candidates, Travel(problem))
    assert len(plan.matches) >= 0.9 * len(greedy)
