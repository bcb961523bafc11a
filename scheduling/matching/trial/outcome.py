"""A what-if, answered: the needs that it concerns are decided again, all else stays as it is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from scheduling.matching import kinds, tiers
from scheduling.matching.checker import check_kind
from scheduling.matching.local import revised
from scheduling.matching.plan import Control, KindPlan, Tier
from scheduling.matching.problem import OFFERS, Kind, Match, Problem, Urgency
from scheduling.matching.reasons.dispute import Change
from scheduling.matching.travel import Travel

PASSES = 3
WHOLE = 1 - 1e-9
MOST_CHANGED = 24  # needs that are decided again
SECONDS = 3.0


@dataclass(frozen=True)
class Tried:
    """``problem``: the copy with its change; ``needs``: those that it concerns, the most pressing
    first; ``for_all``: whether others may use it as well."""

    problem: Problem
    kind: Kind
    needs: tuple[str, ...]
    for_all: bool = False


@dataclass(frozen=True, slots=True)
class HospitalChange:
    """Share of its weighted needs that an institution gets in the round."""

    institution: str
    before: float
    after: float


@dataclass(frozen=True)
class Outcome:
    """``changes``: every need of which another part is served than before; ``hospitals``: every
    institution that gets another share; ``lowest``: the least share of any, before and after;
    ``served``: urgency → (needs, parts of them served before, after); ``tiers``: (before, after),
    both by the changed problem; ``unmet``: needs not wholly served, before and after; ``cut``:
    how many needs were too many to be looked at."""

    kind: Kind
    before: tuple[Match, ...]
    after: tuple[Match, ...]
    changes: tuple[Change, ...]
    hospitals: tuple[HospitalChange, ...]
    unmet: tuple[int, int]
    lowest: tuple[float, float] | None
    served: dict[Urgency, tuple[int, float, float]]
    tiers: tuple[tuple[Tier, Tier], ...]
    cut: int

    @property
    def new(self) -> tuple[Match, ...]:
        known = set(self.before)
        return tuple(match for match in self.after if match not in known)


def open_to(problem: Problem, plan: KindPlan, offer: str) -> tuple[str, ...]:
    """The needs not wholly served that this offer could serve, the most pressing first."""
    kind = plan.kind
    needs, part = problem.needs(kind), tiers.parts(problem, kind, plan.matches)
    only = tuple(row for row in problem.offers(kind) if row.id == offer)
    alone = replace(problem, **{OFFERS[kind]: only})
    found = kinds.candidates_of(alone, kind, Travel(alone))
    able = [needs[place] for place in dict.fromkeys(found.need.tolist()) if part[place] < 1]
    able.sort(key=lambda row: (row.urgency, row.posted_at, row.id))
    return tuple(row.id for row in able)


def alike(problem: Problem, kind: Kind, need: str, most: int) -> tuple[str, ...]:
    """Offers of what the need asks for, at other institutions, the nearest first: what is wrong
    with them, if anything, is no matter of what they are."""
    travel = Travel(problem)
    book, fixed = kinds.rule_book(problem, kind, travel), kinds.reasons(kind).FIXED
    needs, offers = problem.needs(kind), problem.offers(kind)
    at = next(place for place, row in enumerate(needs) if row.id == need)
    left = np.arange(len(offers))
    for rule in book.rules:
        if rule.code in fixed and len(left):
            left = left[rule.passes(np.array([at]), left)[0]]
    home = travel.index[needs[at].institution]
    ways = {place: travel.minutes[travel.index[offers[place].institution], home] for place in left}
    return tuple(offers[place].id for place in sorted(ways, key=lambda p: (ways[p], p))[:most])


def try_out(
    problem: Problem, plan: KindPlan, tried: Tried, control: Control | None = None
) -> Outcome:
    """``problem`` and ``plan`` as they were; nothing of them is changed.  A plan that would be
    worse than the one there is, tier by tier, is not taken."""
    control = control or Control(seconds=SECONDS)
    asked = tried.needs[:MOST_CHANGED]
    after = _decided(problem, plan, replace(tried, needs=asked), control)
    travel = Travel(tried.problem)
    candidates = kinds.candidates_of(tried.problem, plan.kind, travel)
    measures = [
        tiers.measure(tried.problem, plan.kind, matches, candidates, travel)
        for matches in (plan.matches, after)
    ]
    if _values(problem, measures[1]) <= _values(problem, measures[0]):
        after, measures[1] = plan.matches, measures[0]
    shares = _shares(tried.problem, plan, after, candidates, travel)
    found = _outcome(problem, plan, after, shares, measures)
    return replace(found, cut=len(tried.needs) - len(asked))


def other_plan(problem: Problem, plan: KindPlan, after: tuple[Match, ...]) -> Outcome:
    """What another plan for the same problem would be beside the one there is."""
    travel = Travel(problem)
    candidates = kinds.candidates_of(problem, plan.kind, travel)
    measures = [
        tiers.measure(problem, plan.kind, matches, candidates, travel)
        for matches in (plan.matches, after)
    ]
    shares = _shares(problem, plan, after, candidates, travel)
    return _outcome(problem, plan, after, shares, measures)


def _outcome(
    problem: Problem,
    plan: KindPlan,
    after: tuple[Match, ...],
    shares: tuple[tuple[HospitalChange, ...], tuple[float, float] | None],
    measures: list[tuple[Tier, ...]],
) -> Outcome:
    served = [tiers.parts(problem, plan.kind, matches) for matches in (plan.matches, after)]
    hospitals, lowest = shares
    return Outcome(
        kind=plan.kind,
        before=plan.matches,
        after=after,
        changes=_changes(problem, plan, *served),
        hospitals=hospitals,
        unmet=tuple(int((part < WHOLE).sum()) for part in served),
        lowest=lowest,
        served=_served(problem.needs(plan.kind), *served),
        tiers=tuple(zip(*measures, strict=True)),
        cut=0,
    )


def _served(
    needs: Sequence, before: np.ndarray, after: np.ndarray
) -> dict[Urgency, tuple[int, float, float]]:
    urgency = np.array([int(row.urgency) for row in needs])
    found = {}
    for level in Urgency:
        here = urgency == level
        if here.any():
            found[level] = int(here.sum()), float(before[here].sum()), float(after[here].sum())
    return found


def _decided(problem: Problem, plan: KindPlan, tried: Tried, control: Control) -> tuple[Match, ...]:
    """What is left out for some needs serves no others: pairs of others that only the change
    allows are struck, and the needs are decided again."""
    copy, mine = tried.problem, set(tried.needs)
    found = plan.matches
    for _number in range(PASSES):
        found = revised(copy, plan.kind, plan.matches, tried.needs, control)
        stray = _stray(problem, plan.kind, found, mine)
        if tried.for_all or not stray:
            return found
        copy = replace(copy, struck=copy.struck | stray)
    return tuple(match for match in found if (match.need, match.offer) not in stray)


def _stray(
    problem: Problem, kind: Kind, matches: Iterable[Match], mine: set[str]
) -> frozenset[tuple[str, str]]:
    broken = check_kind(problem, kind, matches)
    return frozenset((row.need, row.offer) for row in broken if row.need not in mine)


def _values(problem: Problem, measured: tuple[Tier, ...]) -> tuple[float, ...]:
    """To compare plans by.  Where fairness is weighed against the number served, neither goes
    before the other: the number decides."""
    weighed = 0 < problem.parameters.fairness < 1
    kept = (tier for tier in measured if not (weighed and tier.name == "equity"))
    return tuple(round(tier.value, 6) for tier in kept)


def _changes(
    problem: Problem, plan: KindPlan, before: np.ndarray, after: np.ndarray
) -> tuple[Change, ...]:
    rows = problem.needs(plan.kind)
    return tuple(
        Change(rows[place].id, float(before[place]), float(after[place]))
        for place in np.flatnonzero(np.abs(after - before) > 1e-9).tolist()
    )


def _shares(
    problem: Problem, plan: KindPlan, after: tuple[Match, ...], candidates, travel: Travel
) -> tuple[tuple[HospitalChange, ...], tuple[float, float] | None]:
    """Who gets another share, and the least that any gets, before and after."""
    first, last = (
        tiers.fills(problem, plan.kind, matches, candidates, travel, history=False)
        for matches in (plan.matches, after)
    )
    whole = np.where(first.counted, first.asked, 1.0)
    before, now, counted = first.met / whole, last.met / whole, first.counted
    lowest = (float(before[counted].min()), float(now[counted].min())) if counted.any() else None
    changed = tuple(
        HospitalChange(problem.institutions[at].id, float(before[at]), float(now[at]))
        for at in np.flatnonzero(np.abs(now - before) > 1e-9).tolist()
    )
    return changed, lowest
