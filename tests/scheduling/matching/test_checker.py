"""The checker passes a sound plan and sees every rule broken: each mutant breaks exactly one."""

import ast
from dataclasses import replace
from pathlib import Path

import pytest

from scheduling.matching import checker
from scheduling.matching.problem import DAY, Horizon, Interval, KeptMatch, Kind, Match, UseLimit
from scheduling.matching.travel import Travel
from tests.make import matching as make
from tests.make.matching import HOUR

SOUND = (make.pump_use(), make.packs(), make.shift())
NIGHT = make.staff_need("night", starts_at=DAY + HOUR, ends_at=DAY + 9 * HOUR)
NIGHT_SHIFT = Match("night", "p", starts_at=DAY + HOUR, ends_at=DAY + 9 * HOUR)
SECOND = make.equipment_need("second", institution="c", latest=20 * HOUR)


def needs(kind: str, **changes) -> dict:
    return {f"{kind}_needs": (getattr(make, f"{kind}_need")(**changes),)}


def insulin(**changes) -> dict:
    return {"lots": (make.lot(**changes),)}


def pump(**changes) -> dict:
    return {"units": (make.unit(**changes),)}


def nurse(**changes) -> dict:
    return {"people": (make.person(**changes),)}


def ends(name: str, day: int) -> dict:
    """The practice licence of one of the three institutions."""
    rows = (make.institution(row, licensed_to=day if row == name else None) for row in "abc")
    return {"institutions": tuple(rows)}


