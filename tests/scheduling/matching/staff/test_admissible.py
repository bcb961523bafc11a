"""Who may work which shift: each rule alone, at its edge, and all together said another way."""

from dataclasses import replace

import pytest

from scheduling.matching.admissible.staff import rule_book
from scheduling.matching.candidates import collect
from scheduling.matching.problem import DAY, WEEK, Interval, KeptMatch, Match
from scheduling.matching.travel import Travel
from tests.make.shifts_to_fill import HOUR, city, drawn, person, shift

REST = 11 * HOUR
# A shift from 08:00 to 16:00 of the third day at the neighbour's, 19 minutes away.
NIGHT = shift(at=2 * DAY + 8 * HOUR)


def admitted(problem):
    candidates = collect(rule_book(problem, Travel(problem)), problem)
    return candidates, set(zip(candidates.need.tolist(), candidates.offer.tolist(), strict=True))


def refused_by(problem) -> str:
    """The first rule that refuses the only pair; empty when none does."""
    candidates, _ = admitted(problem)
    left = candidates.left[0].tolist()
    return candidates.codes[left.index(0)] if 0 in left else ""


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({}, ""),
        ({"skills": frozenset({"midwife"})}, "skill"),
        ({"institution": "tongji"}, "elsewhere"),
        ({"approved_at": frozenset({"renhe"})}, "approved"),
        ({"longest_travel_minutes": 19}, ""),
        ({"longest_travel_minutes": 18}, "travel"),
        ({"available": (Interval(NIGHT.starts_at, NIGHT.ends_at),)}, ""),
        ({"available": (Interval(NIGHT.starts_at + 1, NIGHT.ends_at),)}, "available"),
        ({"available": (Interval(NIGHT.starts_at, NIGHT.ends_at - 1),)}, "available"),
        ({"available": ()}, "available"),
        (
            {"available": (Interval(0, NIGHT.starts_at + 1), Interval(NIGHT.starts_at + 1, WEEK))},
            "",
        ),
        ({"available": (Interval(0, WEEK), Interval(1, 2))}, ""),
        ({"own_shifts": (Interval(NIGHT.starts_at - REST - 60, NIGHT.starts_at - REST),)}, ""),
        ({"own_shifts": (Interval(0, NIGHT.starts_at - REST + 1), Interval(1, 2))}, "rest"),
        ({"own_shifts": (Interval(NIGHT.ends_at + REST, NIGHT.ends_at + REST + 60),)}, ""),
        ({"own_shifts": (Interval(NIGHT.ends_at + REST - 1, WEEK),)}, "rest"),
        ({"weekly_cap_minutes": 8 * HOUR}, ""),
        ({"weekly_cap_minutes": 8 * HOUR - 1}, "weekly_hours"),
        ({"own_shifts": (Interval(5 * DAY, 5 * DAY + 36 * HOUR),)}, ""),
        ({"own_shifts": (Interval(5 * DAY, 5 * DAY + 36 * HOUR + 1),)}, "weekly_hours"),
        ({"own_shifts": (Interval(8 * DAY, 8 * DAY + 60 * HOUR),)}, ""),
        ({"other_minutes": (36 * HOUR, 90 * HOUR)}, ""),
        ({"other_minutes": (36 * HOUR + 1,)}, "weekly_hours"),
    ],
)
def test_a_rule_refuses_from_its_very_edge(fields, code):
    assert refused_by(city(people=[person(**fields)], needs=[NIGHT])) == code


def test_a_shift_limits_the_travel_too():
    near = replace(NIGHT, longest_travel_minutes=18)
    assert refused_by(city(people=[person()], needs=[near])) == "travel"


def test_a_shift_over_sunday_night_counts_in_both_weeks():
    over = shift(at=WEEK - 4 * HOUR, hours=12)
    busy = person(other_minutes=(40 * HOUR, 36 * HOUR))
    assert refused_by(city(people=[busy], needs=[over])) == ""
    busy = person(other_minutes=(40 * HOUR, 36 * HOUR + 1))
    assert refused_by(city(people=[busy], needs=[over])) == "weekly_hours"


