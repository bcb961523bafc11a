"""Why a proposal, and what it does: plain values that the page puts into words.

``why``: how many offers the need could have had and how many of these are nearer; how many were
left after each rule; the next best and the tier at which it lost; how many needs were left without
by it, by urgency.  ``effect``: how
much of its need it meets, how much of its borrower's weighted needs are met with it and without
it, and what it saves from expiry (hundredths of the currency).
"""

from collections.abc import Iterable

import numpy as np

from scheduling.matching import tiers
from scheduling.matching.problem import Kind, Match
from scheduling.models import Proposal
from scheduling.queries.rounds.figures import Measured, fills_of
from scheduling.queries.rounds.unmet import funnel_of


def explain(proposals: Iterable[Proposal], of: Measured) -> None:
    """Fill ``why`` and ``effect`` of each."""
    rows = {(row.need_ref, row.offer_ref): row for row in proposals}
    for plan in of.plan.kinds:
        place = _Place(of, plan.kind) if plan.kind in of.candidates else None
        for match in plan.matches:
            row = rows.get((match.need, match.offer))
            if row is not None and place is not None:
                row.why, row.effect = place.why(match), place.effect(match)


class _Place:
    """Where each need and offer of a kind stands."""

    def __init__(self, of: Measured, kind: Kind):
        self.of, self.kind = of, kind
        self.needs, self.offers = of.problem.needs(kind), of.problem.offers(kind)
        self.need_at = {row.id: place for place, row in enumerate(self.needs)}
        self.offer_at = {row.id: place for place, row in enumerate(self.offers)}
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

    def effect(self, match: Match) -> dict:
        place = self.need_at[match.need]
        at = self.of.travel.index[self.needs[place].institution]
        part = match.quantity / self.needs[place].amount
        found = {"part": round(100 * part)}
        asked, met = self.fills.asked[at], self.fills.met[at]
        if asked:
            without = met - self.weights[place] * part
            found["before"] = int(np.clip(round(100 * without / asked), 0, 100))
            found["after"] = int(np.clip(round(100 * met / asked), 0, 100))
        saved = round(tiers.waste_avoided(self.of.problem, [match]))
        return found | ({"saved": saved} if saved else {})
