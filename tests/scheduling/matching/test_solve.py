"""A round always gives a sound plan, whatever becomes of one formulation.

The faults are put where a formulation is called; what catches them is the real thing.
"""

from dataclasses import replace
from itertools import count

import pytest

from scheduling.matching import candidates, kinds
from scheduling.matching.codec import FormatError
from scheduling.matching.plan import OUT_OF_TIME, Control, KindPlan, Status
from scheduling.matching.problem import KeptMatch, Kind
from scheduling.matching.solve import solve
from tests.make import matching as make

BROKEN = make.packs(11)  # more than is asked for


def by_kind(plan) -> dict[Kind, KindPlan]:
    return {row.kind: row for row in plan.kinds}


@pytest.fixture
def formulation(monkeypatch):
    """``formulation(kind, made)``: what the formulation of a kind returns, or raises."""
    real = kinds.solved

    def put(kind, made):
        def solved(problem, asked, candidates, travel, control):
            if asked is not kind:
                return real(problem, asked, candidates, travel, control)
            if isinstance(made, Exception):
                raise made
            return KindPlan(kind, made, Status.OPTIMAL, (), 0.0)

        monkeypatch.setattr(kinds, "solved", solved)

    return put


def test_a_crash_costs_its_kind_the_proof_and_the_others_nothing(formulation):
    formulation(Kind.MEDICINE, ZeroDivisionError("oh"))

    plan = by_kind(solve(make.problem()))

    assert plan[Kind.MEDICINE].matches == (make.packs(),)  # the greedy plan's
    assert plan[Kind.MEDICINE].status == Status.FEASIBLE
    assert plan[Kind.MEDICINE].notes == ("crashed: ZeroDivisionError: oh",)
    assert plan[Kind.STAFF].matches == (make.shift(),)
    assert plan[Kind.STAFF].notes == ()


def test_a_plan_that_breaks_a_rule_is_never_handed_out(formulation):
    formulation(Kind.MEDICINE, (BROKEN,))

    plan = by_kind(solve(make.problem()))[Kind.MEDICINE]

    assert plan.matches == (make.packs(),)
    assert plan.notes == ("broke_a_rule: too_much: mn by l",)


def test_when_nothing_works_what_was_kept_stays(formulation, monkeypatch):
    formulation(Kind.MEDICINE, RuntimeError("oh"))
    real = kinds.baseline
    monkeypatch.setattr(
        kinds,
        "baseline",
        lambda name, problem, kind, *rest: (
            (BROKEN,) if kind is Kind.MEDICINE else real(name, problem, kind, *rest)
        ),
    )
    kept = make.packs(3)

    plan = by_kind(solve(make.problem(kept=(KeptMatch(kept),))))[Kind.MEDICINE]

    assert plan.matches == (kept,)
    assert [note.split(":")[0] for note in plan.notes] == [
        "crashed",
        "broke_a_rule",
        "broke_a_rule",
    ]


def test_every_kind_is_solved_and_measured():
    plan = solve(make.problem())

    assert {
        kind: [match.offer for match in row.matches] for kind, row in by_kind(plan).items()
    } == {
        Kind.MEDICINE: ["l"],
        Kind.STAFF: ["p"],
        Kind.EQUIPMENT: ["u"],
    }
    assert [row.notes for row in plan.kinds] == [(), (), ()]
    assert [row.tiers[0].value for row in plan.kinds] == [100.0, 0.0, 10.0]
    assert set(plan.versions) == {"matching", "numpy", "scipy", "ortools"}


def test_rejections_add_up_to_the_pairs_that_are_not_admissible():
    far = make.lot("far", institution="c")
    problem = make.problem(
        lots=(make.lot(), far, make.lot("gone", recalled=True)),
        medicine_needs=(make.medicine_need(longest_travel_minutes=30),),
    )

    rejected = solve(problem, only=[Kind.MEDICINE]).rejections["medicine"]

    assert {code: count for code, count in rejected.items() if count} == {
        "recalled": 1,
        "travel": 1,
    }


def test_a_problem_that_contradicts_itself_is_refused_by_field():
    with pytest.raises(FormatError, match=r"lots\[0\]\.packs"):
        solve(make.problem(lots=(make.lot(packs=0),)))


def test_an_empty_problem_has_an_empty_plan():
    empty = make.problem(equipment_needs=(), medicine_needs=(), staff_needs=())

    assert solve(empty).kinds == ()


def test_a_need_that_nobody_can_serve_costs_nobody_anything():
    impossible = make.medicine_need("impossible", item="unobtainable")
    problem = make.problem(medicine_needs=(impossible, make.medicine_need()))

    assert solve(problem, only=[Kind.MEDICINE]).matches == (make.packs(),)


def test_the_same_inputs_give_the_same_plan():
    once, again = solve(make.problem()), solve(make.problem())

    timeless = [
        replace(plan, kinds=tuple(replace(row, seconds=0) for row in plan.kinds))
        for plan in (once, again)
    ]
    assert timeless[0] == timeless[1]


@pytest.mark.parametrize(
    ("kind", "late_notes", "status"),
    [
        (Kind.EQUIPMENT, (OUT_OF_TIME,), Status.FEASIBLE),
        (Kind.MEDICINE, (OUT_OF_TIME,), Status.OPTIMAL),
        (Kind.STAFF, (OUT_OF_TIME,), Status.OPTIMAL),
    ],
)
def test_the_limit_is_counted_by_the_clock_of_the_caller(kind, late_notes, status):
    hasty = Control(seconds=60.0, now=count(step=1_000).__next__)

    (late,) = solve(make.problem(), hasty, only=[kind]).kinds
    (plan,) = solve(make.problem(), Control(seconds=60.0), only=[kind]).kinds

    assert (late.status, late.notes) == (Status.FEASIBLE, late_notes)
    assert (plan.status, plan.notes) == (status, ())
    assert len(late.matches) == len(plan.matches) == 1


def test_the_best_plan_has_a_proof_of_every_tier():
    for plan in solve(make.problem(), only=[Kind.MEDICINE, Kind.STAFF]).kinds:
        assert plan.status is Status.OPTIMAL
        assert all(tier.gap == 0 for tier in plan.tiers)


def test_more_pairs_than_can_be_held_are_refused_by_the_name_of_the_needs(monkeypatch):
    monkeypatch.setattr(candidates, "MOST_PAIRS", 3)
    names = "abcd"
    problem = make.problem(
        lots=tuple(make.lot(name) for name in names[:2]),
        medicine_needs=tuple(make.medicine_need(f"need {name}") for name in names),
    )

    with pytest.raises(FormatError, match="make more than 3 pairs") as refused:
        solve(problem)

    assert (refused.value.field, refused.value.code) == ("medicine_needs", "too_many_pairs")


def test_what_is_kept_beyond_what_is_asked_and_there_is_counts_for_nothing():
    lot, need = make.lot(packs=40, expiry_day=0), make.medicine_need(packs=30)
    kept = KeptMatch(make.packs(500))
    (plan,) = solve(make.problem(lots=(lot,), medicine_needs=(need,), kept=(kept,))).kinds[:1]

    values = {tier.name: tier.value for tier in plan.tiers}
    assert values["travel"] == -10  # one way, once
    assert values["waste"] == 40 * lot.value_per_pack
