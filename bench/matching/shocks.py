"""What happens to a city between two rounds: offers go, needs come, the rest should stay."""

from dataclasses import replace

import numpy as np

from scheduling.matching.problem import NEEDS, OFFERS, Kind, Match, Problem

SHARE = 0.03


def before(problem: Problem, kind: Kind, seed: int = 1) -> Problem:
    """The problem without the needs that are still to come."""
    return replace(problem, **{NEEDS[kind]: _fewer(problem.needs(kind), seed, "needs")})


def after(problem: Problem, kind: Kind, matches: tuple[Match, ...], seed: int = 1) -> Problem:
    """All needs, but without the offers that went; ``matches``: what was proposed before."""
    offers = _fewer(problem.offers(kind), seed, "offers")
    there = {offer.id for offer in offers}
    previous = tuple(match for match in matches if match.offer in there)
    return replace(problem, **{OFFERS[kind]: offers}, previous=previous)


def kept_share(previous: tuple[Match, ...], matches: tuple[Match, ...]) -> float:
    """Of what was proposed before, how much still is: the same offer and time; packs count."""
    now = {(row.need, row.offer, row.starts_at): row.quantity for row in matches}
    parts = [
        min(1.0, now.get((row.need, row.offer, row.starts_at), 0) / row.quantity)
        for row in previous
    ]
    return sum(parts) / max(1, len(parts))


def _fewer(rows: tuple, seed: int, what: str) -> tuple:
    random = np.random.default_rng([seed, len(what)])
    gone = set(random.choice(len(rows), round(len(rows) * SHARE), replace=False).tolist())
    return tuple(row for place, row in enumerate(rows) if place not in gone)
