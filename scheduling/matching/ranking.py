"""What one need can have now: its admissible offers in order, and why the closest others are out.

Each offer is tried alone and the plan that this makes is judged by the tiers of a round.  So that
what it takes from others counts, that plan also serves every other need that only one offer fits.
No solver is asked: a page waits for the answer.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from scheduling.matching import kinds, tiers
from scheduling.matching.candidates import PairRule, collect
from scheduling.matching.plan import Tier
from scheduling.matching.problem import Kind, Match, Problem, Urgency
from scheduling.matching.reasons import Step, relaxing
from scheduling.matching.travel import Travel

MOST_TRIED = 60  # offers that are tried, nearest first
DIGITS = 9  # to which tiers are compared: sums differ beyond


@dataclass(frozen=True, slots=True)
class Choice:
    """The need, or ``part`` of it (0 … 1), served by one group of offers.  ``displaced``: how many
    other needs would lose their only offer, or part of what it gives them, by urgency from critical
    to routine."""

    group: Hashable
    matches: tuple[Match, ...]
    part: float
    travel_minutes: int
    kilometres: float
    displaced: tuple[int, int, int]
    tiers: tuple[Tier, ...]


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A group that one rule alone keeps out; ``amount``: by how much, in the rule's unit."""

    group: Hashable
    code: str
    amount: int | None
    travel_minutes: int
    kilometres: float


@dataclass(frozen=True, slots=True)
class Ranking:
    """All in groups.  ``offers``: of the kind; ``funnel``: how many pass, rule by rule;
    ``admissible``: how many pass all; ``misses``: what gives way most easily first."""

    offers: int
    funnel: tuple[Step, ...]
    admissible: int
    choices: tuple[Choice, ...]
    misses: tuple[NearMiss, ...]


def rank(
    problem: Problem,
    kind: Kind,
    wanted: tuple[str, ...],
    *,
    group: Callable[[str], Hashable] = str,
) -> Ranking:
    """``wanted``: ids of the need's parts, equal but for their names; ``group``: offer id → what
    is chosen as one (equal units of one resource)."""
    return _Table(problem, kind, wanted, group).ranking()


