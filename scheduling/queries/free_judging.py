"""Whether resources are free for a wish: those that are, those that are in part, and why not."""

from dataclasses import dataclass, field
from datetime import timedelta

from medshare_portal import policy
from resources.buffers import before_and_after
from resources.intervals import clip, total
from scheduling.queries.busy import Busy, busy_intervals, lowest_free, offered_intervals, usable
from scheduling.queries.free_facts import facts_of
from scheduling.queries.free_rings import Rings
from scheduling.queries.free_values import Fact, Wish
from scheduling.relaxations import shorter_notice

LOOKED_INTO = 100  # partly free ones whose intervals are compared
LEFT_OUT_SHOWN = 30
HOUR = timedelta(hours=1)


@dataclass
class Judged:
    """What was found in the rings looked at.  ``more``: there are farther ones."""

    full: list[Fact] = field(default_factory=list)
    not_full: list[Fact] = field(default_factory=list)
    left: list[tuple[Fact, str]] = field(default_factory=list)
    busy: dict[int, list[Busy]] = field(default_factory=dict)
    considered: int = 0
    more: bool = False
    enough: bool = False  # no farther one, and none that is partly free, can rank among the first

    def add(self, facts: list[Fact], wish: Wish) -> None:
        """Judge the resources of a ring."""
        why_not, possible = _why_not(wish), []
        for fact in facts:
            code = why_not(fact)
            if code:
                self.left.append((fact, code))
            else:
                possible.append(fact)
        self.considered += len(facts)
        busy = _busy_around(wish, possible) if possible else {}
        for fact in possible:
            if _is_free(fact, busy.get(fact.pk), wish):
                fact.coverage, fact.free = 1.0, [(wish.starts_at, wish.ends_at)]
                self.full.append(fact)
            else:
                self.not_full.append(fact)
        self.busy |= busy


def judged(wish: Wish, limit: int) -> Judged:
    """The resources from the nearest on, until the first ``limit`` are certain.

    A resource that is free the whole time and was lately confirmed ranks before every farther
    one.  Beyond the wished distance nothing is a candidate: there the looking only tells who is
    too far, and ends when enough are told.
    """
    found, rings = Judged(), Rings(wish.site)
    rings_left = True
    while rings_left and not found.enough:
        ring = rings.next(found.considered)
        found.add(facts_of(wish, ring, rings.distances), wish)
        lately = sum(confirmed_lately(fact, wish) for fact in found.full)
        found.enough, rings_left = lately >= limit, rings.left
        if _too_far(wish, rings.nearest_left) and len(found.left) >= LEFT_OUT_SHOWN:
            break
    found.more = rings.left
    return found


def _too_far(wish: Wish, km: float) -> bool:
    return wish.within_km is not None and km > wish.within_km


def confirmed_lately(fact: Fact, wish: Wish) -> bool:
    """Whether its owner confirmed the offer not so long ago that it ranks down."""
    days = policy.current().offer.rank_down_after_days
    return fact.confirmed_at >= wish.now - timedelta(days=days)


def _why_not(wish: Wish):
    """What says the first reason against a fact, or nothing."""
    stale_before = wish.now - timedelta(days=policy.current().offer.hide_after_days)
    ahead, length = (wish.starts_at - wish.now) / HOUR, wish.length / HOUR
    grace = policy.current().request.past_grace_minutes / 60  # as the rules have it
    farthest = float("inf") if wish.within_km is None else wish.within_km

    def notice(fact: Fact) -> int:
        return shorter_notice.hours_needed(
            wish.crisis,
            fact.notice_hours,
            kind=wish.kind,
            owner_id=fact.owner_id,
            borrower_id=wish.institution.pk,
            category_id=fact.category_id,
        )

    def reason(fact: Fact) -> str:
        if fact.confirmed_at is None or fact.confirmed_at < stale_before:
            return "stale"
        if fact.units < wish.units:
            return "units"
        if (fact.distance_km or 0) > farthest:
            return "far"
        if ahead + grace < notice(fact):
            return "notice"
        if length > fact.max_loan_hours:
            return "long"
        if fact.offered_from is None or fact.offered_from >= wish.ends_at:
            return "not_offered"
        return ""

    return reason


def _busy_around(wish: Wish, possible: list[Fact]) -> dict[int, list[Busy]]:
    """What is busy in the wished time and in the buffers that a use needs before and after it."""
    before, after = margins(possible, wish)
    return busy_intervals(
        [fact.pk for fact in possible], wish.starts_at - before, wish.ends_at + after, now=wish.now
    )


def margins(facts: list[Fact], wish: Wish) -> tuple[timedelta, timedelta]:
    """The longest buffers that a use of any of them needs before and after it."""
    margins = [before_and_after(offer=fact, mode=wish.mode or fact.mode) for fact in facts]
    nothing = (timedelta(0), timedelta(0))
    return tuple(map(max, zip(nothing, *margins, strict=True)))


def _is_free(fact: Fact, busy: list[Busy] | None, wish: Wish) -> bool:
    """Whether the whole time is offered, and enough units are free in it and in its buffers.

    Offered times never touch: what the first that ends later does not cover, none covers.
    """
    if fact.offered_from > wish.starts_at or fact.offered_until < wish.ends_at:
        return False
    if not busy:
        return True
    before, after = before_and_after(offer=fact, mode=wish.mode or fact.mode)
    free = lowest_free(
        busy, total=fact.units, starts_at=wish.starts_at - before, ends_at=wish.ends_at + after
    )
    return free >= wish.units


def look_into(found: Judged, wish: Wish) -> list[Fact]:
    """The nearest of those not fully free that cover a part of the wish; the others are left out.

    How much is only told of so many; of fewer where the page is full without them.
    """
    nearest = sorted(found.not_full, key=nearness)
    looked = nearest[: LEFT_OUT_SHOWN if found.enough else LOOKED_INTO]
    offered = offered_intervals([fact.pk for fact in looked], wish.starts_at, wish.ends_at)
    for fact in looked:
        fact.free = _free_parts(fact, offered.get(fact.pk, []), found.busy.get(fact.pk, []), wish)
        fact.coverage = total(fact.free) / wish.length
        if not fact.free:
            found.left.append((fact, "taken" if offered.get(fact.pk) else "not_offered"))
    return [fact for fact in looked if fact.free]


def _free_parts(fact: Fact, offered: list, busy: list[Busy], wish: Wish) -> list:
    free = usable(
        offered,
        busy,
        offer=fact,
        mode=wish.mode or fact.mode,
        total=fact.units,
        wanted=wish.units,
    )
    return clip(free, wish.starts_at, wish.ends_at)


def nearness(fact: Fact):
    return (fact.distance_km is None, fact.distance_km or 0, fact.pk)
