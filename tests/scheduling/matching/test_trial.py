"""What-ifs: a rule left out for one need, more hours, one more offer – on a copy, and truly."""

from dataclasses import replace

import pytest

from bench.matching.cities import city
from scheduling.matching import kinds
from scheduling.matching.checker import check_kind
from scheduling.matching.plan import Control, KindPlan, Status
from scheduling.matching.problem import DAY, Interval, Kind, Match, Urgency
from scheduling.matching.solve import solve
from scheduling.matching.travel import Travel
from scheduling.matching.trial import NEW, Tried, alike, open_to, try_out
from tests.make import matching as make
from tests.make.matching import HOUR
from tests.scheduling.matching.test_checker import MUTANTS, insulin, pump

NAMES = {Kind.EQUIPMENT: "en", Kind.MEDICINE: "mn", Kind.STAFF: "sn"}


def shut_out(kind: Kind, changes: dict) -> bool:
    """Some mutants break a rule at one time only: the pair itself is admissible."""
    problem = make.problem(**changes)
    return not kinds.candidates_of(problem, kind, Travel(problem)).need.size


LIFTED = [
    (code, kind, changes)
    for code, kind, changes, matches in MUTANTS
    if matches is None and code in kinds.trials(kind).LIFTS and shut_out(kind, changes)
]


def plan(kind: Kind, *matches: Match) -> KindPlan:
    return KindPlan(kind, matches, Status.FEASIBLE, (), 0.0)


def lifted(problem, kind, code, *names) -> Tried:
    rows = tuple(row for row in problem.needs(kind) if row.id in names)
    return Tried(kinds.trials(kind).LIFTS[code](problem, rows), kind, names)


@pytest.mark.parametrize(("code", "kind", "changes"), LIFTED)
def test_a_rule_left_out_for_a_need_serves_it(code, kind, changes):
    problem = make.problem(**changes)
    assert not kinds.candidates_of(problem, kind, Travel(problem)).need.size
    outcome = try_out(problem, plan(kind), lifted(problem, kind, code, NAMES[kind]))
    assert [(row.need, row.before, row.after) for row in outcome.changes] == [(NAMES[kind], 0, 1)]
    assert [row.need for row in outcome.new] == [NAMES[kind]]
    assert outcome.unmet == (1, 0)
    assert {row.institution for row in outcome.hospitals} == {"b"}


def test_every_rule_that_may_be_left_out_is_tried_above():
    tried = {(kind, code) for code, kind, _changes in LIFTED}
    assert {(kind, code) for kind in Kind for code in kinds.trials(kind).LIFTS} <= tried | {
        (Kind.EQUIPMENT, "struck"),
        (Kind.MEDICINE, "struck"),
    }


@pytest.mark.parametrize("kind", Kind)
def test_a_struck_pair_is_tried_again(kind):
    offer = make.problem().offers(kind)[0].id
    problem = make.problem(struck=frozenset({(NAMES[kind], offer)}))
    outcome = try_out(problem, plan(kind), lifted(problem, kind, "struck", NAMES[kind]))
    assert [row.offer for row in outcome.new] == [offer]
    assert problem.struck == {(NAMES[kind], offer)}


def test_what_is_left_out_for_one_need_serves_no_other():
    """Both are shut out by the same hours; only one is asked about."""
    both = make.equipment_need(), make.equipment_need("other", institution="c")
    problem = make.problem(equipment_needs=both, **pump(windows=(Interval(2 * DAY, 3 * DAY),)))
    outcome = try_out(
        problem, plan(Kind.EQUIPMENT), lifted(problem, Kind.EQUIPMENT, "window", "en")
    )
    assert {row.need for row in outcome.new} == {"en"}


def test_for_a_whole_hospital_all_of_its_needs_count():
    rows = tuple(
        make.medicine_need(f"m{number}", longest_travel_minutes=5, packs=10) for number in range(3)
    )
    problem = make.problem(medicine_needs=rows)
    tried = lifted(problem, Kind.MEDICINE, "travel", *(row.id for row in rows))
    outcome = try_out(problem, plan(Kind.MEDICINE), tried)
    assert {row.need for row in outcome.changes} == {"m0", "m1", "m2"}


