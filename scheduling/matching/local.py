"""A part of a round decided again: needs and offers that hang together, all else as it is.

So one change costs a second, not a round, and a dispute can be answered exactly.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from scheduling.matching import kinds, tiers
from scheduling.matching.checker import check_kind
from scheduling.matching.plan import Control
from scheduling.matching.problem import NEEDS, OFFERS, Kept, KeptMatch, Kind, Match, Problem
from scheduling.matching.travel import Travel

LARGEST = 120  # needs of a block
NEAREST = 8  # offers from which the needs in the middle of a block may be served
MOST_WAITING = 20  # unserved needs that are told of a freed offer
EMPTY = {field: () for field in (*NEEDS.values(), *OFFERS.values())}


@dataclass(frozen=True)
class Block:
    """``problem``: this part alone; what others have of its offers is kept.  ``nearest``: rows of
    the offers nearest to the first of the needs in the middle.  ``offers``: all whose matches are
    decided or kept here."""

    problem: Problem
    nearest: tuple
    offers: frozenset[str]

    def put_back(self, matches: Iterable[Match], found: Iterable[Match]) -> tuple[Match, ...]:
        """The whole plan with the block's matches in place of those that its offers had."""
        return (*(match for match in matches if match.offer not in self.offers), *found)


def around(
    problem: Problem, kind: Kind, matches: tuple[Match, ...], middle: list[str], travel: Travel
) -> Block:
    """The needs in the ``middle``, who holds the offers nearest to them, what these could have
    instead, and who holds that, nearest first, up to ``LARGEST`` needs."""
    needs, offers = problem.needs(kind), problem.offers(kind)
    need_at = {row.id: place for place, row in enumerate(needs)}
    offer_at = {row.id: place for place, row in enumerate(offers)}
    holders, holds = defaultdict(set), defaultdict(set)
    for match in matches:
        holders[offer_at[match.offer]].add(need_at[match.need])
        holds[need_at[match.need]].add(offer_at[match.offer])
    centre = [need_at[name] for name in middle]
    home = travel.index[needs[centre[0]].institution]
    ways = [int(travel.minutes[travel.index[row.institution], home]) for row in offers]
    close = {
        at: sorted(found, key=lambda offer: (ways[offer], offer))[:NEAREST]
        for at, found in _reach(problem, kind, travel, centre).items()
    }
    inside = set(centre).union(*(holders[o] for found in close.values() for o in found))
    reach = set().union(*_reach(problem, kind, travel, inside).values())
    for offer in sorted(reach, key=lambda offer: (ways[offer], offer)):
        if len(inside | holders[offer]) <= LARGEST:
            inside |= holders[offer]
    reach = set().union(*_reach(problem, kind, travel, inside).values())
    reach = reach.union(*(holds[at] for at in inside))
    beside = set().union(*(holders[offer] for offer in reach)) - inside
    part = _part(problem, kind, matches, (inside, beside, reach))
    nearest = tuple(offers[place] for place in close[centre[0]])
    return Block(part, nearest, frozenset(offers[place].id for place in reach))


def revised(
    problem: Problem,
    kind: Kind,
    matches: tuple[Match, ...],
    changed: Iterable[str] = (),
    control: Control | None = None,
) -> tuple[Match, ...]:
    """The plan after a small change.  ``matches``: as proposed before; those that are no longer
    sound are dropped.  ``changed``: needs that came or changed.  They, whoever lost a match, and
    the most urgent who wait for what became free are served as well as can be in their block."""
    control, travel = control or Control(seconds=2.0), Travel(problem)
    sound, lost, freed = _still_sound(problem, kind, matches)
    known = {row.id for row in problem.needs(kind)}
    middle = [name for name in dict.fromkeys((*changed, *lost)) if name in known]
    middle += _waiting(problem, kind, sound, freed, travel, set(middle))
    if not middle:
        return sound
    block = around(problem, kind, sound, middle, travel)
    candidates = kinds.candidates_of(block.problem, kind, travel)
    found = kinds.solved(block.problem, kind, candidates, travel, control).matches
    whole = block.put_back(sound, found)
    return sound if check_kind(problem, kind, whole) else whole


def _reach(
    problem: Problem, kind: Kind, travel: Travel, places: Iterable[int]
) -> dict[int, list[int]]:
    """Place of each need → places of the offers that may serve it."""
    ordered, needs = sorted(places), problem.needs(kind)
    part = replace(problem, **{NEEDS[kind]: tuple(needs[place] for place in ordered)})
    candidates = kinds.candidates_of(part, kind, travel)
    return {place: candidates.offers_of(row).tolist() for row, place in enumerate(ordered)}


def _part(
    problem: Problem, kind: Kind, matches: tuple[Match, ...], places: tuple[set, set, set]
) -> Problem:
    """Needs ``inside`` are decided again; those ``beside`` them keep what they have."""
    inside, beside, reach = places
    needs, offers = problem.needs(kind), problem.offers(kind)
    there = tuple(offers[place] for place in sorted(reach))
    names, decided = {row.id for row in there}, {needs[place].id for place in inside}
    kept = [row for row in problem.kept if row.match.offer in names]
    fixed = {row.match for row in kept}
    kept += [
        KeptMatch(match, Kept.PINNED)
        for match in matches
        if match.offer in names and match.need not in decided and match not in fixed
    ]
    rows = tuple(needs[place] for place in sorted(inside | beside))
    mine = {NEEDS[kind]: rows, OFFERS[kind]: there}
    previous = tuple(match for match in matches if match.need in decided)
    return replace(problem, **(EMPTY | mine), kept=tuple(kept), previous=previous)


def _still_sound(
    problem: Problem, kind: Kind, matches: tuple[Match, ...]
) -> tuple[tuple[Match, ...], list[str], set[str]]:
    """What stays of a plan, who lost something, and which offers became free."""
    known = {row.id for row in problem.needs(kind)}
    broken = {(row.need, row.offer) for row in check_kind(problem, kind, matches)}
    stays = [m for m in matches if m.need in known and (m.need, m.offer) not in broken]
    gone = [match for match in matches if match not in set(stays)]
    kept = [row.match for row in problem.kept if row.match.need in known]
    stays += [match for match in kept if match not in set(stays)]
    offers = {row.id for row in problem.offers(kind)}
    freed = {match.offer for match in gone if match.offer in offers}
    return tuple(stays), [match.need for match in gone], freed


def _waiting(
    problem: Problem,
    kind: Kind,
    matches: tuple[Match, ...],
    freed: set[str],
    travel: Travel,
    already: set[str],
) -> list[str]:
    """Unserved needs that a freed offer could serve, the most urgent first."""
    if not freed:
        return []
    part = tiers.parts(problem, kind, matches)
    needs = problem.needs(kind)
    waiting = [n for n in np.flatnonzero(part < 1).tolist() if needs[n].id not in already]
    offers = tuple(row for row in problem.offers(kind) if row.id in freed)
    few = replace(problem, **{OFFERS[kind]: offers})
    reach = _reach(few, kind, travel, waiting)
    able = [needs[place] for place in waiting if reach[place]]
    able.sort(key=lambda row: (row.urgency, row.posted_at, row.id))
    return [row.id for row in able[:MOST_WAITING]]
