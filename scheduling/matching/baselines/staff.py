"""Shifts filled one after the other, each by the nearest person who is free."""

from collections.abc import Iterable

import numpy as np

from scheduling.matching.candidates import CandidateSet
from scheduling.matching.problem import Match, Problem
from scheduling.matching.shifts import Roster, Shifts
from scheduling.matching.travel import Travel


def first_come(problem: Problem, candidates: CandidateSet, travel: Travel) -> tuple[Match, ...]:
    roster = Roster(problem, Shifts(problem))
    needs = problem.staff_needs
    fill(
        roster,
        problem,
        candidates,
        travel,
        sorted(range(len(needs)), key=lambda place: (needs[place].posted_at, place)),
    )
    return roster.matches(problem)


def urgency_first(problem: Problem, candidates: CandidateSet, travel: Travel) -> tuple[Match, ...]:
    roster = Roster(problem, Shifts(problem))
    fill(roster, problem, candidates, travel, by_urgency(problem))
    return roster.matches(problem)


def by_urgency(problem: Problem) -> list[int]:
    needs = problem.staff_needs
    return sorted(
        range(len(needs)), key=lambda place: (needs[place].urgency, needs[place].posted_at, place)
    )


def fill(
    roster: Roster,
    problem: Problem,
    candidates: CandidateSet,
    travel: Travel,
    order: Iterable[int],
) -> None:
    """Give each open need that nobody has yet to the nearest person who is free."""
    home = np.array([travel.index[person.institution] for person in problem.people], dtype=np.int64)
    for need in order:
        if roster.shifts.kept_by[need] >= 0 or need in roster.person_of:
            continue
        people = candidates.offers_of(need)
        at = travel.index[problem.staff_needs[need].institution]
        near = np.argsort(travel.kilometres[home[people], at], kind="stable")
        for person in people[near].tolist():
            if roster.free(person, need):
                roster.put(person, need)
                break
