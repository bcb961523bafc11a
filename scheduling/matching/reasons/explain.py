"""One reason per need, one account per offer, from a plan and its problem."""

import math
from collections import defaultdict
from functools import cached_property

import numpy as np

from scheduling.matching import kinds, tiers
from scheduling.matching.candidates import CandidateSet
from scheduling.matching.plan import KindPlan
from scheduling.matching.problem import Match, Problem, Urgency
from scheduling.matching.reasons import relaxing
from scheduling.matching.reasons.reason import (
    Alternative,
    Fairness,
    Outbid,
    Reason,
    Served,
    Step,
    Supply,
    Verdict,
)
from scheduling.matching.travel import Travel

WHOLE = 1 - 1e-9
NEAREST = 12  # candidates that are looked at, nearest first


class Explainer:
    """``without_equity``: the plan of the same problem with ``fairness`` 0, without which no need
    is told that fairness was the reason.  ``candidates``: those of the problem, where known."""

    def __init__(
        self,
        problem: Problem,
        plan: KindPlan,
        *,
        without_equity: KindPlan | None = None,
        candidates: CandidateSet | None = None,
        travel: Travel | None = None,
    ):
        self.problem, self.plan, self.kind = problem, plan, plan.kind
        self.travel = travel or Travel(problem)
        self.candidates = candidates or kinds.candidates_of(problem, plan.kind, self.travel)
        self.needs, self.offers = problem.needs(plan.kind), problem.offers(plan.kind)
        self.part = tiers.parts(problem, plan.kind, plan.matches)
        self.without = without_equity
        self._rows = {need.id: need for need in self.needs}
        self._need_at = {need.id: place for place, need in enumerate(self.needs)}
        self._offer_at = {offer.id: place for place, offer in enumerate(self.offers)}
        self._of_need, self._of_offer = defaultdict(list), defaultdict(list)
        for match in plan.matches:
            self._of_need[match.need].append(match)
            self._of_offer[match.offer].append(match)

    def need(self, name: str) -> Reason:
        """Raises ``KeyError`` for an unknown need."""
        at = self._need_at[name]
        common = {
            "need": name,
            "part": float(self.part[at]),
            "offers": len(self.offers),
            "funnel": _funnel(self.candidates.codes, self.candidates.left[at]),
        }
        if self.part[at] > 0:
            return Reason(verdict=Verdict.MATCHED, **common, **self._matched(at))
        if not len(self.candidates.offers_of(at)):
            gap = relaxing.smallest(self.problem, self.kind, self.travel, self.book, at)
            return Reason(verdict=Verdict.NO_OFFER, **common, relaxation=gap)
        if self.without and self._part_without[at] > 0:
            fairness = self._fairness(at)
            if fairness.fill < fairness.fill_without:  # else another need of its hospital has it
                return Reason(verdict=Verdict.FAIRNESS, **common, fairness=fairness)
        return Reason(verdict=Verdict.OUTBID, **common, outbid=self._outbid(at))

    def offer(self, name: str) -> Supply:
        """Raises ``KeyError`` for an unknown offer."""
        at = self._offer_at[name]
        rules = [rule for rule in self.book.rules if rule.code not in self.problem.lifted]
        needs, column, steps = np.arange(len(self.needs)), np.array([at]), []
        for rule in rules:
            needs = needs[rule.passes(needs, column)[:, 0]] if len(needs) else needs
            steps.append(Step(rule.code, len(needs)))
        return Supply(
            offer=name,
            amount=getattr(self.offers[at], "packs", None),
            matched=sum(match.quantity for match in self._of_offer[name]),
            needs=len(self.needs),
            funnel=tuple(steps),
            unserved=int((self.part[needs] < WHOLE).sum()),
        )

    @cached_property
    def book(self):
        return kinds.rule_book(self.problem, self.kind, self.travel)

    @cached_property
    def _part_without(self) -> np.ndarray:
        return tiers.parts(self.problem, self.kind, self.without.matches)

    @cached_property
    def _fills(self) -> tuple[tiers.Fills, tiers.Fills]:
        given = self.problem, self.kind
        return tuple(
            tiers.fills(*given, plan.matches, self.candidates, self.travel)
            for plan in (self.plan, self.without)
        )

    @cached_property
    def _asking(self) -> tuple[np.ndarray, np.ndarray]:
        """Needs in the order of the offers that may serve them, and where each offer's begin."""
        order = np.argsort(self.candidates.offer, kind="stable")
        first = np.searchsorted(self.candidates.offer[order], np.arange(len(self.offers) + 1))
        return self.candidates.need[order], first

    def _matched(self, at: int) -> dict:
        matches = self._of_need[self.needs[at].id]
        served = tuple(
            Served(
                m.offer, m.quantity, self._way(at, self._offer_at[m.offer]), m.starts_at, m.ends_at
            )
            for m in matches
            if m.offer in self._offer_at
        )
        return {
            "served": served,
            "alternative": self._alternative(at, matches),
            "displaced": self._displaced(at, matches),
            "outbid": self._outbid(at) if self.part[at] < WHOLE else None,
        }

    def _alternative(self, at: int, matches: list[Match]) -> Alternative | None:
        """The nearest other offer that is free, else the nearest other."""
        taken = {match.offer for match in matches}
        others = [o for o in self._nearest(at) if self.offers[o].id not in taken]
        if not others:
            return None
        free = [offer for offer in others if not self._rivals(at, offer)]
        offer = (free or others)[0]
        lost_at = self._lost_at(at, matches, offer) if free else self._tier_of(at, offer)
        return Alternative(self.offers[offer].id, self._way(at, offer), lost_at)

    def _tier_of(self, at: int, offer: int) -> str:
        """Where taking the offer from its holders would have cost: with the urgent, or with all."""
        return _of_urgency(min(map(self._urgency, self._rivals(at, offer))))

    def _lost_at(self, at: int, matches: list[Match], offer: int) -> str:
        """The first tier in which a free offer would have been worse; "": in none."""
        need, weights = self.needs[at], self.problem.parameters
        asked, name = sum(match.quantity for match in matches), self.offers[offer].id
        if self._left_of(offer) < asked:
            return _of_urgency(need.urgency)
        saved, other = (
            tiers.waste_avoided(self.problem, rows)
            for rows in (matches, [Match(need.id, name, asked)])
        )
        if weights.waste_weight and other < saved - 1e-6:
            return "waste"
        if weights.stability_weight and self._proposed_before & {
            (m.need, m.offer) for m in matches
        }:
            return "stability"
        farthest = max(self._way(at, self._offer_at[match.offer]) for match in matches)
        return "travel" if weights.distance_weight and self._way(at, offer) >= farthest else ""

    def _left_of(self, offer: int) -> float:
        """Packs that nobody has; of what is lent for a time as many uses as there is room for."""
        row = self.offers[offer]
        packs = getattr(row, "packs", math.inf)
        return packs - sum(match.quantity for match in self._of_offer[row.id])

    @cached_property
    def _proposed_before(self) -> set[tuple[str, str]]:
        return {(match.need, match.offer) for match in self.problem.previous}

    def _displaced(self, at: int, matches: list[Match]) -> tuple[int, int, int]:
        needs, first = self._asking
        places = [self._offer_at[match.offer] for match in matches]
        asking = {int(n) for o in places for n in needs[first[o] : first[o + 1]]}
        unserved = [self.needs[n].urgency for n in asking if n != at and self.part[n] < WHOLE]
        return tuple(unserved.count(urgency) for urgency in Urgency)

    def _outbid(self, at: int) -> Outbid | None:
        """The nearest offer that somebody holds; the nearest of all when nobody does."""
        nearest = self._nearest(at)
        if not nearest:
            return None
        held = ((offer, self._rivals(at, offer)) for offer in nearest)
        offer, rivals = next((pair for pair in held if pair[1]), (nearest[0], ()))
        name = self.offers[offer].id
        held_by, least = self._held(rivals)
        # A price is for all the time of an offer; what is held at the need's own time says more.
        price = least or self.plan.prices.get(name, 0.0)
        return Outbid(name, self._way(at, offer), held_by, price, self._worth(at))

    def _held(self, rivals: tuple[Match, ...]) -> tuple[Urgency | None, float]:
        """The class that would have to give way, and what that would cost."""
        if not rivals:
            return None, 0.0
        classes = [self._urgency(match) for match in rivals]
        places = [self._need_at[match.need] for match in rivals]
        if kinds.reasons(self.kind).ALL_GIVE_WAY:
            return min(classes), sum(map(self._worth, places))
        return max(classes), min(map(self._worth, places))

    def _worth(self, at: int) -> float:
        """In weight, per pack."""
        need = self.needs[at]
        return self.problem.parameters.weight(need.urgency) / need.amount

    def _fairness(self, at: int) -> Fairness:
        home = self.travel.index[self.needs[at].institution]
        fill, without = (float(f.met[home] / f.asked[home]) for f in self._fills)
        return Fairness(fill, without)

    def _nearest(self, at: int) -> list[int]:
        offers = self.candidates.offers_of(at).tolist()
        return sorted(offers, key=lambda offer: (self._way(at, offer), offer))[:NEAREST]

    def _way(self, at: int, offer: int) -> int:
        start = self.travel.index[self.offers[offer].institution]
        return int(self.travel.minutes[start, self.travel.index[self.needs[at].institution]])

    def _rivals(self, at: int, offer: int) -> tuple[Match, ...]:
        """Others' matches of the offer that leave no room for the need."""
        need, row = self.needs[at], self.offers[offer]
        matches = tuple(self._of_offer[row.id])
        known = kinds.reasons(self.kind)
        return known.rivals(self.problem, self.travel, need, row, matches, self._rows)

    def _urgency(self, match: Match) -> Urgency:
        return self.needs[self._need_at[match.need]].urgency


def _of_urgency(urgency: Urgency) -> str:
    return "urgent" if urgency < Urgency.ROUTINE else "served"


def _funnel(codes: tuple[str, ...], left: np.ndarray) -> tuple[Step, ...]:
    return tuple(Step(code, int(count)) for code, count in zip(codes, left, strict=True))
