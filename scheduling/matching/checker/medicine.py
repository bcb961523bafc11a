"""The rules of packs that change hands, one by one: each says whether it holds."""

from collections.abc import Iterator

from scheduling.matching.checker.facts import Facts, Violation, by_offer
from scheduling.matching.problem import Match


def _in_consortium(facts, need, lot, match) -> bool:
    mine = facts.institutions[need.institution].consortia
    return not lot.consortia or not mine.isdisjoint(lot.consortia)


def _lives(facts, need, lot, match) -> bool:
    """What was needed on a day that is past is used today at the earliest."""
    first_use = need.by_day if need.by_day > 0 else 0
    return lot.expiry_day - first_use >= need.minimum_life_days


def _may_hold(prefix: str, label: str, facts, need) -> bool:
    return not label or f"{prefix}:{label}" in facts.institutions[need.institution].certificates


def _stays_cold(facts, need, lot, match) -> bool:
    if not lot.cold_chain or lot.longest_cold_minutes is None:
        return True
    return facts.minutes(lot.institution, need.institution) <= lot.longest_cold_minutes


def _near(facts, need, lot, match) -> bool:
    limit = need.longest_travel_minutes
    return limit is None or facts.minutes(lot.institution, need.institution) <= limit


def _can_use(facts, need, lot, match) -> bool:
    most = facts.use_limits.get((need.institution, lot.id))
    return most is None or match.quantity <= most


RULES = {
    "item": lambda facts, need, lot, match: lot.item == need.item,
    "own": lambda facts, need, lot, match: lot.institution != need.institution,
    "consortium": _in_consortium,
    "recalled": lambda facts, need, lot, match: not lot.recalled,
    "record": lambda facts, need, lot, match: lot.recorded,
    "arrival": lambda facts, need, lot, match: (
        lot.arrival_day + lot.arrival_life_days <= lot.expiry_day
    ),
    "life": _lives,
    "use": _can_use,
    "licence": lambda facts, need, lot, match: _may_hold("licence", lot.control, facts, need),
    "practice": lambda facts, need, lot, match: facts.licensed(need.institution, lot.arrival_day),
    "cold": lambda facts, need, lot, match: _may_hold("cold", lot.cold_chain, facts, need),
    "cold_reach": _stays_cold,
    "travel": _near,
}


def together(facts: Facts, matches: list[Match]) -> Iterator[Violation]:
    """A lot gives no more than it has."""
    for offer, mine in by_offer(matches):
        if sum(match.quantity for match in mine) > facts.offers[offer].packs:
            yield from (
                Violation("lot_exceeded", match.need, offer)
                for match in mine
                if not facts.is_kept(match)
            )
