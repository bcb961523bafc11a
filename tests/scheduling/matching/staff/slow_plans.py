"""Every plan of a small problem, said without arrays: what the solver is held against."""

from collections.abc import Iterator
from itertools import pairwise, product

from scheduling.matching.problem import WEEK, Kind, Problem, Urgency
from scheduling.matching.travel import Travel


def plans(problem: Problem, admitted: set[tuple[int, int]]) -> Iterator[dict[int, int]]:
    """Each as need → person."""
    kept = {row.match.need: row.match.offer for row in problem.kept}
    names = [person.id for person in problem.people]
    choices = [
        [names.index(kept[need.id])]
        if need.id in kept
        else [None, *(p for p in range(len(names)) if (n, p) in admitted)]
        for n, need in enumerate(problem.staff_needs)
    ]
    for chosen in product(*choices):
        plan = {n: p for n, p in enumerate(chosen) if p is not None}
        if all(_fits(problem, p, [n for n in plan if plan[n] == p]) for p in set(plan.values())):
            yield plan


def _fits(problem: Problem, person: int, mine: list[int]) -> bool:
    rest, who = problem.parameters.rest_minutes, problem.people[person]
    rows = sorted((problem.staff_needs[n] for n in mine), key=lambda row: row.starts_at)
    for before, after in pairwise(rows):
        if after.starts_at < before.ends_at + rest:
            return False
    worked = list(who.other_minutes) + [0] * 3
    for row in (*rows, *who.own_shifts):
        for week in range(3):
            monday = week * WEEK
            worked[week] += max(0, min(row.ends_at, monday + WEEK) - max(row.starts_at, monday))
    return max(worked) <= who.weekly_cap_minutes


def worth(problem: Problem, plan: dict[int, int], admitted: set[tuple[int, int]]) -> tuple:
    """Urgent, equity, served, stability, travel: to be compared from left to right."""
    needs, travel = problem.staff_needs, Travel(problem)
    kept = {row.match.need for row in problem.kept}
    weight = [problem.parameters.weight(need.urgency) for need in needs]
    equity = 0.0
    for place in problem.institutions:
        mine = [n for n, need in enumerate(needs) if need.institution == place.id]
        counted = [n for n in mine if needs[n].id in kept or any(pair[0] == n for pair in admitted)]
        asked = place.history_asked.get(Kind.STAFF, 0) + sum(weight[n] for n in counted)
        met = place.history_met.get(Kind.STAFF, 0) + sum(weight[n] for n in counted if n in plan)
        if asked:
            equity -= 1 / (met / asked + problem.parameters.equity_offset)
    before = {(row.need, row.offer) for row in problem.previous}
    ways = sum(
        travel.kilometres[
            travel.index[problem.people[p].institution], travel.index[needs[n].institution]
        ]
        for n, p in plan.items()
    )
    return (
        sum(weight[n] for n in plan if needs[n].urgency < Urgency.ROUTINE),
        round(equity, 6),
        len(plan),
        sum((needs[n].id, problem.people[p].id) in before for n, p in plan.items()),
        round(-ways, 6),
    )
