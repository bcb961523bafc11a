"""Who may work which shift.

The rules in the order in which they are told: ``skill`` (all that the shift asks), ``elsewhere``
(a person is lent, never to its own employer), ``approved`` (may work at that institution),
``practice`` (the licences of both hospitals last until its end), ``travel`` (the person's limit and
the shift's), ``available`` (the whole shift in one offered time), ``rest`` (from and to the shifts
at home), ``booked`` (the same from and to kept shifts), ``weekly_hours`` (with what is worked
already), ``struck``.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator

import numpy as np

from scheduling.matching.admissible.practice import of_both, over_on
from scheduling.matching.candidates import Mask, PairRule, RuleBook, struck_rule
from scheduling.matching.problem import Interval, Kind, Problem
from scheduling.matching.shifts import Shifts
from scheduling.matching.travel import Travel

PAIRS_AT_ONCE = 2_000_000  # bounds the memory of one block
NO_LIMIT = np.iinfo(np.int32).max


def rule_book(problem: Problem, travel: Travel) -> RuleBook:
    shifts = Shifts(problem)
    needs, people = problem.staff_needs, problem.people
    at = np.array([travel.index[need.institution] for need in needs], dtype=np.int64)
    home = np.array([travel.index[person.institution] for person in people], dtype=np.int64)
    rules = (
        PairRule("skill", _skilled(problem)),
        PairRule("elsewhere", lambda rows, columns: at[rows][:, None] != home[columns]),
        PairRule("approved", _approved(problem, travel, at)),
        PairRule("practice", _licensed(problem, at, home)),
        PairRule("travel", _near(problem, travel, at, home)),
        PairRule("available", _available(problem, shifts)),
        PairRule("rest", _rested(problem, shifts)),
        PairRule("booked", _not_booked(problem, shifts)),
        PairRule("weekly_hours", _within_hours(shifts)),
        struck_rule(problem, [need.id for need in needs], [person.id for person in people]),
    )
    return RuleBook(Kind.STAFF, len(needs), len(people), rules, lambda: _blocks(problem))


def _blocks(problem: Problem) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Shifts that ask the same skills, with those who hold them."""
    asking = defaultdict(list)
    for place, need in enumerate(problem.staff_needs):
        asking[need.skills].append(place)
    for skills in sorted(asking, key=sorted):
        people = np.array(
            [
                place
                for place, person in enumerate(problem.people)
                if skills <= person.skills or "skill" in problem.lifted
            ],
            dtype=np.int64,
        )
        rows = np.array(asking[skills], dtype=np.int64)
        step = max(1, PAIRS_AT_ONCE // max(1, len(people)))
        for start in range(0, len(rows), step):
            yield rows[start : start + step], people


def _skilled(problem: Problem) -> Mask:
    def passes(rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
        asked = [problem.staff_needs[row].skills for row in rows]
        kinds = {skills: place for place, skills in enumerate(dict.fromkeys(asked))}
        table = np.array(
            [[skills <= problem.people[column].skills for column in columns] for skills in kinds],
            dtype=bool,
        ).reshape(len(kinds), len(columns))
        return table[[kinds[skills] for skills in asked]]

    return passes


def _approved(problem: Problem, travel: Travel, at: np.ndarray) -> Mask:
    table = np.zeros((len(travel.index), len(problem.people)), dtype=bool)
    for place, person in enumerate(problem.people):
        table[
            [travel.index[name] for name in person.approved_at if name in travel.index], place
        ] = 1
    return lambda rows, columns: table[at[rows][:, None], columns]


def _licensed(problem: Problem, at: np.ndarray, home: np.ndarray) -> Mask:
    rows, days = problem.institutions, problem.horizon
    until = np.array([over_on(days, need.ends_at) for need in problem.staff_needs], dtype=np.int64)
    return of_both([rows[place] for place in at], [rows[place] for place in home], until)


def _near(problem: Problem, travel: Travel, at: np.ndarray, home: np.ndarray) -> Mask:
    asked = [need.longest_travel_minutes for need in problem.staff_needs]
    longest = np.array([NO_LIMIT if limit is None else limit for limit in asked], dtype=np.int64)
    willing = np.array([row.longest_travel_minutes for row in problem.people], dtype=np.int64)

    def passes(rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
        minutes = travel.minutes[home[columns], at[rows][:, None]]
        return minutes <= np.minimum(longest[rows][:, None], willing[columns])

    return passes


def _available(problem: Problem, shifts: Shifts) -> Mask:
    windows = [_sorted_ends(_merged(person.available)) for person in problem.people]

    def of_person(person: int, starts: np.ndarray, ends: np.ndarray) -> np.ndarray:
        opens, closes = windows[person]
        place = np.searchsorted(opens, starts, side="right") - 1
        return (place >= 0) & (closes[place] >= ends) if len(opens) else place >= 0

    return _by_time(shifts, of_person)


def _rested(problem: Problem, shifts: Shifts) -> Mask:
    rest = problem.parameters.rest_minutes
    return _apart(shifts, [_sorted_ends(person.own_shifts) for person in problem.people], rest)


def _not_booked(problem: Problem, shifts: Shifts) -> Mask:
    busy = [_sorted_ends(shifts.kept.get(place, ())) for place in range(len(problem.people))]
    apart = _apart(shifts, busy, problem.parameters.rest_minutes)
    return _but_for_kept(shifts, apart)


def _within_hours(shifts: Shifts) -> Mask:
    def passes(rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
        result = np.ones((len(rows), len(columns)), dtype=bool)
        for week in range(shifts.weeks):
            asked = shifts.weekly[rows, week][:, None]
            room = (shifts.caps - shifts.load[:, week])[columns]
            result &= (asked == 0) | (asked <= room)
        return result

    return _but_for_kept(shifts, passes)


def _apart(shifts: Shifts, busy: list[tuple[np.ndarray, np.ndarray]], rest: int) -> Mask:
    """No duty of ``busy`` within ``rest`` before or after the shift."""

    def of_person(person: int, starts: np.ndarray, ends: np.ndarray) -> np.ndarray:
        begins, until = busy[person]
        if not len(begins):
            return np.ones(len(starts), dtype=bool)
        place = np.searchsorted(begins, ends + rest, side="left") - 1
        return (place < 0) | (until[place] + rest <= starts)

    return _by_time(shifts, of_person)


def _by_time(shifts: Shifts, of_person) -> Mask:
    """Shifts repeat: each time is asked once per person, then spread over the needs."""

    def passes(rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
        times, back = np.unique(
            np.stack([shifts.starts[rows], shifts.ends[rows]]), axis=1, return_inverse=True
        )
        table = np.empty((times.shape[1], len(columns)), dtype=bool)
        for place, person in enumerate(columns.tolist()):
            table[:, place] = of_person(person, times[0], times[1])
        return table[back.ravel()]

    return passes


def _but_for_kept(shifts: Shifts, mask: Mask) -> Mask:
    """A kept shift does not stand in its own way."""

    def passes(rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
        return mask(rows, columns) | (shifts.kept_by[rows][:, None] == columns)

    return passes


def _merged(windows: Iterable[Interval]) -> list[Interval]:
    merged: list[Interval] = []
    for window in sorted(windows, key=lambda row: (row.starts_at, row.ends_at)):
        if merged and window.starts_at <= merged[-1].ends_at:
            ends_at = max(merged[-1].ends_at, window.ends_at)
            merged[-1] = Interval(merged[-1].starts_at, ends_at)
        else:
            merged.append(window)
    return merged


def _sorted_ends(intervals: Iterable[Interval]) -> tuple[np.ndarray, np.ndarray]:
    """Starts in order, and the latest end of all that start no later."""
    ordered = sorted((row.starts_at, row.ends_at) for row in intervals)
    table = np.array(ordered, dtype=np.int64).reshape(-1, 2)
    return table[:, 0], np.maximum.accumulate(table[:, 1])
