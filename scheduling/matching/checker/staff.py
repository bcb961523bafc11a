"""The rules of a person lent for a shift, one by one: each says whether it holds."""

from collections import defaultdict
from collections.abc import Iterator

from scheduling.matching.checker.facts import Facts, Violation, by_offer, joined, too_close
from scheduling.matching.problem import WEEK, Match, Person


def _times(facts, need, person, match) -> bool:
    return (match.starts_at, match.ends_at) == (need.starts_at, need.ends_at)


def _licensed(facts, need, person, match) -> bool:
    day = facts.over_on(need.ends_at)
    return facts.licensed(need.institution, day) and facts.licensed(person.institution, day)


def _near(facts, need, person, match) -> bool:
    minutes = facts.minutes(person.institution, need.institution)
    limit = need.longest_travel_minutes
    return minutes <= person.longest_travel_minutes and (limit is None or minutes <= limit)


def _available(facts, need, person, match) -> bool:
    windows = joined(person.available)
    return any(start <= need.starts_at and need.ends_at <= end for start, end in windows)


def _rested(facts, need, person, match) -> bool:
    rest = facts.problem.parameters.rest_minutes
    return all(
        need.starts_at - own.ends_at >= rest or own.starts_at - need.ends_at >= rest
        for own in person.own_shifts
    )


RULES = {
    "times": _times,
    "skill": lambda facts, need, person, match: need.skills <= person.skills,
    "elsewhere": lambda facts, need, person, match: need.institution != person.institution,
    "approved": lambda facts, need, person, match: need.institution in person.approved_at,
    "practice": _licensed,
    "travel": _near,
    "available": _available,
    "rest": _rested,
}


def together(facts: Facts, matches: list[Match]) -> Iterator[Violation]:
    """Rest between shifts, and hours per week."""
    rest = facts.problem.parameters.rest_minutes
    yield from too_close(facts, matches, lambda m: _widened(facts, m, rest), "rest_between")
    if "weekly_hours" not in facts.problem.lifted:
        yield from _hours(facts, matches)


def _widened(facts: Facts, match: Match, rest: int) -> tuple[int, int]:
    need = facts.needs[match.need]
    return need.starts_at, need.ends_at + rest


def _hours(facts: Facts, matches: list[Match]) -> Iterator[Violation]:
    zero = facts.problem.horizon.week_starts_at
    for offer, mine in by_offer(matches):
        person = facts.offers[offer]
        worked = _own_hours(person, zero)
        for match in mine:
            need = facts.needs[match.need]
            _count(worked, need.starts_at - zero, need.ends_at - zero)
        for match in mine:
            need, weeks = facts.needs[match.need], defaultdict(int)
            _count(weeks, need.starts_at - zero, need.ends_at - zero)
            over = any(worked[week] > person.weekly_cap_minutes for week in weeks)
            if over and not facts.is_kept(match):
                yield Violation("weekly_hours", match.need, offer)


def _own_hours(person: Person, zero: int) -> dict[int, int]:
    worked: dict[int, int] = defaultdict(int)
    for shift in person.own_shifts:
        _count(worked, shift.starts_at - zero, shift.ends_at - zero)
    for week, minutes in enumerate(person.other_minutes):
        worked[week] += minutes
    return worked


def _count(worked: dict[int, int], start: int, end: int) -> None:
    """Each week's part of a shift over the turn of a week."""
    while start < end:
        week = start // WEEK
        until = min(end, (week + 1) * WEEK)
        worked[week] += until - start
        start = until
