"""What came between two problems of the same round, whatever the moment from which each counts."""

from dataclasses import replace

import pytest

from scheduling.matching.changes import Changes, changes
from scheduling.matching.plan import Control
from scheduling.matching.problem import DAY, Interval, Match, Problem, Urgency
from scheduling.matching.revising import Revision
from scheduling.matching.solve import solve
from tests.make import matching as make

HOUR = make.HOUR


def later(problem: Problem, hours: int = 3, days: int = 0) -> Problem:
    """The same world, drawn anew when some time has passed."""
    minutes = hours * HOUR + days * DAY
    starts = f"2026-{'12' if days else '11'}-{days:02}" if days else "2026-11-30"

    def move(rows):
        moved = (Interval(max(r.starts_at - minutes, 0), r.ends_at - minutes) for r in rows)
        return tuple(row for row in moved if row.ends_at > 0)

    return replace(
        problem,
        horizon=replace(problem.horizon, starts_at=f"{starts}T{hours:02}:00:00+08:00"),
        units=tuple(replace(r, windows=move(r.windows)) for r in problem.units),
        lots=tuple(replace(r, expiry_day=r.expiry_day - days) for r in problem.lots),
        people=tuple(
            replace(r, available=move(r.available), own_shifts=move(r.own_shifts))
            for r in problem.people
        ),
        equipment_needs=tuple(
            replace(r, earliest=max(r.earliest - minutes, 0), latest=r.latest - minutes)
            for r in problem.equipment_needs
        ),
        medicine_needs=tuple(
            replace(r, by_day=max(r.by_day - days, 0)) for r in problem.medicine_needs
        ),
        staff_needs=tuple(
            replace(r, starts_at=r.starts_at - minutes, ends_at=r.ends_at - minutes)
            for r in problem.staff_needs
        ),
    )


@pytest.mark.parametrize("passed", [{"hours": 0}, {"hours": 3}, {"hours": 1, "days": 1}])
def test_the_passing_of_time_changes_nothing(passed):
    before = make.problem(
        people=(make.person(own_shifts=(Interval(4 * DAY, 4 * DAY + 8 * HOUR),)),),
        equipment_needs=(make.equipment_need(earliest=2 * DAY, latest=3 * DAY),),
        staff_needs=(make.staff_need(starts_at=2 * DAY, ends_at=2 * DAY + 8 * HOUR),),
    )
    assert changes(before, later(before, **passed)) == Changes()


def test_what_time_took_away_is_no_gain_and_what_lies_beyond_the_old_end_is_not_either():
    before = make.problem()
    units = (make.unit(windows=(*make.unit().windows, Interval(13 * DAY, 20 * DAY))),)
    known = replace(before, units=units)
    after = later(known)
    longer = replace(
        after, units=(replace(after.units[0], windows=(*after.units[0].windows[:2],
                                                       Interval(13 * DAY - 180, 14 * DAY))),)
    )  # fmt: skip
    assert changes(known, longer) == Changes()


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"equipment_needs": (make.equipment_need("new"),)}, Changes(needs=("new",))),
        ({"equipment_needs": (make.equipment_need(latest=19 * HOUR),)}, Changes(needs=("en",))),
        ({"medicine_needs": (make.medicine_need(packs=11),)}, Changes(needs=("mn",))),
        ({"medicine_needs": (make.medicine_need(by_day=4),)}, Changes(needs=("mn",))),
        ({"staff_needs": (make.staff_need(urgency=Urgency.CRITICAL),)}, Changes(needs=("sn",))),
        ({"staff_needs": ()}, Changes()),
        ({"units": (make.unit("new"),)}, Changes(offers=("new",))),
        ({"units": (make.unit(windows=(Interval(7 * HOUR, DAY),)),)}, Changes(offers=("u",))),
        ({"units": (make.unit(windows=(Interval(9 * HOUR, 12 * HOUR),)),)}, Changes()),
        ({"lots": (make.lot(packs=41),)}, Changes(offers=("l",))),
        ({"lots": (make.lot(packs=39),)}, Changes()),
        ({"people": (make.person(approved_at=frozenset("abc")),)}, Changes(offers=("p",))),
        ({"people": (make.person(approved_at=frozenset("b")),)}, Changes()),
        ({"people": (make.person(available=(Interval(0, DAY),)),)}, Changes(offers=("p",))),
    ],
)
def test_what_came_or_became_more_is_found(changed, expected):
    assert changes(make.problem(), make.problem(**changed)) == expected


def test_a_shift_at_home_that_was_taken_off_is_a_gain():
    works = make.person(own_shifts=(Interval(4 * DAY, 4 * DAY + 8 * HOUR),))
    before = make.problem(people=(works,))
    assert changes(before, make.problem()) == Changes(offers=("p",))
    assert changes(make.problem(), before) == Changes()


def test_a_revision_keeps_what_was_proposed_and_serves_what_came():
    """A better plan from scratch would begin the pump's use at nine: nobody asked for that."""
    before = make.problem()
    second = make.lot("second")
    after = replace(
        before,
        lots=(make.lot(), second),
        medicine_needs=(make.medicine_need(), make.medicine_need("new", packs=60)),
        previous=(make.pump_use(12 * HOUR), make.packs(), make.shift()),
    )
    found = changes(before, after)
    assert found == Changes(("new",), ("second",))
    plan = solve(after, Control(seconds=10), by=Revision(found))
    matches = set(plan.matches)
    assert {make.pump_use(12 * HOUR), make.shift()} <= matches
    assert sum(m.quantity for m in matches if m.need == "new") == 60
    assert sum(m.quantity for m in matches if m.need == "mn") == 10


def test_an_offer_that_came_serves_the_most_urgent_who_waited():
    before = make.problem(lots=())
    after = replace(before, lots=(make.lot(),))
    plan = solve(after, Control(seconds=10), by=Revision(changes(before, after)))
    assert Match("mn", "l", 10) in plan.matches
