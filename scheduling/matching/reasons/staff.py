"""What only shifts know about a reason."""

from collections.abc import Mapping

from scheduling.matching.problem import WEEK, Interval, Match, Person, Problem, StaffNeed
from scheduling.matching.travel import Travel

FIXED = frozenset({"skill", "elsewhere"})
EASE = (
    *("available", "travel", "approved", "practice", "weekly_hours", "booked", "rest"),
    "struck",
)
ALL_GIVE_WAY = True


def shortfall(
    problem: Problem, travel: Travel, need: StaffNeed, person: Person, code: str
) -> int | None:
    """Minutes: of travel, outside the offered hours, of rest that is lacking, over the cap."""
    lacking = {
        "travel": _too_far,
        "available": _not_offered,
        "rest": _unrested,
        "weekly_hours": _over_cap,
    }
    return lacking[code](problem, travel, need, person) if code in lacking else None


def rivals(
    problem: Problem,
    travel: Travel,
    need: StaffNeed,
    person: Person,
    matches: tuple[Match, ...],
    needs: Mapping[str, StaffNeed],
) -> tuple[Match, ...]:
    """Shifts too close to this one, and, where the week would be too long, the others in it."""
    others = tuple(match for match in matches if match.need != need.id)
    rest = problem.parameters.rest_minutes
    close = {
        match
        for match in others
        if match.starts_at < need.ends_at + rest and need.starts_at < match.ends_at + rest
    }
    for week in _weeks(problem, need):
        room = person.weekly_cap_minutes - _own_minutes(problem, person, week)
        same = [match for match in others if _overlap(match, week)]
        if sum(_overlap(match, week) for match in (*same, need)) > room:
            close |= set(same)
    return tuple(match for match in others if match in close)


def remaining(
    problem: Problem,
    travel: Travel,
    need: StaffNeed,
    person: Person,
    quantity: int,
    matches: tuple[Match, ...],
    needs: Mapping[str, StaffNeed],
) -> tuple[Match, ...]:
    """All that do not stand in its way."""
    gone = set(rivals(problem, travel, need, person, matches, needs))
    return tuple(match for match in matches if match not in gone)


def placements(
    problem: Problem, travel: Travel, need: StaffNeed, people: tuple[Person, ...]
) -> list[tuple[Match, ...]]:
    """Ways to serve the need whatever else must give way: one per person."""
    times = {"starts_at": need.starts_at, "ends_at": need.ends_at}
    return [(Match(need.id, person.id, **times),) for person in people]


def _too_far(problem: Problem, travel: Travel, need: StaffNeed, person: Person) -> int:
    way = travel.minutes[travel.index[person.institution], travel.index[need.institution]]
    limits = (person.longest_travel_minutes, need.longest_travel_minutes)
    return int(way) - min(limit for limit in limits if limit is not None)


def _not_offered(problem: Problem, travel: Travel, need: StaffNeed, person: Person) -> int | None:
    """None where nothing is offered in that time: longer hours are no small change then."""
    shared = max((_overlap(window, need) for window in person.available), default=0)
    return need.ends_at - need.starts_at - shared if shared else None


def _unrested(problem: Problem, travel: Travel, need: StaffNeed, person: Person) -> int:
    rest = problem.parameters.rest_minutes
    gaps = [max(need.starts_at - s.ends_at, s.starts_at - need.ends_at) for s in person.own_shifts]
    return rest - min(gaps, default=rest)


def _over_cap(problem: Problem, travel: Travel, need: StaffNeed, person: Person) -> int:
    return max(
        _own_minutes(problem, person, week) + _overlap(need, week) - person.weekly_cap_minutes
        for week in _weeks(problem, need)
    )


def _weeks(problem: Problem, need: StaffNeed) -> list[Interval]:
    """The weeks that the shift touches."""
    zero = problem.horizon.week_starts_at
    first, last = (need.starts_at - zero) // WEEK, (need.ends_at - 1 - zero) // WEEK
    starts = [zero + week * WEEK for week in range(first, last + 1)]
    return [Interval(start, start + WEEK) for start in starts]


def _own_minutes(problem: Problem, person: Person, week: Interval) -> int:
    place = (week.starts_at - problem.horizon.week_starts_at) // WEEK
    outside = person.other_minutes[place] if 0 <= place < len(person.other_minutes) else 0
    return outside + sum(_overlap(shift, week) for shift in person.own_shifts)


def _overlap(one, other) -> int:
    return max(0, min(one.ends_at, other.ends_at) - max(one.starts_at, other.starts_at))