# code → (kind, what the problem becomes, what the plan becomes)
MUTANTS = [
    ("times", Kind.EQUIPMENT, {}, [make.pump_use(ends_at=14 * HOUR)]),
    ("times", Kind.EQUIPMENT, {}, [Match("en", "u")]),
    ("slot", Kind.EQUIPMENT, {}, [make.pump_use(9 * HOUR + 7)]),
    ("item", Kind.EQUIPMENT, pump(item="ct"), None),
    ("own", Kind.EQUIPMENT, pump(institution="b"), None),
    ("consortium", Kind.EQUIPMENT, pump(consortia=frozenset({"east"})), None),
    ("capability", Kind.EQUIPMENT, needs("equipment", capabilities=frozenset({"neonatal"})), None),
    ("certificate", Kind.EQUIPMENT, pump(requires=frozenset({"operates:pump"})), None),
    ("practice", Kind.EQUIPMENT, needs("equipment", latest=DAY + 1) | ends("b", 0), None),
    ("practice", Kind.EQUIPMENT, ends("a", -1), None),
    ("travel", Kind.EQUIPMENT, needs("equipment", longest_travel_minutes=19), None),
    ("need_time", Kind.EQUIPMENT, needs("equipment", earliest=9 * HOUR + 15), None),
    ("need_time", Kind.EQUIPMENT, needs("equipment", latest=13 * HOUR - 1), None),
    ("window", Kind.EQUIPMENT, pump(windows=(Interval(9 * HOUR - 19, 20 * HOUR),)), None),
    ("window", Kind.EQUIPMENT, pump(windows=(Interval(8 * HOUR, 13 * HOUR + 49),)), None),
    ("window", Kind.EQUIPMENT, pump(windows=(Interval(0, 10 * HOUR), Interval(10 * HOUR + 1, DAY))), None),
    ("overlap", Kind.EQUIPMENT, {"equipment_needs": (make.equipment_need(), SECOND)},
     [make.pump_use(), Match("second", "u", starts_at=14 * HOUR + 30, ends_at=18 * HOUR + 30)]),
    ("item", Kind.MEDICINE, insulin(item="heparin"), None),
    ("own", Kind.MEDICINE, insulin(institution="b"), None),
    ("consortium", Kind.MEDICINE, insulin(consortia=frozenset({"east"})), None),
    ("recalled", Kind.MEDICINE, insulin(recalled=True), None),
    ("record", Kind.MEDICINE, insulin(recorded=False), None),
    ("arrival", Kind.MEDICINE, insulin(arrival_day=2, arrival_life_days=29), None),
    ("life", Kind.MEDICINE, insulin(expiry_day=16), None),
    ("life", Kind.MEDICINE, insulin(expiry_day=13) | needs("medicine", by_day=-5), None),
    ("use", Kind.MEDICINE, {"use_limits": (UseLimit("b", "l", 9),)}, None),
    ("licence", Kind.MEDICINE, insulin(control="narcotic"), None),
    ("practice", Kind.MEDICINE, insulin(arrival_day=3) | ends("b", 2), None),
    ("cold", Kind.MEDICINE, insulin(cold_chain="2-8"), None),
    ("cold_reach", Kind.MEDICINE, insulin(cold_chain="2-8", longest_cold_minutes=19)
     | {"institutions": (make.institution("a"), make.institution("b", certificates=frozenset({"cold:2-8"})), make.institution("c"))}, None),
    ("travel", Kind.MEDICINE, needs("medicine", longest_travel_minutes=19), None),
    ("lot_exceeded", Kind.MEDICINE, insulin(packs=9), None),
    ("times", Kind.STAFF, {}, [make.shift(starts_at=8 * HOUR)]),
    ("skill", Kind.STAFF, needs("staff", skills=frozenset({"nurse", "ecmo"})), None),
    ("elsewhere", Kind.STAFF, nurse(institution="b"), None),
    ("approved", Kind.STAFF, nurse(approved_at=frozenset({"c"})), None),
    ("practice", Kind.STAFF, ends("b", -1), None),
    ("practice", Kind.STAFF, ends("a", -1), None),
    ("travel", Kind.STAFF, nurse(longest_travel_minutes=19), None),
    ("travel", Kind.STAFF, needs("staff", longest_travel_minutes=19), None),
    ("available", Kind.STAFF, nurse(available=(Interval(7 * HOUR + 1, DAY),)), None),
    ("rest", Kind.STAFF, nurse(own_shifts=(Interval(-12 * HOUR, -4 * HOUR + 1),)), None),
    ("rest", Kind.STAFF, nurse(own_shifts=(Interval(26 * HOUR - 1, 30 * HOUR),)), None),
    ("weekly_hours", Kind.STAFF, nurse(weekly_cap_minutes=8 * HOUR - 1), None),
    ("weekly_hours", Kind.STAFF, nurse(weekly_cap_minutes=16 * HOUR - 1, own_shifts=(Interval(3 * DAY, 3 * DAY + 8 * HOUR),)), None),
    ("weekly_hours", Kind.STAFF, nurse(weekly_cap_minutes=9 * HOUR, other_minutes=(HOUR + 1,)), None),
    ("rest_between", Kind.STAFF, {"staff_needs": (make.staff_need(), NIGHT)}, [make.shift(), NIGHT_SHIFT]),
    ("too_much", Kind.MEDICINE, {}, [make.packs(11)]),
    ("too_much", Kind.EQUIPMENT, {"units": (make.unit(), make.unit("other"))}, [make.pump_use(), make.pump_use(offer="other")]),
    ("quantity", Kind.MEDICINE, {}, [make.packs(0)]),
    ("struck", Kind.STAFF, {"struck": frozenset({("sn", "p")})}, None),
    ("unknown_offer", Kind.STAFF, {}, [make.shift(offer="nobody")]),
    ("kept_missing", Kind.STAFF, {"kept": (KeptMatch(make.shift()),)}, []),
]  # fmt: skip


def test_a_sound_plan_passes():
    assert checker.check(make.problem(), SOUND) == ()


