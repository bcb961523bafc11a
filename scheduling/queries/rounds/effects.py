"""Why a proposal, and what it does: plain values that the page puts into words.

``why``: how many offers the need could have had and how many of these are nearer; how many were
left after each rule; the next best and the tier at which it lost; how many needs were left without
by it, by urgency.  ``effect``: how
much of its need it meets, how much of its borrower's weighted needs are met with it and without
it, and what it saves from expiry (hundredths of the currency).
"""

from collections import defaultdict
from collections.abc import Iterable

import numpy as np

from scheduling.matching import tiers
from scheduling.matching.problem import Kind, Match
from scheduling.models import Proposal
from scheduling.queries.rounds.draft import key_of
from scheduling.queries.rounds.figures import Measured, fills_of
from scheduling.queries.rounds.unmet import funnel_of


def explain(proposals: Iterable[Proposal], of: Measured) -> None:
    """Fill ``why`` and ``effect`` of each."""
    matches = {(match.need, match.offer): match for match in of.plan.matches}
    places = {kind.value: _Place(of, kind) for kind in of.candidates}
    for row in proposals:
        place = places.get(row.kind)
        if place is not None:
            pieces = [matches[pair] for pair in row.pairs]
            row.why, row.effect = place.why(pieces[0]), place.effect(pieces)


class _Place:
    """Where each need and offer of a kind stands."""

    def __init__(self, of: Measured, kind: Kind):
        self.of, self.kind = of, kind
        self.needs, self.offers = of.problem.needs(kind), of.problem.offers(kind)
        self.need_at = {row.id: place for place, row in enumerate(self.needs)}
        self.offer_at = {row.id: place for place, row in enumerate(self.offers)}
        self.asked: dict[int, int] = defaultdict(int)
        for row in self.needs:
            self.asked[key_of(row.id)] += row.amount
        self.weights = tiers.weights(of.problem, kind)
        self.fills = fills_of(of, kind, of.by_kind[kind].matches)

    def why(self, match: Match) -> dict:
        could = self.of.candidates[self.kind].offers_of(self.need_at[match.need])
        mine = self._kilometres(match.need, self.offer_at[match.offer])
        nearer = sum(self._kilometres(match.need, int(other)) < mine - 1e-9 for other in could)
        reason = self.of.explainers[self.kind].need(match.need)
        found = {"offers": len(could), "nearer": int(nearer), "displaced": list(reason.displaced)}
        found["funnel"] = funnel_of(reason)
        if reason.alternative is not None:
            found["next"] = [reason.alternative.travel_minutes, reason.alternative.lost_at]
        return found

    def _kilometres(self, need: str, offer: int) -> float:
        index = self.of.travel.index
        at = index[self.needs[self.need_at[need]].institution]
        return float(self.of.travel.kilometres[index[self.offers[offer].institution], at])

    def effect(self, pieces: list[Match]) -> dict:
        """Of all pieces of a line, which are of one need."""
        at = self.of.travel.index[self.needs[self.need_at[pieces[0].need]].institution]
        given = sum(match.quantity for match in pieces)
        found = {"part": round(100 * given / self.asked[key_of(pieces[0].need)])}
        asked, met = self.fills.asked[at], self.fills.met[at]
        if asked:
            without = met - sum(map(self._weight, pieces))
            found["before"] = int(np.clip(round(100 * without / asked), 0, 100))
            found["after"] = int(np.clip(round(100 * met / asked), 0, 100))
        saved = round(tiers.waste_avoided(self.of.problem, pieces))
        return found | ({"saved": saved} if saved else {})

    def _weight(self, match: Match) -> float:
        place = self.need_at[match.need]
        return self.weights[place] * match.quantity / self.needs[place].amount
