"""Had this need been served, who would have lost? Answered by solving its block again."""

from scheduling.matching.plan import KindPlan, Status
from scheduling.matching.problem import DAY, KeptMatch, Kind, Match, Urgency
from scheduling.matching.reasons import Change, dispute
from tests.make import matching as make
from tests.make.matching import HOUR


def answer(problem, kind, need, *matches):
    return dispute(problem, KindPlan(kind, matches, Status.OPTIMAL, (), 0.0), need)


def same_hours(name: str, match: str) -> Match:
    return make.shift(need=name, offer=match)


def test_whoever_holds_the_only_lot_would_lose_it():
    other = make.medicine_need("other", institution="c", packs=40, urgency=Urgency.ROUTINE)
    problem = make.problem(medicine_needs=(make.medicine_need(), other))

    found = answer(problem, Kind.MEDICINE, "other", make.packs())

    assert found.matches == (Match("other", "l", 40),)
    assert found.changes == (Change("mn", 1.0, 0.0),)
    assert (found.urgent, found.served) == (-100.0, 0.0)


def test_nobody_loses_where_the_holder_can_be_served_by_somebody_else():
    """``far`` may work at b only: the nurse who may work at both goes to c, and nobody loses."""
    both, far = make.person(), make.person("far", approved_at=frozenset({"b"}))
    at_c = make.staff_need("at_c", institution="c", urgency=Urgency.URGENT)
    problem = make.problem(people=(both, far), staff_needs=(make.staff_need(), at_c))

    found = answer(problem, Kind.STAFF, "at_c", make.shift())

    assert found.matches == (same_hours("at_c", "p"),)
    assert (found.changes, found.urgent, found.served) == ((), 10.0, 1.0)


def test_the_cheapest_way_to_serve_it_is_the_one_that_is_told():
    """One person works for an urgent need, the other for a routine one."""
    urgent = make.staff_need("urgent", urgency=Urgency.URGENT)
    routine, asking = make.staff_need("routine"), make.staff_need("asking", institution="c")
    people = (make.person("first"), make.person("second"))
    problem = make.problem(people=people, staff_needs=(urgent, routine, asking))

    found = answer(
        problem,
        Kind.STAFF,
        "asking",
        same_hours("urgent", "first"),
        same_hours("routine", "second"),
    )

    assert found.changes == (Change("routine", 1.0, 0.0),)
    assert found.urgent == 0.0


def test_what_was_accepted_does_not_give_way():
    kept = make.packs(40, need="kept")
    needs = (make.medicine_need(), make.medicine_need("kept", packs=40))
    problem = make.problem(medicine_needs=needs, kept=(KeptMatch(kept),))

    found = answer(problem, Kind.MEDICINE, "mn", kept)

    assert (found.matches, found.changes) == ((), ())


def test_a_need_that_no_offer_may_serve_cannot_be_forced():
    problem = make.problem(staff_needs=(make.staff_need(starts_at=0, ends_at=8 * HOUR),))

    assert answer(problem, Kind.STAFF, "sn").matches == ()


def test_a_device_is_disputed_at_the_time_that_costs_least():
    """All day the pump is elsewhere but for a routine use, which moves to the next day."""
    day = make.equipment_need(
        "day", institution="c", earliest=9 * HOUR, latest=2 * DAY, urgency=Urgency.ROUTINE
    )
    problem = make.problem(equipment_needs=(make.equipment_need(), day))

    found = answer(
        problem, Kind.EQUIPMENT, "en", Match("day", "u", starts_at=12 * HOUR, ends_at=16 * HOUR)
    )

    assert [match.need for match in found.matches] == ["en"]
    assert (found.changes, found.urgent, found.served) == ((), 10.0, 1.0)