@pytest.mark.parametrize(("code", "kind", "changes", "matches"), MUTANTS)
def test_each_rule_broken_is_seen_and_no_other(code, kind, changes, matches):
    mine = {Kind.EQUIPMENT: SOUND[0], Kind.MEDICINE: SOUND[1], Kind.STAFF: SOUND[2]}[kind]
    plan = (mine,) if matches is None else tuple(matches)

    found = checker.check_kind(make.problem(**changes), kind, plan)

    assert {row.code for row in found} == {code}


def test_windows_that_touch_are_one():
    halves = (Interval(0, 10 * HOUR), Interval(10 * HOUR, DAY))

    assert checker.check(make.problem(**pump(windows=halves)), SOUND) == ()


def test_the_mutants_break_every_rule_there_is():
    tried = {(kind, code) for code, kind, _changes, _matches in MUTANTS}
    rules = {(kind, code) for kind, rows in checker.RULES.items() for code in rows}

    assert rules - tried == set()


@pytest.mark.parametrize(
    ("code", "kind", "changes", "matches"),
    [
        row
        for row in MUTANTS
        if row[0] in {"travel", "life", "window", "approved", "rest", "weekly_hours"}
    ],
)
def test_a_lifted_rule_is_not_asked(code, kind, changes, matches):
    mine = {Kind.EQUIPMENT: SOUND[0], Kind.MEDICINE: SOUND[1], Kind.STAFF: SOUND[2]}[kind]
    problem = make.problem(**changes, lifted=frozenset({code}))

    assert checker.check_kind(problem, kind, (mine,)) == ()


def test_what_is_kept_is_not_judged_but_nothing_is_put_over_it():
    kept = make.pump_use(9 * HOUR + 7)  # off the slots: agreed by hand
    problem = make.problem(equipment_needs=(make.equipment_need(), SECOND), kept=(KeptMatch(kept),))
    over = Match("second", "u", starts_at=14 * HOUR, ends_at=18 * HOUR)

    assert checker.check(problem, (kept,)) == ()
    assert [str(row) for row in checker.check(problem, (kept, over))] == [
        "overlap: second by u beside en"
    ]


def test_a_match_for_a_need_that_does_not_exist_is_seen():
    assert [row.code for row in checker.check(make.problem(), (Match("gone", "l"),))] == [
        "unknown_need"
    ]


def test_a_shift_over_the_turn_of_a_week_counts_in_both():
    need = make.staff_need(starts_at=-2 * HOUR, ends_at=6 * HOUR)
    worked = make.person(
        available=(Interval(-DAY, DAY),), weekly_cap_minutes=7 * HOUR, other_minutes=(0, 0)
    )
    problem = make.problem(
        staff_needs=(need,), people=(worked,),
        horizon=Horizon("2026-11-30T00:00:00+08:00", week_starts_at=-7 * DAY + 1),
    )  # fmt: skip
    match = make.shift(starts_at=-2 * HOUR, ends_at=6 * HOUR)

    assert checker.check(problem, (match,)) == ()
    tired = replace(problem, people=(replace(worked, other_minutes=(5 * HOUR, 0)),))
    assert [row.code for row in checker.check(tired, (match,))] == ["weekly_hours"]


def test_the_checker_reckons_the_same_ways_by_itself():
    from_places = make.problem(
        travel=None,
        institutions=tuple(
            make.institution(name, latitude=31 + at / 7, longitude=121 + at * at / 9)
            for at, name in enumerate("abcde")
        ),
    )
    facts, travel = checker.Facts(from_places, Kind.STAFF), Travel(from_places)

    for start in "abcde":
        for end in "abcde":
            assert (
                facts.minutes(start, end) == travel.minutes[travel.index[start], travel.index[end]]
            )


def test_the_checker_imports_nothing_that_the_models_are_made_of():
    folder = Path(checker.__file__).parent
    allowed = {
        "scheduling.matching.problem",
        "scheduling.matching.checker",
        "scheduling.matching.checker.facts",
    }
    found = {
        node.module
        for path in folder.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom) and node.module.startswith("scheduling")
    }

    assert found - allowed == set()
