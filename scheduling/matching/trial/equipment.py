"""What only devices know about a what-if."""

from collections.abc import Iterable
from dataclasses import replace

from scheduling.matching.problem import Interval, Kind, Problem, Unit
from scheduling.matching.travel import Travel
from scheduling.matching.trial import edits

TIMED = True


def _far(problem: Problem, needs: Iterable) -> Problem:
    return edits.needs_with(problem, Kind.EQUIPMENT, needs, longest_travel_minutes=None)


def _whatever_it_can(problem: Problem, needs: Iterable) -> Problem:
    return edits.needs_with(problem, Kind.EQUIPMENT, needs, capabilities=frozenset())


def _certified(problem: Problem, needs: Iterable) -> Problem:
    asked = frozenset().union(*(row.requires for row in edits.of_items(problem.units, needs)))
    return edits.institutions_with(problem, needs, "certificates", asked)


def _addressed(problem: Problem, needs: Iterable) -> Problem:
    return edits.in_every_group(problem, edits.of_items(problem.units, needs), needs)


def _at_any_time(problem: Problem, needs: Iterable) -> Problem:
    """Units of the class are offered for the whole time of each need, with the way there and
    back; what is kept on them stays in the way."""
    travel, needs = Travel(problem), tuple(needs)

    def change(unit: Unit) -> Unit:
        times = [
            _around(travel, unit, need)
            for need in needs
            if unit.item == need.item and unit.institution != need.institution
        ]
        return replace(unit, windows=edits.with_time(unit.windows, *times)) if times else unit

    return edits.offers_with(problem, Kind.EQUIPMENT, change)


def _around(travel: Travel, unit: Unit, need) -> Interval:
    there = back = 0
    if unit.movable:
        place, home = travel.index[unit.institution], travel.index[need.institution]
        there, back = int(travel.minutes[place, home]), int(travel.minutes[home, place])
    return Interval(need.earliest - there, need.latest + back + unit.cleaning_minutes)


LIFTS = {
    "window": _at_any_time,
    "travel": _far,
    "consortium": _addressed,
    "certificate": _certified,
    "capability": _whatever_it_can,
    "struck": edits.not_struck,
}


def more(problem: Problem, offer: str, amount: Interval) -> Problem:
    return edits.one_offer_with(
        problem,
        Kind.EQUIPMENT,
        offer,
        lambda unit: replace(unit, windows=edits.with_time(unit.windows, amount)),
    )


def offered(problem: Problem, need, institution: str, amount: Interval) -> Problem:
    unit = Unit(
        id=edits.NEW,
        institution=institution,
        item=need.item,
        windows=(amount,),
        capabilities=need.capabilities,
    )
    return edits.one_more(problem, Kind.EQUIPMENT, unit)


def times(offer) -> tuple[Interval, ...]:
    return offer.windows
