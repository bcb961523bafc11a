"""The supply side of a round: offers of which nothing, or not all, found a need, and why."""

from collections import Counter
from dataclasses import dataclass

from scheduling.matching.problem import Kind
from scheduling.matching.reasons import Supply
from scheduling.models import MatchingRun
from scheduling.queries.rounds.draft import key_of
from scheduling.queries.rounds.figures import Measured

MOST = 100  # of a kind that are told of


def left_over(of: Measured) -> list[dict]:
    """What ``MatchingRun.results`` keeps: plain values; lots that expire soonest first."""
    return [_plain(of, kind, name) for kind in of.candidates for name in _unused(of, kind)]


def _unused(of: Measured, kind: Kind) -> list[str]:
    given: Counter[str] = Counter()
    for match in of.by_kind[kind].matches:
        given[match.offer] += match.quantity
    rows = [
        row for row in of.problem.offers(kind) if given[row.id] < (getattr(row, "packs", None) or 1)
    ]
    rows.sort(key=lambda row: getattr(row, "expiry_day", 0))  # otherwise in their order
    return [row.id for row in rows[:MOST]]


def _plain(of: Measured, kind: Kind, name: str) -> dict:
    found: Supply = of.explainers[kind].offer(name)
    steps = [["all", found.needs], *([step.code, step.left] for step in found.funnel)]
    stop = next((at for at, (_code, left) in enumerate(steps) if not left), len(steps) - 1)
    return {
        "offer": key_of(name),
        "kind": kind.value,
        "amount": found.amount,
        "matched": found.matched,
        "unserved": found.unserved,
        "funnel": steps[: stop + 1],
    }


@dataclass(frozen=True)
class Told:
    """The last round that a hospital knows of and that looked at offers of its own."""

    run: MatchingRun
    rows: list[dict]


def last_told(institution, keys: set[int]) -> Told | None:
    """``keys``: of its own resources.  One statement."""
    run = MatchingRun.objects.told(institution).order_by("-pk").first()
    if run is None:
        return None
    rows = [row for row in run.results.get("supply", ()) if row["offer"] in keys]
    return Told(run, rows) if rows else None
