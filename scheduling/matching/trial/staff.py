"""What only shifts know about a what-if.  Rest and weekly hours are the law's."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from scheduling.matching.problem import DAY, Interval, Kind, Person, Problem
from scheduling.matching.trial import edits

TIMED = True
ANY_WAY = 7 * DAY  # minutes that nobody travels


def _of_able(problem: Problem, needs: Iterable, change: Callable) -> Problem:
    """People with the skills for one of the needs, as ``change(person, needs they could)`` leaves
    them."""
    needs = tuple(needs)

    def changed(person: Person) -> Person:
        able = [need for need in needs if need.skills <= person.skills]
        return change(person, able) if able else person

    return edits.offers_with(problem, Kind.STAFF, changed)


def _far(problem: Problem, needs: Iterable) -> Problem:
    needs = tuple(needs)
    changed = edits.needs_with(problem, Kind.STAFF, needs, longest_travel_minutes=None)
    return _of_able(
        changed, needs, lambda person, able: replace(person, longest_travel_minutes=ANY_WAY)
    )


def _at_any_time(problem: Problem, needs: Iterable) -> Problem:
    def change(person: Person, able: list) -> Person:
        times = [Interval(need.starts_at, need.ends_at) for need in able]
        return replace(person, available=edits.with_time(person.available, *times))

    return _of_able(problem, needs, change)


def _approved(problem: Problem, needs: Iterable) -> Problem:
    def change(person: Person, able: list) -> Person:
        places = frozenset(need.institution for need in able)
        return replace(person, approved_at=person.approved_at | places)

    return _of_able(problem, needs, change)


LIFTS = {
    "available": _at_any_time,
    "travel": _far,
    "approved": _approved,
    "struck": edits.not_struck,
}


def more(problem: Problem, offer: str, amount: Interval) -> Problem:
    return edits.one_offer_with(
        problem,
        Kind.STAFF,
        offer,
        lambda person: replace(person, available=edits.with_time(person.available, amount)),
    )


def offered(problem: Problem, need, institution: str, amount: Interval) -> Problem:
    person = Person(
        id=edits.NEW,
        institution=institution,
        skills=need.skills,
        available=(amount,),
        approved_at=frozenset({need.institution}),
        longest_travel_minutes=ANY_WAY,
    )
    return edits.one_more(problem, Kind.STAFF, person)


def times(offer) -> tuple[Interval, ...]:
    return offer.available
