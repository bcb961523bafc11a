"""Shifts as arrays: when they are, how long in which week, and what is already agreed."""

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from scheduling.matching.problem import WEEK, Match, Problem


@dataclass(frozen=True)
class KeptShift:
    """A shift that is not up for discussion.  ``need``: its index in the problem, -1 when the
    problem does not list it."""

    need: int
    starts_at: int
    ends_at: int


class Shifts:
    """The staff needs of a problem.  ``starts`` and ``ends`` (int64); ``weekly[n, w]``: minutes of
    need n in week w; ``load[p, w]``: minutes that person p works there already – at home, outside
    and in kept shifts; ``kept[p]``: kept shifts; ``kept_by[n]``: who keeps need n, else -1."""

    def __init__(self, problem: Problem):
        needs, people = problem.staff_needs, problem.people
        self.starts = np.array([need.starts_at for need in needs], dtype=np.int64)
        self.ends = np.array([need.ends_at for need in needs], dtype=np.int64)
        self.caps = np.array([person.weekly_cap_minutes for person in people], dtype=np.int64)
        self._zero = problem.horizon.week_starts_at
        last = max(self.ends.max(initial=0), problem.horizon.minutes)
        self.weeks = int(-(-(last - self._zero) // WEEK))
        self.weekly = self.minutes_by_week(self.starts, self.ends)
        self.kept, self.kept_by = _kept(problem)
        self.load = (
            np.stack([self._load(place, row) for place, row in enumerate(people)])
            if (people)
            else np.zeros((0, self.weeks), dtype=np.int64)
        )

    def minutes_by_week(self, starts: np.ndarray, ends: np.ndarray) -> np.ndarray:
        """A shift over a week's end counts in both weeks, each with its part."""
        monday = self._zero + WEEK * np.arange(self.weeks, dtype=np.int64)
        late = np.maximum(starts[:, None], monday)
        early = np.minimum(ends[:, None], monday + WEEK)
        return np.maximum(early - late, 0)

    def _load(self, place: int, person) -> np.ndarray:
        duties = [*person.own_shifts, *self.kept[place]]
        load = self.minutes_by_week(
            np.array([duty.starts_at for duty in duties], dtype=np.int64),
            np.array([duty.ends_at for duty in duties], dtype=np.int64),
        ).sum(axis=0)
        outside = person.other_minutes[: self.weeks]
        load[: len(outside)] += np.array(outside, dtype=np.int64)
        return load


def _kept(problem: Problem) -> tuple[dict[int, list[KeptShift]], np.ndarray]:
    need_of = {need.id: place for place, need in enumerate(problem.staff_needs)}
    person_of = {person.id: place for place, person in enumerate(problem.people)}
    kept: dict[int, list[KeptShift]] = defaultdict(list)
    kept_by = np.full(len(need_of), -1, dtype=np.int64)
    for match in (row.match for row in problem.kept):
        person, need = person_of.get(match.offer), need_of.get(match.need, -1)
        if person is None:
            continue
        if need >= 0:
            kept_by[need] = person
            shift = problem.staff_needs[need]
            kept[person].append(KeptShift(need, shift.starts_at, shift.ends_at))
        elif match.starts_at is not None and match.ends_at is not None:
            kept[person].append(KeptShift(need, match.starts_at, match.ends_at))
    return kept, kept_by


class Roster:
    """Who works which open shifts, filled one by one: the rules between two shifts of a person,
    which no pair of a need and a person can break alone."""

    def __init__(self, problem: Problem, shifts: Shifts):
        self.shifts = shifts
        self.rest = problem.parameters.rest_minutes
        self.caps = shifts.caps if counts_hours(problem) else np.full_like(shifts.caps, NO_CAP)
        self.load = shifts.load.copy()
        self.of_person: dict[int, list[int]] = defaultdict(list)
        self.person_of: dict[int, int] = {}

    def clashes(self, person: int, need: int) -> list[int]:
        """Shifts of the person that leave too little rest beside this one."""
        starts, ends, rest = self.shifts.starts, self.shifts.ends, self.rest
        return [
            other
            for other in self.of_person[person]
            if starts[other] < ends[need] + rest and starts[need] < ends[other] + rest
        ]

    def has_hours(self, person: int, need: int) -> bool:
        asked = self.shifts.weekly[need]
        after = self.load[person] + asked
        return bool(np.all((asked == 0) | (after <= self.caps[person])))

    def free(self, person: int, need: int) -> bool:
        return not self.clashes(person, need) and self.has_hours(person, need)

    def put(self, person: int, need: int) -> None:
        self.of_person[person].append(need)
        self.person_of[need] = person
        self.load[person] += self.shifts.weekly[need]

    def matches(self, problem: Problem) -> tuple[Match, ...]:
        holder = np.full(len(self.shifts.starts), -1, dtype=np.int64)
        for need, person in self.person_of.items():
            holder[need] = person
        return matches_of(problem, self.shifts, holder)


def matches_of(problem: Problem, shifts: Shifts, holder: np.ndarray) -> tuple[Match, ...]:
    """``holder[n]``: the person who works need n, -1 nobody; with the kept matches, in the order
    of the needs."""
    working = np.where(shifts.kept_by >= 0, shifts.kept_by, holder)
    return tuple(
        Match(need.id, problem.people[person].id, 1, need.starts_at, need.ends_at)
        for need, person in zip(problem.staff_needs, working.tolist(), strict=True)
        if person >= 0
    )


NO_CAP = np.iinfo(np.int64).max // 2


def counts_hours(problem: Problem) -> bool:
    """Whether weekly caps hold: a what-if may lift them."""
    return "weekly_hours" not in problem.lifted
