"""Free for these dates: ranked resources, and why the others were left out.

The whole city is judged from narrow rows (one per listed resource, the first offered interval
that ends after the wished start, the bookings and blocks that meet the wish); only the page of
candidates is loaded whole.  The number of queries does not depend on the number of resources.
"""

from collections import defaultdict
from datetime import datetime, timedelta

from django.db.models import F, OuterRef, Subquery

from medshare_portal import policy
from medshare_portal.models import Site
from resources.buffers import before_and_after
from resources.distance import between_sites
from resources.enums import OfferStatus, ResourceStatus, ShareMode
from resources.intervals import Interval, clip, subtract, total
from resources.kinds import kinds
from resources.limits import longest_buffers
from resources.models import BusyBlock, Offer, OfferedInterval, Resource
from resources.search import search
from scheduling.queries import free_words
from scheduling.queries.busy import (
    BOOKED,
    REASON,
    Busy,
    busy_intervals,
    holding,
    lowest_free,
    offered_intervals,
    usable,
)
from scheduling.queries.free_values import Candidate, Fact, LeftOut, SearchResult, Wish

PAGE = 20
LOOKED_INTO = 100  # partly free ones whose intervals are compared
LEFT_OUT_SHOWN = 30
AROUND = timedelta(days=1)


def search_free(*, shown: Interval | None = None, limit: int = PAGE, **wish) -> SearchResult:
    """Candidates for a wish (see ``Wish``), full coverage first, then freshness, distance, fee.

    ``shown`` is the time whose offered and busy intervals come with each candidate; by default a
    day around the wish.
    """
    wish = Wish(**wish)
    shown = shown or (wish.starts_at - AROUND, wish.ends_at + AROUND)
    facts = _facts(wish)
    _measure(facts, wish)
    possible, left = _sort_out(facts, wish)
    full = [fact for fact in possible if _first_offered_covers(fact, wish)]
    busy = _city_busy(wish, {fact.pk for fact in possible})
    full = [fact for fact in full if _enough_free(fact, busy[fact.pk], wish)]
    for fact in full:
        fact.coverage, fact.free = 1.0, [(wish.starts_at, wish.ends_at)]
    done = {fact.pk for fact in full}
    partly = sorted((fact for fact in possible if fact.pk not in done), key=_nearness)
    partly, rest = _look_into(partly, busy, wish)
    page = sorted(full + partly, key=_rank(wish))[:limit]
    candidates, left_out = _detailed(page, left + rest, wish, shown)
    return SearchResult(
        candidates=candidates,
        left_out=left_out,
        fully_free=len(full),
        considered=len(facts),
        left_out_count=len(left) + len(rest),
    )


def _facts(wish: Wish) -> list[Fact]:
    """One narrow row per listed resource of others that the institution may see."""
    first_interval = (
        OfferedInterval.objects.everywhere(reason=REASON)
        .filter(resource=OuterRef("pk"), ends_at__gt=wish.starts_at)
        .order_by("ends_at")
    )
    queryset = Resource.objects.visible_to(wish.institution).filter(
        kind=wish.kind, status=ResourceStatus.LISTED, offers__status=OfferStatus.PUBLISHED
    )
    queryset = queryset.exclude(institution=wish.institution)
    if wish.category is not None:
        queryset = queryset.filter(category__path__startswith=wish.category.path)
    if wish.text.strip():
        queryset = search(queryset, wish.text, institution=wish.institution)
    lendable = f"{kinds[wish.kind].detail}__loan" if _has_modes(wish.kind) else "pk"
    if wish.mode in ShareMode.values and _has_modes(wish.kind):
        queryset = queryset.filter(**{f"{kinds[wish.kind].detail}__{wish.mode}": True})
    rows = queryset.values_list(
        "pk",
        "site_id",
        "units",
        "confirmed_at",
        "offers__pk",
        "offers__notice_hours",
        "offers__max_loan_hours",
        "offers__setup_minutes",
        "offers__transport_minutes",
        "offers__cleaning_minutes",
        "offers__fee_per_hour",
        F(lendable),
        Subquery(first_interval.values("starts_at")[:1]),
        Subquery(first_interval.values("ends_at")[:1]),
    )
    return [Fact(*row) for row in rows]


