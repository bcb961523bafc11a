"""A hospital lends nothing that it needs itself: its own need comes first.

An institution that asks for something and offers the same for that time is told so, and its need is
*kept* with its own offer, which is then nobody else's for that time.  Otherwise two hospitals that
both have and both want a device would send each other theirs.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from scheduling.matching import kinds
from scheduling.matching.problem import (
    IN_PARTS,
    NEEDS,
    OFFERS,
    Kept,
    KeptMatch,
    Kind,
    Match,
    Problem,
    TravelMatrix,
)
from scheduling.matching.travel import Travel

# What stands between two institutions, not between one and what it has.
BETWEEN_TWO = frozenset({"own", "elsewhere", "consortium", "approved"})
NEVER_OWN = frozenset({"own", "elsewhere"})
EMPTY = {field: () for field in (*NEEDS.values(), *OFFERS.values())}


def own_first(problem: Problem) -> Problem:
    """With what each institution serves itself among the kept matches, the most urgent first; what
    was proposed to these needs before is forgotten.  Deterministic; nothing is found a second time.
    A what-if that lets an institution borrow from itself is left as it is."""
    if problem.lifted & NEVER_OWN:
        return problem
    found = [match for kind in Kind for match in _of_kind(problem, kind)]
    settled = {match.need for match in found}
    return replace(
        problem,
        kept=(*problem.kept, *(KeptMatch(match, Kept.OWN) for match in found)),
        previous=tuple(row for row in problem.previous if row.need not in settled),
    )


def at_home(problem: Problem) -> tuple[Match, ...]:
    """What institutions serve themselves."""
    return tuple(row.match for row in problem.kept if row.why is Kept.OWN)


@dataclass(frozen=True)
class _House:
    """What one institution asks for and offers of a kind; ``kept`` touches either."""

    id: str
    needs: tuple
    offers: tuple
    kept: tuple[KeptMatch, ...]


def _of_kind(problem: Problem, kind: Kind) -> Iterator[Match]:
    for house in _houses(problem, kind):
        yield from _served_by_itself(problem, kind, house)


def _houses(problem: Problem, kind: Kind) -> Iterator[_House]:
    """Institutions that ask for something and offer something like it, in their order."""
    settled = set() if kind in IN_PARTS else {row.match.need for row in problem.kept}
    needs, offers = _by_institution(problem.needs(kind)), _by_institution(problem.offers(kind))
    touching: dict[str, list[KeptMatch]] = defaultdict(list)
    for row in problem.kept:
        for name in {row.match.need, row.match.offer}:
            touching[name].append(row)
    for place in problem.institutions:
        wanted = [row for row in needs[place.id] if row.id not in settled]
        alike = [row for row in offers[place.id] if any(_alike(need, row) for need in wanted)]
        asked = [need for need in wanted if any(_alike(need, row) for row in alike)]
        if asked:
            names = [row.id for row in (*asked, *alike)]
            kept = tuple(dict.fromkeys(row for name in names for row in touching[name]))
            yield _House(place.id, tuple(asked), tuple(sorted(alike, key=_soonest)), kept)


def _by_institution(rows: Iterable) -> dict[str, list]:
    found: dict[str, list] = defaultdict(list)
    for row in rows:
        found[row.institution].append(row)
    return found


def _alike(need, offer) -> bool:
    if hasattr(need, "skills"):
        return need.skills <= offer.skills
    return need.item == offer.item


def _soonest(offer) -> int:
    """What expires first is used first."""
    return getattr(offer, "expiry_day", 0)


def _served_by_itself(problem: Problem, kind: Kind, house: _House) -> list[Match]:
    alone = _alone(problem, kind, house)
    travel = Travel(alone)
    candidates = kinds.candidates_of(alone, kind, travel)
    mine, before = {need.id for need in house.needs}, {row.match for row in house.kept}
    found = kinds.baseline("urgency_first", alone, kind, candidates, travel)
    return [match for match in found if match.need in mine and match not in before]


def _alone(problem: Problem, kind: Kind, house: _House) -> Problem:
    """The house by itself; whoever has something of it already keeps that and asks for no more."""
    mine = {need.id for need in house.needs}
    has: dict[str, int] = defaultdict(int)
    for row in house.kept:
        has[row.match.need] += row.match.quantity
    others = [need for need in problem.needs(kind) if need.id in has and need.id not in mine]
    settled = tuple(need.asking(has[need.id]) for need in others)
    there = {house.id, *(need.institution for need in settled)}
    lists = EMPTY | {NEEDS[kind]: (*house.needs, *settled), OFFERS[kind]: house.offers}
    return replace(
        problem,
        institutions=tuple(row for row in problem.institutions if row.id in there),
        travel=_ways(problem, there),
        kept=house.kept,
        previous=(),
        lifted=problem.lifted | BETWEEN_TWO,
        **lists,
    )


def _ways(problem: Problem, there: set[str]) -> TravelMatrix | None:
    if problem.travel is None:
        return None
    at = [place for place, row in enumerate(problem.institutions) if row.id in there]

    def among(rows: tuple) -> tuple:
        return tuple(tuple(rows[start][end] for end in at) for start in at)

    return TravelMatrix(among(problem.travel.minutes), among(problem.travel.kilometres))
