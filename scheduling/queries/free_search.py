"""Free for these dates: ranked resources, and why the others were left out.

The city is judged from the nearest on, from narrow rows (one per listed resource, the first
offered interval that ends after the wished start, the bookings and blocks that meet the wish),
until the page is certain; only the page of candidates is loaded whole.  The number of queries
depends on how many rings it takes, not on the number of resources.
"""

from collections.abc import Collection
from datetime import timedelta

from resources.intervals import Interval, subtract
from scheduling.queries import free_words
from scheduling.queries.busy import busy_within, offered_within
from scheduling.queries.free_facts import terms_of
from scheduling.queries.free_judging import (
    LEFT_OUT_SHOWN,
    confirmed_lately,
    judged,
    look_into,
    margins,
    nearness,
)
from scheduling.queries.free_values import Candidate, Fact, LeftOut, SearchResult, Wish
from scheduling.queries.surroundings import Surroundings, surroundings

PAGE = 20
AROUND = timedelta(days=1)
WEEK = timedelta(days=7)  # the rules look so far: an overdue booking, the share kept for own need


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
    found = judged(wish, limit)
    partly = look_into(found, wish)
    page = sorted(found.full + partly, key=_rank(wish))[:limit]
    around = _around(page, wish, shown, beside)
    known = len(found.full) + len(partly) + len(found.left)
    return SearchResult(
        candidates=_candidates(page, wish, shown, around),
        left_out=_named(found.left, wish),
        fully_free=len(found.full),
        considered=found.considered,
        more=found.more,
        left_out_count=len(found.left),
        left_out_more=found.more or known < found.considered,
        around=around,
        categories=frozenset(
            fact.category_id
            for fact in [*page, *(fact for fact, code in found.left if code != "far")]
        ),
    )


def _rank(wish: Wish):
    """Full coverage first, then whether lately confirmed, distance, fee."""

    def key(fact: Fact):
        return (
            -round(fact.coverage, 4),
            not confirmed_lately(fact, wish),
            *nearness(fact)[:2],
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
    before, after = margins(page, wish)
    return surroundings(
        [*(fact.pk for fact in page), *beside],
        min(shown[0], wish.starts_at - before - WEEK),
        max(shown[1], wish.ends_at + after + WEEK),
        now=wish.now,
    )


def _named(left: list[tuple[Fact, str]], wish: Wish) -> list[LeftOut]:
    """The nearest of those left out, with the reason in words."""
    left = sorted(left, key=lambda entry: nearness(entry[0]))
    return [
        LeftOut(resource=fact, code=code, text=free_words.why_not(fact, code, wish))
        for fact, code in left[:LEFT_OUT_SHOWN]
    ]
