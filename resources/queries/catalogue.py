"""What the catalogue's list reads: one statement for the rows, one for what takes their time.

Rows are dictionaries of the columns that other institutions may read (the visibility contract);
no model instances are made for a list.
"""

from datetime import datetime, timedelta

from django.db.models import F, FloatField, OuterRef, Q, QuerySet, Subquery, Value

from medshare_portal import policy
from resources.distance import squared_km_from
from resources.enums import OfferStatus
from resources.intervals import subtract
from resources.kinds import CatalogueKind
from resources.models import Offer, OfferedInterval, Resource
from resources.occupancy import TIMES_ONLY, taken_times

OFFER_COLUMNS = ("squared_km", "fee", "currency", "offered_from", "offered_until")
LOOK_AHEAD = timedelta(days=14)
COLUMNS = (
    "pk",
    "code",
    "name_en",
    "name_zh",
    "units",
    "status",
    "condition",
    "confirmed_at",
    "institution_id",
    "institution__name_en",
    "institution__name_zh",
    "institution__district_en",
    "institution__district_zh",
    "category__name_en",
    "category__name_zh",
)


def catalogue(institution, kind: CatalogueKind, now: datetime) -> QuerySet:
    """Resources of a kind: all of our own, and others' that are visible and not stale.

    An offer that its owner has not confirmed for ``offer.hide_after_days`` is hidden from others.
    """
    oldest = now - timedelta(days=policy.current().offer.hide_after_days)
    return Resource.objects.visible_to(institution).filter(
        Q(institution=institution) | Q(confirmed_at__isnull=True) | Q(confirmed_at__gte=oldest),
        kind=kind.code,
    )


def detail_columns(kind: CatalogueKind) -> tuple[str, ...]:
    """The columns of the kind's detail row that its list shows."""
    names = (*kind.mode_fields, *(("status",) if kind.states else ()))
    return tuple(f"{kind.detail}__{name}" for name in names)


def with_offer_columns(resources: QuerySet, here, now: datetime) -> QuerySet:
    """Adds distance (squared), fee and the next offered interval; ``here`` is a place or None."""
    offers = Offer.objects.everywhere(reason=TIMES_ONLY).filter(
        resource=OuterRef("pk"), status=OfferStatus.PUBLISHED
    )
    coming = (
        OfferedInterval.objects.everywhere(reason=TIMES_ONLY)
        .filter(resource=OuterRef("pk"), ends_at__gt=now)
        .order_by("ends_at")
    )
    return resources.annotate(
        squared_km=squared_km_from(here) if here else Value(None, output_field=FloatField()),
        fee=Subquery(offers.values("fee_per_hour")[:1]),
        currency=Subquery(offers.values("currency")[:1]),
        offered_from=Subquery(coming.values("starts_at")[:1]),
        offered_until=Subquery(coming.values("ends_at")[:1]),
    )


def with_list_columns(resources: QuerySet, kind: CatalogueKind, here, now: datetime) -> QuerySet:
    """The rows of the list as dictionaries."""
    return with_offer_columns(resources, here, now).values(
        *COLUMNS, *detail_columns(kind), *OFFER_COLUMNS
    )


def next_free(rows: list[dict], now: datetime) -> dict[int, tuple[datetime, datetime]]:
    """For each row the first interval from now on that is offered and not taken (14 days)."""
    until = now + LOOK_AHEAD
    taken = taken_times([row["pk"] for row in rows], now, until)
    free = {
        row["pk"]: (max(row["offered_from"], now), row["offered_until"])
        for row in rows
        if row["offered_from"] is not None and row["pk"] not in taken
    }
    return free | _free_between(taken, now, until)


def _free_between(taken: dict, now: datetime, until: datetime) -> dict:
    """The same for resources of which some time is taken."""
    if not taken:
        return {}
    intervals = (
        OfferedInterval.objects.everywhere(reason=TIMES_ONLY)
        .overlapping(now, until)
        .filter(resource__in=list(taken))
        .order_by("resource_id", "starts_at")
        .values_list("resource_id", "starts_at", "ends_at")
    )
    offered: dict[int, list] = {}
    for resource, starts_at, ends_at in intervals:
        offered.setdefault(resource, []).append((max(starts_at, now), ends_at))
    left = {key: subtract(offered[key], taken[key]) for key in offered}
    return {key: parts[0] for key, parts in left.items() if parts}


def by_freshness() -> tuple:
    """The list's own order: lately confirmed first, what nobody confirmed last."""
    return (F("confirmed_at").desc(nulls_last=True), "pk")
