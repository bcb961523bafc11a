"""What the checker looks up, and what it says when a rule is broken."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from math import asin, ceil, cos, floor, radians, sqrt

from scheduling.matching.problem import DAY, Institution, Interval, Kind, Match, Problem

EARTH_RADIUS_KM = 6371.0088


@dataclass(frozen=True, slots=True)
class Violation:
    """``code``: the rule's; ``other``: the second match that it is broken together with."""

    code: str
    need: str
    offer: str
    other: str = ""

    def __str__(self) -> str:
        beside = f" beside {self.other}" if self.other else ""
        return f"{self.code}: {self.need} by {self.offer}{beside}"


class Facts:
    """The rows of one kind by id, and the ways between institutions."""

    def __init__(self, problem: Problem, kind: Kind):
        self.problem = problem
        self.needs = {row.id: row for row in problem.needs(kind)}
        self.offers = {row.id: row for row in problem.offers(kind)}
        self.institutions = {row.id: row for row in problem.institutions}
        self._place = {row.id: place for place, row in enumerate(problem.institutions)}
        self.use_limits = {(row.institution, row.lot): row.packs for row in problem.use_limits}
        self._kept = {row.match for row in problem.kept if row.match.need in self.needs}

    def is_kept(self, match: Match) -> bool:
        return match in self._kept

    def missing(self, matches: Iterable[Match]) -> list[Violation]:
        """What should have been kept and is not there."""
        gone = self._kept - set(matches)
        return [
            Violation("kept_missing", match.need, match.offer)
            for match in sorted(gone, key=lambda row: (row.need, row.offer))
        ]

    def licensed(self, institution: str, day: int) -> bool:
        """Whether its practice licence lasts until the end of that day."""
        last = self.institutions[institution].licensed_to
        return last is None or day <= last

    def over_on(self, ends_at: int) -> int:
        """The day of the last minute before ``ends_at``: whole days since the midnight before
        moment 0."""
        midnight = self.problem.horizon.week_starts_at
        while midnight + DAY <= 0:
            midnight += DAY
        return floor((ends_at - 1 - midnight) / DAY)

    def minutes(self, start: str, end: str) -> int:
        """Of travel between two institutions, by the matrix or by the parameters."""
        travel = self.problem.travel
        if travel is not None:
            return travel.minutes[self._place[start]][self._place[end]]
        if start == end:
            return 0
        given = self.problem.parameters
        kilometres = great_circle(self.institutions[start], self.institutions[end]) * given.detour
        return ceil(round(kilometres / given.speed_kmh * 60, 6)) + given.loading_minutes


def great_circle(start: Institution, end: Institution) -> float:
    north, south = radians(start.latitude), radians(end.latitude)
    east = radians(end.longitude - start.longitude)
    half = (1 - cos(south - north)) / 2 + cos(north) * cos(south) * (1 - cos(east)) / 2
    return 2 * EARTH_RADIUS_KM * asin(sqrt(min(1.0, half)))


def by_offer(matches: Iterable[Match]) -> Iterator[tuple[str, list[Match]]]:
    found: dict[str, list[Match]] = defaultdict(list)
    for match in matches:
        found[match.offer].append(match)
    yield from found.items()


def too_close(
    facts: Facts, matches: list[Match], span: Callable[[Match], tuple[int, int]], code: str
) -> Iterator[Violation]:
    """Pairs of matches of one offer whose spans overlap, unless both were kept."""
    for offer, mine in by_offer(matches):
        spans = sorted((*span(match), match.need, match) for match in mine)
        open_until: list[tuple] = []
        for row in spans:
            open_until = [before for before in open_until if before[1] > row[0]]
            for before in open_until:
                if not (facts.is_kept(row[3]) and facts.is_kept(before[3])):
                    yield Violation(code, row[2], offer, before[2])
            open_until.append(row)


def joined(intervals: Iterable[Interval]) -> list[tuple[int, int]]:
    """In order; those that touch are one."""
    result: list[tuple[int, int]] = []
    for start, end in sorted((row.starts_at, row.ends_at) for row in intervals):
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(end, result[-1][1]))
        else:
            result.append((start, end))
    return result