def _has_modes(kind: str) -> bool:
    """Whether the kind's detail row says in which modes it is shared."""
    return ShareMode.LOAN in kinds[kind].mode_fields


def _measure(facts: list[Fact], wish: Wish) -> None:
    if wish.site is None:
        return
    sites = Site.objects.directory().only("pk", "latitude", "longitude")
    far = {site.pk: between_sites(wish.site, site) for site in sites}
    for fact in facts:
        fact.distance_km = far.get(fact.site_id)


def _sort_out(facts: list[Fact], wish: Wish) -> tuple[list[Fact], list[tuple[Fact, str]]]:
    """Those that terms and distance allow, and the others with the first reason why not."""
    stale_before = wish.now - timedelta(days=policy.current().offer.hide_after_days)
    possible, left = [], []
    for fact in facts:
        code = _why_not(fact, wish, stale_before)
        if code:
            left.append((fact, code))
        else:
            possible.append(fact)
    return possible, left


def _why_not(fact: Fact, wish: Wish, stale_before: datetime) -> str:
    reasons = {
        "stale": fact.confirmed_at is None or fact.confirmed_at < stale_before,
        "units": fact.units < wish.units,
        "far": wish.within_km is not None and (fact.distance_km or 0) > wish.within_km,
        "notice": wish.starts_at < wish.now + timedelta(hours=fact.notice_hours),
        "long": wish.length > timedelta(hours=fact.max_loan_hours),
        "not_offered": fact.offered_from is None or fact.offered_from >= wish.ends_at,
    }
    return next((code for code, holds in reasons.items() if holds), "")


def _first_offered_covers(fact: Fact, wish: Wish) -> bool:
    return fact.offered_from <= wish.starts_at and fact.offered_until >= wish.ends_at


def _city_busy(wish: Wish, possible: set[int]) -> dict[int, list[Busy]]:
    """Everything busy around the wish in the whole city, kept for the possible resources."""
    first, last = wish.starts_at - longest_buffers(), wish.ends_at + longest_buffers()
    found: dict[int, list[Busy]] = defaultdict(list)
    rows = holding(first, last, now=wish.now).filter(kind=wish.kind)
    for resource, since, until, units in rows.values_list(
        "resource_id", "blocked_from", "blocked_until", "units"
    ):
        if resource in possible:
            found[resource].append(Busy(since, until, units, BOOKED, since, until))
    blocks = BusyBlock.objects.everywhere(reason=REASON).overlapping(first, last)
    for resource, since, until, reason in blocks.values_list(
        "resource_id", "starts_at", "ends_at", "reason"
    ):
        if resource in possible:
            found[resource].append(Busy(since, until, 0, reason, since, until))
    return found


def _enough_free(fact: Fact, busy: list[Busy], wish: Wish) -> bool:
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
                busy[fact.pk],
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


def _detailed(page, left, wish: Wish, shown: Interval):
    """The page's candidates and the named ones of those left out, with their rows."""
    named = left[:LEFT_OUT_SHOWN]
    ids = [fact.pk for fact in page]
    rows = Resource.objects.visible_to(wish.institution).filter(
        pk__in=[*ids, *(fact.pk for fact, _code in named)]
    )
    detail = kinds[wish.kind].detail
    resources = rows.select_related("category", "site", "institution", detail).in_bulk()
    offers = Offer.objects.everywhere(reason=REASON).in_bulk([fact.offer_id for fact in page])
    offered = offered_intervals(ids, *shown)
    busy = busy_intervals(ids, *shown, now=wish.now)
    candidates = [
        Candidate(
            resource=resources[fact.pk],
            offer=offers[fact.offer_id],
            distance_km=fact.distance_km,
            coverage=fact.coverage,
            free_intervals=fact.free,
            uncovered=subtract([(wish.starts_at, wish.ends_at)], fact.free),
            offered=clip(offered.get(fact.pk, []), *shown),
            busy=busy.get(fact.pk, []),
            reason=free_words.reason(fact, page, wish),
        )
        for fact in page
        if fact.pk in resources and fact.offer_id in offers
    ]
    left_out = [
        LeftOut(resource=resources[fact.pk], code=code, text=free_words.why_not(fact, code, wish))
        for fact, code in named
        if fact.pk in resources
    ]
    return candidates, left_out
