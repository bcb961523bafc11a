"""A part of a round decided again: needs and offers that hang together, all else as it is.

So one change costs a second, not a round, and a dispute can be answered exactly.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from scheduling.matching import kinds, tiers
from scheduling.matching.candidates import CandidateSet
from scheduling.matching.checker import check_kind
from scheduling.matching.plan import Control
from scheduling.matching.problem import NEEDS, OFFERS, Kept, KeptMatch, Kind, Match, Problem
from scheduling.matching.travel import Travel

LARGEST = 120  # needs of a block
NEAREST = 8  # offers from which the needs in the middle of a block may be served
AT_ONCE, AROUND = 4, 25  # changed needs of one block, and needs around each of them
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


class Reach:
    """Which offers may serve a need, for the needs that are asked about only; or, for many, from
    the ``candidates`` of all."""

    def __init__(
        self,
        problem: Problem,
        kind: Kind,
        travel: Travel,
        candidates: CandidateSet | None = None,
    ):
        self.problem, self.kind, self.travel = problem, kind, travel
        self.candidates = candidates

    def of(self, places: Iterable[int]) -> dict[int, list[int]]:
        """Place of each need → places of the offers."""
        ordered = sorted(places)
        if self.candidates is not None:
            return {place: self.candidates.offers_of(place).tolist() for place in ordered}
        needs = self.problem.needs(self.kind)
        few = {NEEDS[self.kind]: tuple(needs[place] for place in ordered)}
        found = kinds.candidates_of(replace(self.problem, **few), self.kind, self.travel)
        return {place: found.offers_of(row).tolist() for row, place in enumerate(ordered)}


def around(
    problem: Problem,
    kind: Kind,
    matches: tuple[Match, ...],
    middle: list[str],
    reach: Reach,
    largest: int = LARGEST,
) -> Block:
    """The needs in the ``middle``, who holds the offers nearest to them, what these could have
    instead, and who holds that, nearest first, up to ``largest`` needs."""
    needs, offers = problem.needs(kind), problem.offers(kind)
    holders, holds = _held(problem, kind, matches)
    need_at = {row.id: place for place, row in enumerate(needs)}
    centre = [need_at[name] for name in middle]
    index = reach.travel.index
    to_centre = reach.travel.minutes[:, index[needs[centre[0]].institution]].tolist()

    def way(offer: int) -> tuple[int, int]:
        return to_centre[index[offers[offer].institution]], offer

    close = {at: sorted(found, key=way)[:NEAREST] for at, found in reach.of(centre).items()}
    inside = set(centre)
    for offer in (offer for at in centre for offer in close[at]):
        if len(inside | holders[offer]) <= largest:
            inside |= holders[offer]
    for offer in sorted(set().union(*reach.of(inside).values()), key=way):
        if len(inside | holders[offer]) <= largest:
            inside |= holders[offer]
    there = set().union(*reach.of(inside).values(), *(holds[at] for at in inside))
    beside = set().union(*(holders[offer] for offer in there)) - inside
    part = _part(problem, kind, matches, (inside, beside, there))
    nearest = tuple(offers[place] for place in close[centre[0]])
    return Block(part, nearest, frozenset(offers[place].id for place in there))


def _held(problem: Problem, kind: Kind, matches: tuple[Match, ...]):
    """Who holds each offer, and what each need holds, by their places."""
    need_at = {row.id: place for place, row in enumerate(problem.needs(kind))}
    offer_at = {row.id: place for place, row in enumerate(problem.offers(kind))}
    holders, holds = defaultdict(set), defaultdict(set)
    for match in matches:
        holders[offer_at[match.offer]].add(need_at[match.need])
        holds[need_at[match.need]].add(offer_at[match.offer])
    return holders, holds


def revised(
    problem: Problem,
    kind: Kind,
    matches: tuple[Match, ...],
    changed: Iterable[str] = (),
    control: Control | None = None,
    freed: Iterable[str] = (),
) -> tuple[Match, ...]:
    """The plan after a change.  ``matches``: as proposed before; those that are no longer sound
    are dropped.  ``changed``: needs that came or changed; ``freed``: offers that came or offer
    more.  The needs, whoever lost a match, and the most urgent who wait for what became free are
    served as well as can be in blocks of their own, a few at a time; what is not in a block stays.
    ``control.seconds``: for all blocks."""
    control, travel = control or Control(seconds=2.0), Travel(problem)
    ends = control.now() + control.seconds
    sound, lost, left = _still_sound(problem, kind, matches)
    known = {row.id: row for row in problem.needs(kind)}
    middle = [name for name in dict.fromkeys((*changed, *lost)) if name in known]
    middle += _waiting(problem, kind, sound, left | set(freed), travel, set(middle))
    middle.sort(key=lambda name: (known[name].institution, known[name].urgency, name))
    many = len(middle) > AT_ONCE
    everywhere = kinds.candidates_of(problem, kind, travel) if many else None
    reach = Reach(problem, kind, travel, everywhere)
    for start in range(0, len(middle), AT_ONCE):
        left = ends - control.now()
        if left <= 0 or control.should_stop():
            break
        few = middle[start : start + AT_ONCE]
        block = around(problem, kind, sound, few, reach, AROUND * len(few))
        sound = _decided(problem, kind, sound, block, replace(control, seconds=left))
    return sound


def _decided(
    problem: Problem, kind: Kind, matches: tuple[Match, ...], block: Block, control: Control
) -> tuple[Match, ...]:
    """The plan with the block decided again, if that is sound."""
    travel = Travel(block.problem)
    candidates = kinds.candidates_of(block.problem, kind, travel)
    found = kinds.solved(block.problem, kind, candidates, travel, control).matches
    whole = block.put_back(matches, found)
    return matches if check_kind(block.problem, kind, found) else whole


def _part(
    problem: Problem, kind: Kind, matches: tuple[Match, ...], places: tuple[set, set, set]
) -> Problem:
    """Needs ``inside`` are decided again; those ``beside`` them keep what they have, and ask for
    no more: what else they have is not seen here."""
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
    has: dict[str, int] = defaultdict(int)
    for row in kept:
        has[row.match.need] += row.match.quantity
    settled = [needs[place].asking(has[needs[place].id]) for place in sorted(beside)]
    rows = (*(needs[place] for place in sorted(inside)), *settled)
    mine = {NEEDS[kind]: rows, OFFERS[kind]: there}
    previous = tuple(match for match in matches if match.need in decided)
    return replace(problem, **(EMPTY | mine), kept=tuple(kept), previous=previous)


def _still_sound(
    problem: Problem, kind: Kind, matches: tuple[Match, ...]
) -> tuple[tuple[Match, ...], list[str], set[str]]:
    """What stays of a plan, who lost something, and which offers became free."""
    known = {row.id for row in problem.needs(kind)}
    broken = {(row.need, row.offer) for row in check_kind(problem, kind, matches)}
    stays = {
        match: None
        for match in matches
        if match.need in known and (match.need, match.offer) not in broken
    }
    gone = [match for match in matches if match not in stays]
    stays |= {row.match: None for row in problem.kept if row.match.need in known}
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
    reach = Reach(few, kind, travel).of(waiting)
    able = [needs[place] for place in waiting if reach[place]]
    able.sort(key=lambda row: (row.urgency, row.posted_at, row.id))
    return [row.id for row in able[:MOST_WAITING]]