def test_a_kept_shift_keeps_others_away_but_not_itself():
    kept = shift("kept", at=2 * DAY + 20 * HOUR)
    problem = city(
        people=[person(weekly_cap_minutes=8 * HOUR)],
        needs=[NIGHT, kept],
        kept=(KeptMatch(Match("kept", "wang")),),
    )
    assert admitted(problem)[1] == {(1, 0)}
    assert refused_by(problem) == "booked"
    later = replace(NIGHT, starts_at=5 * DAY, ends_at=5 * DAY + 8 * HOUR)
    assert refused_by(replace(problem, staff_needs=(later, kept))) == "weekly_hours"


def test_a_kept_shift_that_no_longer_is_a_need_still_takes_its_time():
    kept = KeptMatch(Match("gone", "wang", 1, NIGHT.starts_at, NIGHT.ends_at))
    assert refused_by(city(people=[person()], needs=[NIGHT], kept=(kept,))) == "booked"


@pytest.mark.parametrize(("name", "day", "code"), [
    ("tongji", 2, ""), ("tongji", 1, "practice"), ("renhe", 1, "practice"), ("huashan", 1, ""),
])  # fmt: skip
def test_the_practice_licences_of_both_hospitals_last_until_the_shift_is_over(name, day, code):
    night = shift(at=2 * DAY + 16 * HOUR)  # until midnight, which is of the third day
    problem = city(people=[person()], needs=[night])
    rows = tuple(
        replace(row, licensed_to=day if row.id == name else None) for row in problem.institutions
    )
    assert refused_by(replace(problem, institutions=rows)) == code


def test_a_struck_pair_is_refused_last():
    struck = frozenset({("night", "wang")})
    assert refused_by(city(people=[person()], needs=[NIGHT], struck=struck)) == "struck"


@pytest.mark.parametrize("code", ["skill", "travel"])
def test_a_lifted_rule_refuses_nobody(code):
    stranger = person(skills=frozenset({"midwife"}), longest_travel_minutes=0)
    lifted = frozenset({"skill", "travel"})
    assert refused_by(city(people=[stranger], needs=[NIGHT], lifted=lifted)) == ""
    assert refused_by(city(people=[stranger], needs=[NIGHT], lifted=lifted - {code})) == code


def test_the_funnel_counts_who_is_left_after_each_rule():
    people = [
        person("li"),
        person("zhao", skills=frozenset({"midwife"})),
        person("qian", approved_at=frozenset()),
        person("sun", longest_travel_minutes=5),
    ]
    candidates, pairs = admitted(city(people=people, needs=[NIGHT]))
    assert dict(zip(candidates.codes, candidates.left[0].tolist(), strict=True)) == {
        "skill": 3, "elsewhere": 3, "approved": 2, "practice": 2, "travel": 1, "available": 1,
        "rest": 1, "booked": 1, "weekly_hours": 1, "struck": 1,
    }  # fmt: skip
    assert pairs == {(0, 0)}


def test_no_needs_or_nobody_is_no_error():
    assert admitted(city(people=[person()]))[1] == set()
    candidates, pairs = admitted(city(needs=[NIGHT]))
    assert pairs == set()
    assert candidates.left.tolist() == [[0] * 10]


@pytest.mark.parametrize("seed", range(12))
def test_the_masks_admit_whom_the_rules_in_words_admit(seed):
    problem = drawn(seed, needs=20, people=10)
    travel = Travel(problem)
    expected = {
        (n, p)
        for n, need in enumerate(problem.staff_needs)
        for p, who in enumerate(problem.people)
        if may_work(who, need, travel)
    }
    assert admitted(problem)[1] == expected


def may_work(who, need, travel) -> bool:
    minutes = travel.minutes[travel.index[who.institution], travel.index[need.institution]]
    offered = {m for row in who.available for m in range(row.starts_at, row.ends_at)}
    rested = all(
        own.ends_at + REST <= need.starts_at or need.ends_at + REST <= own.starts_at
        for own in who.own_shifts
    )
    worked = sum(own.ends_at - own.starts_at for own in who.own_shifts)
    return (
        need.skills <= who.skills
        and who.institution != need.institution
        and need.institution in who.approved_at
        and minutes <= who.longest_travel_minutes
        and minutes <= (need.longest_travel_minutes or minutes)
        and offered.issuperset(range(need.starts_at, need.ends_at))
        and rested
        and worked + need.ends_at - need.starts_at <= who.weekly_cap_minutes
    )
