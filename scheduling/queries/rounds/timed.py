"""What kinds that are lent for a time have in common in a round."""

from collections.abc import Collection
from datetime import timedelta

from medshare_portal import policy
from resources.enums import ResourceStatus
from resources.intervals import Interval, clip
from resources.models import Offer, Resource
from scheduling.matching import problem as matcher
from scheduling.models import Need
from scheduling.queries.busy import BOOKED, Busy, in_order
from scheduling.queries.rounds.draft import Draft
from scheduling.queries.surroundings import Surroundings, surroundings

MARGIN = timedelta(days=8)  # buffers and rests reach so far beyond the round at most


def offered(draft: Draft, kind: str, related: tuple[str, ...]) -> list[Resource]:
    """Listed resources of a kind with an offer that was confirmed not too long ago."""
    oldest = draft.now - timedelta(days=policy.current().offer.hide_after_days)
    rows = Resource.objects.in_city_view().filter(
        kind=kind,
        status=ResourceStatus.LISTED,
        confirmed_at__gte=oldest,
        offers__status="published",
    )
    rows = draft.lent(rows).select_related("institution", "site", "category", *related)
    return list(rows.order_by("pk"))


def offers_of(resources: list[Resource]) -> dict[int, Offer]:
    """The published offer of each."""
    keys = [row.pk for row in resources]
    rows = Offer.objects.of_visible(Resource.objects.in_city_view().filter(pk__in=keys)).published()
    return {offer.resource_id: offer for offer in rows}


def around(draft: Draft, resources: list[Resource]) -> Surroundings:
    keys = [row.pk for row in resources]
    first, last = draft.starts_at - MARGIN, draft.ends_at + MARGIN
    return surroundings(keys, first, last, now=draft.now)


def busy_in(draft: Draft, beside: Surroundings, resource: int) -> list[Busy]:
    """Bookings, blocks, and what proposals take that nobody has answered yet."""
    known = in_order(beside.bookings.get(resource, ()), beside.blocks.get(resource, ()))
    booked = {entry.request_id for entry in known}
    return known + [
        Busy(row.starts_at, row.ends_at, row.quantity, BOOKED, row.starts_at, row.ends_at)
        for row in draft.standing.get(resource, ())
        if row.sharing_request_id is None or row.sharing_request_id not in booked
    ]


def from_notice_on(draft: Draft, offer: Offer, times: list[Interval]) -> list[Interval]:
    """What of the offered times keeps the offer's notice and lies in the round."""
    earliest = max(draft.starts_at, draft.now + timedelta(hours=offer.notice_hours))
    return clip(times, earliest, draft.ends_at) if earliest < draft.ends_at else []


def spans(draft: Draft, times: Collection[Interval]) -> tuple[matcher.Interval, ...]:
    found = (draft.span(interval) for interval in times)
    return tuple(span for span in found if span is not None)


def without_time(draft: Draft, needs: list[Need]) -> list[Need]:
    """The needs that name a time within the round; the others are left out."""
    timed = []
    for need in needs:
        if need.starts_at is None:
            draft.left_out[need.pk] = "no_time"
        elif draft.window(need) is None:
            draft.left_out[need.pk] = "beyond_round"
        else:
            timed.append(need)
    return timed
