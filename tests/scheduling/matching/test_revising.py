"""A revision is for small changes: what it serves too little of, or too slowly, is solved anew."""

from dataclasses import replace
from itertools import count

import pytest

from scheduling.matching.changes import Changes, much_changed
from scheduling.matching.plan import OUT_OF_TIME, Control, KindPlan, Status
from scheduling.matching.problem import Kind, Match
from scheduling.matching.revising import Revision, decided_again, striking
from scheduling.matching.solve import solve
from tests.make import matching as make

CONTROL = Control(seconds=10)
ALL = {make.pump_use(), make.packs(), make.shift()}


def lots(*names: str):
    return tuple(make.lot(name) for name in names)


def test_a_revision_that_serves_fewer_than_greedy_is_solved_anew():
    """Nothing changed and nothing stands any more: what was published has ended."""
    revision = Revision(Changes())
    plan = solve(make.problem(), CONTROL, by=revision)
    assert {(match.need, match.offer) for match in plan.matches} == {
        (match.need, match.offer) for match in ALL
    }
    assert revision.anew == set(Kind)


def test_a_revision_that_is_good_enough_is_left_as_it_is_and_goes_the_same_way_again():
    problem = make.problem(previous=(make.pump_use(12 * make.HOUR), make.shift()))
    revision = Revision(Changes())
    plan = solve(problem, CONTROL, by=revision)
    assert revision.anew == {Kind.MEDICINE}  # of which nothing was proposed
    assert {make.pump_use(12 * make.HOUR), make.shift(), make.packs()} == set(plan.matches)
    for way in (revision.again(), Revision.recorded(revision.record())):
        assert solve(problem, CONTROL, by=way).matches == plan.matches
    before_there_was_such = {"needs": (), "offers": ()}
    alone = solve(problem, CONTROL, by=Revision.recorded(before_there_was_such))
    assert make.packs() not in alone.matches


def test_a_revision_that_the_clock_cut_is_solved_anew_and_says_so_if_that_is_cut_too():
    problem = make.problem(previous=(make.pump_use(),))
    hasty = Control(seconds=60.0, now=count(step=1_000).__next__)
    revision = Revision(Changes(needs=("en",)))
    (plan,) = solve(problem, hasty, only=[Kind.EQUIPMENT], by=revision).kinds
    assert revision.anew == {Kind.EQUIPMENT}
    assert (len(plan.matches), plan.notes) == (1, (OUT_OF_TIME,))


def test_what_was_cut_short_is_never_below_the_greedy_plan():
    def cut(problem, kind, *_rest):
        return KindPlan(kind, (), Status.STOPPED, (), 0.0, notes=(OUT_OF_TIME,))

    (plan,) = solve(make.problem(), CONTROL, only=[Kind.MEDICINE], by=cut).kinds
    assert plan.matches == (make.packs(),)
    assert (plan.status, plan.notes) == (Status.STOPPED, (OUT_OF_TIME,))


def test_who_could_be_served_at_once_is_so_when_pairs_are_struck():
    """The other need has a lot of its own, which no block of the one that lost it touches."""
    problem = make.problem(
        lots=(make.lot(), make.lot("other", item="other")),
        medicine_needs=(make.medicine_need(), make.medicine_need("second", item="other")),
    )
    plan = solve(problem, CONTROL, only=[Kind.MEDICINE])
    poor = replace(plan, kinds=(replace(plan.kinds[0], matches=(make.packs(),)),))
    after = decided_again(striking(problem, {("mn", "l")}), poor, CONTROL)
    assert after.matches == (Match("second", "other", 10),)


@pytest.mark.parametrize(
    ("now", "changed", "expected"),
    [
        ("abcdefghij", Changes(offers=("a",)), set()),
        ("abcdefghij", Changes(offers=("a", "b")), {Kind.MEDICINE}),
        ("abcdefghi", Changes(), set()),
        ("abcdefgh", Changes(), {Kind.MEDICINE}),
        ("abcdefghijk", Changes(offers=("k",)), set()),
        ("abcdefghijkl", Changes(offers=("k", "l")), {Kind.MEDICINE}),
    ],
)
def test_more_than_a_tenth_that_came_changed_or_went_is_much(now, changed, expected):
    before, after = make.problem(lots=lots(*"abcdefghij")), make.problem(lots=lots(*now))
    assert much_changed(before, after, changed) == expected
