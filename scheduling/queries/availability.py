"""Is it free?  For one resource, and searched over all that an institution may see.

Reads only; the action checks again under a lock, and the database forbids the rest.
"""

from datetime import datetime

from resources.buffers import before_and_after, blocked_period
from resources.intervals import covers
from resources.models import Offer
from scheduling.queries.busy import (
    Busy,
    busy_intervals,
    lowest_free,
    offered_intervals,
    taken,
    usable,
)
from scheduling.queries.free_search import search_free
from scheduling.queries.free_values import Candidate, LeftOut, SearchResult
from scheduling.queries.surroundings import REASON

__all__ = [
    "Busy",
    "Candidate",
    "LeftOut",
    "SearchResult",
    "busy_intervals",
    "free_units",
    "is_free",
    "offered_intervals",
    "published_offer",
    "search_free",
    "taken",
    "usable",
    "usable_intervals",
]


def published_offer(resource) -> Offer | None:
    """The terms in force."""
    return Offer.objects.everywhere(reason=REASON).published().filter(resource=resource).first()


def free_units(
    resource,
    starts_at: datetime,
    ends_at: datetime,
    *,
    now: datetime,
    mode="",
    offer=None,
    ignoring=None,
) -> int:
    """The number of units that are free the whole time, the use's own buffers included."""
    offer = offer or published_offer(resource)
    first, last = blocked_period(offer=offer, mode=mode, starts_at=starts_at, ends_at=ends_at)
    busy = busy_intervals([resource.pk], first, last, now=now, ignoring=ignoring)
    return lowest_free(
        busy.get(resource.pk, []), total=resource.units, starts_at=first, ends_at=last
    )


def is_free(
    resource,
    starts_at: datetime,
    ends_at: datetime,
    *,
    now: datetime,
    units: int = 1,
    mode="",
    offer=None,
    ignoring=None,
) -> bool:
    """Whether the time is offered, and enough units are free in it."""
    offer = offer or published_offer(resource)
    if offer is None:
        return False
    offered = offered_intervals([resource.pk], starts_at, ends_at).get(resource.pk, [])
    return covers(offered, starts_at, ends_at) and units <= free_units(
        resource, starts_at, ends_at, now=now, mode=mode, offer=offer, ignoring=ignoring
    )


def usable_intervals(
    resources,
    starts_at: datetime,
    ends_at: datetime,
    *,
    now: datetime,
    offers: dict[int, Offer],
    units: int = 1,
    mode="",
    ignoring=None,
) -> dict[int, list]:
    """Resource id → when a use may lie, for several resources in four queries.

    ``offers`` maps resource ids to their published offers; a resource without one is left out.
    """
    ids = [resource.pk for resource in resources if resource.pk in offers]
    margins = [
        sum(before_and_after(offer=offers[pk], mode=mode), start=starts_at - starts_at)
        for pk in ids
    ]
    margin = max(margins, default=starts_at - starts_at)
    busy = busy_intervals(ids, starts_at - margin, ends_at + margin, now=now, ignoring=ignoring)
    offered = offered_intervals(ids, starts_at, ends_at)
    return {
        resource.pk: usable(
            offered.get(resource.pk, []),
            busy.get(resource.pk, []),
            offer=offers[resource.pk],
            mode=mode,
            total=resource.units,
            wanted=units,
        )
        for resource in resources
        if resource.pk in offers
    }