class _Table:
    def __init__(self, problem: Problem, kind: Kind, wanted, group):
        self.problem, self.kind, self.group = problem, kind, group
        self.travel = Travel(problem)
        self.book = kinds.rule_book(problem, kind, self.travel)
        self.candidates = collect(self.book, problem)
        self.needs, self.offers = problem.needs(kind), problem.offers(kind)
        self.known = kinds.reasons(kind)
        self.rows = {need.id: need for need in self.needs}
        self.wanted = [at for at, need in enumerate(self.needs) if need.id in set(wanted)]
        self.first = self.wanted[0]

    def ranking(self) -> Ranking:
        return Ranking(
            offers=len({self.group(offer.id) for offer in self.offers}),
            funnel=tuple(self._funnel()),
            admissible=len(self._groups),
            choices=self._choices(),
            misses=self._misses(),
        )

    def _funnel(self) -> Iterator[Step]:
        offers, need = np.arange(len(self.offers)), np.array([self.first])
        for rule in self._rules:
            offers = offers[rule.passes(need, offers)[0]] if len(offers) else offers
            yield Step(rule.code, len({self.group(self.offers[at].id) for at in offers}))

    @cached_property
    def _rules(self) -> list[PairRule]:
        return [rule for rule in self.book.rules if rule.code not in self.problem.lifted]

    @cached_property
    def _groups(self) -> dict[Hashable, list[int]]:
        """Admissible offers of the need by what is chosen as one."""
        found: dict[Hashable, list[int]] = defaultdict(list)
        for offer in self.candidates.offers_of(self.first).tolist():
            found[self.group(self.offers[offer].id)].append(offer)
        return found

    @cached_property
    def _only(self) -> tuple[Match, ...]:
        """Every other need that one group alone fits, served by it, the pressing ones first."""
        others = [at for at in range(len(self.needs)) if at not in set(self.wanted)]
        others.sort(key=lambda at: (self.needs[at].urgency, self.needs[at].posted_at, at))
        found: list[Match] = []
        for at in others:
            offers = self.candidates.offers_of(at).tolist()
            if len({self.group(self.offers[offer].id) for offer in offers}) == 1:
                found += self._beside(self.needs[at], offers, tuple(found))
        return tuple(found)

    def _beside(self, need, offers: list[int], others: tuple[Match, ...]) -> tuple[Match, ...]:
        """The need on the first of the offers that has room beside the others' matches."""
        for offer in offers:
            row = self.offers[offer]
            of_offer = tuple(match for match in others if match.offer == row.id)
            if not self._rivals(need, row, of_offer):
                return self._placed(need, row, of_offer)
        return ()

    def _placed(self, need, offer, others: tuple[Match, ...]) -> tuple[Match, ...]:
        """The way that takes least from the others' matches of the offer."""
        asked = need.asking(min(need.amount, getattr(offer, "packs", need.amount)))
        trial = replace(self.problem, kept=(), previous=others)
        ways = self.known.placements(trial, self.travel, asked, (offer,))
        return ways[0] if ways else ()

    def _rivals(self, need, offer, others: tuple[Match, ...]) -> tuple[Match, ...]:
        return self.known.rivals(self.problem, self.travel, need, offer, others, self.rows)

    def _choices(self) -> tuple[Choice, ...]:
        nearest = sorted(self._groups.items(), key=lambda pair: self._way(pair[1][0]))
        found = [self._choice(*pair) for pair in nearest[:MOST_TRIED]]
        found = [choice for choice in found if choice.matches]
        found.sort(key=lambda choice: [-round(tier.value, DIGITS) for tier in choice.tiers])
        return tuple(found)

    def _choice(self, name: Hashable, offers: list[int]) -> Choice:
        matches: list[Match] = []
        others = self._only
        for at, offer in zip(self.wanted, offers, strict=False):
            need, row = self.needs[at], self.offers[offer]
            of_offer = tuple(match for match in others if match.offer == row.id)
            placed = self._placed(need, row, of_offer)
            stay = self.known.remaining(
                self.problem, self.travel, need, row, sum(m.quantity for m in placed), of_offer,
                self.rows,
            )  # fmt: skip
            others = tuple(m for m in others if m.offer != row.id) + stay
            matches += placed
        given = {"candidates": self.candidates, "travel": self.travel}
        served = tiers.parts(self.problem, self.kind, matches)[self.wanted]
        way = self._way(offers[0])
        return Choice(
            group=name,
            matches=tuple(matches),
            part=float(served.mean()),
            travel_minutes=way[0],
            kilometres=self._kilometres(offers[0]),
            displaced=self._displaced(others),
            tiers=tiers.measure(self.problem, self.kind, (*matches, *others), **given),
        )

    def _displaced(self, others: tuple[Match, ...]) -> tuple[int, int, int]:
        before, after = (
            tiers.parts(self.problem, self.kind, matches) for matches in (self._only, others)
        )
        lost = [self.needs[at].urgency for at in np.flatnonzero(before - after > 1e-9)]
        return tuple(lost.count(urgency) for urgency in Urgency)

    def _misses(self) -> tuple[NearMiss, ...]:
        """Each group once, by what gives way most easily, the least first."""
        offers, failed = relaxing.one_away(
            self._rules, self.first, np.arange(len(self.offers)), self.known.FIXED
        )
        found: dict[Hashable, tuple] = {}
        for offer, place in zip(offers.tolist(), failed.tolist(), strict=True):
            name = self.group(self.offers[offer].id)
            if name not in self._groups:
                key, miss = self._miss(name, offer, self._rules[place].code)
                found[name] = min(found.get(name, (key, miss)), (key, miss), key=lambda p: p[0])
        return tuple(miss for _key, miss in sorted(found.values(), key=lambda pair: pair[0]))

    def _miss(self, name: Hashable, offer: int, code: str) -> tuple[tuple, NearMiss]:
        need, row = self.needs[self.first], self.offers[offer]
        amount = self.known.shortfall(self.problem, self.travel, need, row, code)
        way = self._way(offer)
        ease = self.known.EASE.index(code) if code in self.known.EASE else len(self.known.EASE)
        key = (ease, amount or 0, *way)
        return key, NearMiss(name, code, amount, way[0], self._kilometres(offer))

    def _way(self, offer: int) -> tuple[int, int]:
        start = self.travel.index[self.offers[offer].institution]
        end = self.travel.index[self.needs[self.first].institution]
        return int(self.travel.minutes[start, end]), offer

    def _kilometres(self, offer: int) -> float:
        start = self.travel.index[self.offers[offer].institution]
        end = self.travel.index[self.needs[self.first].institution]
        return float(self.travel.kilometres[start, end])


def better_in(one: Choice, other: Choice) -> str | None:
    """The first tier in which one comes before the other."""
    pairs = zip(one.tiers, other.tiers, strict=True)
    return next(
        (mine.name for mine, its in pairs if round(mine.value - its.value, DIGITS) > 0), None
    )
