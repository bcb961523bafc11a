"""Free for these dates: ranked resources, and why the others were left out.

The whole city is judged from narrow rows (one per listed resource, the first offered interval
that ends after the wished start, the bookings and blocks that meet the wish); only the page of
candidates is loaded whole.  The number of queries does not depend on the number of resources.
"""

from collections.abc import Collection
from datetime import timedelta

from medshare_portal import policy
from resources.buffers import before_and_after
from resources.intervals import Interval, clip, subtract, total
from scheduling.queries import free_words
from scheduling.queries.busy import (
    Busy,
    busy_intervals,
    busy_within,
    lowest_free,
    offered_intervals,
    offered_within,
    usable,
)
from scheduling.queries.free_facts import facts_of, terms_of
from scheduling.queries.free_values import Candidate, Fact, LeftOut, SearchResult, Wish
from scheduling.queries.surroundings import Surroundings, surroundings

PAGE = 20
LOOKED_INTO = 100  # partly free ones whose intervals are compared
LEFT_OUT_SHOWN = 30
AROUND = timedelta(days=1)
WEEK = timedelta(days=7)  # the rules look so far: an overdue booking, the share kept for own need
HOUR = timedelta(hours=1)


def search_free(
    *,
    shown: Interval | None = None,
    limit: int = PAGE,
    beside: Collection[int] = (),
    **wish,
) -> SearchResult:
    """Candidates for a wish (see ``Wish``), full coverage first, then freshness, distance, fee.

    ``shown`` is the time whose offered and busy intervals come with each candidate; by default a
    day around the wish.  ``beside`` are other resources that the page shows: what happens around
    them is read together with the candidates'.
    """
    wish = Wish(**wish)
    shown = shown or (wish.starts_at - AROUND, wish.ends_at + AROUND)
    facts = facts_of(wish)
    possible, left = _sort_out(facts, wish)
    busy = _busy_around(wish, possible)
    full = [fact for fact in possible if _is_free(fact, busy.get(fact.pk), wish)]
    for fact in full:
        fact.coverage, fact.free = 1.0, [(wish.starts_at, wish.ends_at)]
    partly = sorted((fact for fact in possible if not fact.free), key=_nearness)
    partly, rest = _look_into(partly, busy, wish)
    page = sorted(full + partly, key=_rank(wish))[:limit]
    around = _around(page, wish, shown, beside)
    return SearchResult(
        candidates=_candidates(page, wish, shown, around),
        left_out=_named(left + rest, wish),
        fully_free=len(full),
        considered=len(facts),
        left_out_count=len(left) + len(rest),
        around=around,
    )


def _sort_out(facts: list[Fact], wish: Wish) -> tuple[list[Fact], list[tuple[Fact, str]]]:
    """Those that terms and distance allow, and the others with the first reason why not, the
    nearest first."""
    why_not = _why_not(wish)
    possible, left = [], []
    for fact in facts:
        code = why_not(fact)
        if code:
            left.append((fact, code))
        else:
            possible.append(fact)
    left.sort(key=lambda entry: _nearness(entry[0]))
    return possible, left


def _why_not(wish: Wish):
    """What says the first reason against a fact, or nothing."""
    stale_before = wish.now - timedelta(days=policy.current().offer.hide_after_days)
    ahead, length = (wish.starts_at - wish.now) / HOUR, wish.length / HOUR
    farthest = float("inf") if wish.within_km is None else wish.within_km

    def reason(fact: Fact) -> str:
        if fact.confirmed_at is None or fact.confirmed_at < stale_before:
            return "stale"
        if fact.units < wish.units:
            return "units"
        if (fact.distance_km or 0) > farthest:
            return "far"
        if ahead < fact.notice_hours:
            return "notice"
        if length > fact.max_loan_hours:
            return "long"
        if fact.offered_from is None or fact.offered_from >= wish.ends_at:
            return "not_offered"
        return ""

    return reason


def _busy_around(wish: Wish, possible: list[Fact]) -> dict[int, list[Busy]]:
    """What is busy in the wished time and in the buffers that a use needs before and after it."""
    before, after = _margins(possible, wish)
    return busy_intervals(
        [fact.pk for fact in possible], wish.starts_at - before, wish.ends_at + after, now=wish.now
    )


def _margins(facts: list[Fact], wish: Wish) -> tuple[timedelta, timedelta]:
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


def _look_into(partly: list[Fact], busy: dict, wish: Wish):
    """How much of the wish the nearest of the others cover; those that cover nothing are out."""
    looked, beyond = partly[:LOOKED_INTO], partly[LOOKED_INTO:]
    offered = offered_intervals([fact.pk for fact in looked], wish.starts_at, wish.ends_at)
    covering, rest = [], [(fact, "taken") for fact in beyond]
    for fact in looked:
        fact.free = clip(
            usable(
                offered.get(fact.pk, []),
                busy.get(fact.pk, []),
                offer=fact,
                mode=wish.mode or fact.mode,
                total=fact.units,
                wanted=wish.units,
            ),
            wish.starts_at,
            wish.ends_at,
        )
        fact.coverage = total(fact.free) / wish.length
        if fact.free:
            covering.append(fact)
        else:
            rest.append((fact, "taken" if offered.get(fact.pk) else "not_offered"))
    return covering, rest


def _nearness(fact: Fact):
    return (fact.distance_km is None, fact.distance_km or 0, fact.pk)


def _rank(wish: Wish):
    """Full coverage first, then whether lately confirmed, distance, fee."""
    old = wish.now - timedelta(days=policy.current().offer.rank_down_after_days)

    def key(fact: Fact):
        return (
            -round(fact.coverage, 4),
            fact.confirmed_at < old,
            *_nearness(fact)[:2],
            fact.fee_per_hour,
            fact.pk,
        )

    return key


def _candidates(page: list[Fact], wish: Wish, shown: Interval, around: Surroundings):
    offers = terms_of(wish.kind, [fact.offer_id for fact in page])
    return [
        Candidate(
            resource=offers[fact.pk].resource,
            offer=offers[fact.pk],
            distance_km=fact.distance_km,
            coverage=fact.coverage,
            free_intervals=fact.free,
            uncovered=subtract([(wish.starts_at, wish.ends_at)], fact.free),
            offered=offered_within(around, fact.pk, *shown),
            busy=busy_within(around, fact.pk, *shown),
            reason=free_words.reason(fact, page, wish),
        )
        for fact in page
        if fact.pk in offers
    ]


def _around(page: list[Fact], wish: Wish, shown: Interval, beside: Collection[int]):
    """Read once: what the lanes show, and what the rules ask of the weeks before and after."""
    before, after = _margins(page, wish)
    return surroundings(
        [*(fact.pk for fact in page), *beside],
        min(shown[0], wish.starts_at - before - WEEK),
        max(shown[1], wish.ends_at + after + WEEK),
        now=wish.now,
    )


def _named(left: list[tuple[Fact, str]], wish: Wish) -> list[LeftOut]:
    """The first of those left out, with the reason in words."""
    return [
        LeftOut(resource=fact, code=code, text=free_words.why_not(fact, code, wish))
        for fact, code in left[:LEFT_OUT_SHOWN]
    ]