def test_who_loses_is_said():
    """The critical need may take all packs once the way does not matter."""
    critical = make.medicine_need(packs=40, longest_travel_minutes=5)
    routine = make.medicine_need("r", institution="c", packs=40, urgency=Urgency.ROUTINE)
    problem = make.problem(medicine_needs=(critical, routine))
    before = plan(Kind.MEDICINE, Match("r", "l", 40))
    outcome = try_out(problem, before, lifted(problem, Kind.MEDICINE, "travel", "mn"))
    assert {(row.need, row.before, row.after) for row in outcome.changes} == {
        ("mn", 0.0, 1.0),
        ("r", 1.0, 0.0),
    }
    assert {(row.institution, row.after) for row in outcome.hospitals} == {("b", 1.0), ("c", 0.0)}
    assert outcome.unmet == (1, 1)


@pytest.mark.parametrize(
    ("kind", "changes", "offer", "amount"),
    [
        (Kind.EQUIPMENT, pump(windows=(Interval(8 * HOUR, 11 * HOUR),)), "u",
         Interval(11 * HOUR, 15 * HOUR)),
        (Kind.STAFF, {"people": (make.person(available=(Interval(6 * HOUR, 8 * HOUR),)),)}, "p",
         Interval(8 * HOUR, 16 * HOUR)),
        (Kind.MEDICINE, insulin(packs=4), "l", 6),
    ],
)  # fmt: skip
def test_more_of_an_offer_serves_who_waits(kind, changes, offer, amount):
    problem = make.problem(**changes)
    first = (Match("mn", "l", 4),) if kind == Kind.MEDICINE else ()
    copy = kinds.trials(kind).more(problem, offer, amount)
    waiting = open_to(copy, plan(kind, *first), offer)
    assert waiting == (NAMES[kind],)
    outcome = try_out(problem, plan(kind, *first), Tried(copy, kind, waiting, for_all=True))
    assert [row.after for row in outcome.changes] == [1.0]
    assert not check_kind(copy, kind, outcome.after)


@pytest.mark.parametrize(
    ("kind", "amount", "more"),
    [
        (Kind.EQUIPMENT, Interval(0, DAY), {}),
        (Kind.STAFF, Interval(0, DAY), {}),
        (Kind.MEDICINE, 10, {"expiry_day": 60}),
    ],
)
def test_one_more_offer_serves_the_need(kind, amount, more):
    problem = replace(make.problem(), units=(), lots=(), people=())
    need = problem.needs(kind)[0]
    copy = kinds.trials(kind).offered(problem, need, "c", amount, **more)
    waiting = open_to(copy, plan(kind), NEW)
    outcome = try_out(problem, plan(kind), Tried(copy, kind, waiting, for_all=True))
    assert [(row.need, row.offer) for row in outcome.new] == [(need.id, NEW)]


def test_what_would_make_things_worse_is_not_taken():
    problem = make.problem()
    served = plan(Kind.MEDICINE, make.packs())
    outcome = try_out(problem, served, lifted(problem, Kind.MEDICINE, "travel", "mn"))
    assert outcome.after == served.matches
    assert outcome.changes == ()


def test_offers_alike_come_nearest_first_whatever_stands_in_their_way():
    units = (
        make.unit("far", institution="c"),
        make.unit("near", windows=()),
        make.unit("own", institution="b"),
        make.unit("other", item="ct"),
    )
    assert alike(make.problem(units=units), Kind.EQUIPMENT, "en", 9) == ("near", "far")


def test_in_a_city_of_500_needs_a_what_if_takes_seconds_and_breaks_no_rule():
    problem = city(500)
    for row in solve(problem, Control(seconds=10)).kinds:
        part = {match.need for match in row.matches}
        waiting = [need for need in problem.needs(row.kind) if need.id not in part]
        code = next(iter(kinds.trials(row.kind).LIFTS))
        tried = lifted(problem, row.kind, code, waiting[0].id)
        outcome = try_out(problem, row, tried)
        assert not check_kind(tried.problem, row.kind, outcome.after)
        stray = {v.need for v in check_kind(problem, row.kind, outcome.after)}
        assert stray <= {waiting[0].id}
