"""The rows of a page of the catalogue, by their keys, and when they are free next.

Rows are dictionaries of the columns that other institutions may read (the visibility contract);
no model instances are made for a list.
"""

from datetime import datetime, timedelta
from functools import cache

from django.db.models import BigIntegerField, DateTimeField, OuterRef, QuerySet, Subquery

from medshare_portal.db.prepared import AnyOf, Bind, Keys, Prepared
from resources.distance import haversine_km
from resources.enums import OfferStatus
from resources.intervals import subtract
from resources.kinds import CatalogueKind, kinds
from resources.models import Offer, OfferedInterval, Resource
from resources.occupancy import TIMES_ONLY, taken_times

OFFER_COLUMNS = ("fee", "fee_per_shift", "currency", "offered_from", "offered_until")
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
    "site__latitude",
    "site__longitude",
)


def detail_columns(kind: CatalogueKind) -> tuple[str, ...]:
    """The columns of the kind's detail row that its list shows."""
    names = (*kind.mode_fields, *(("status",) if kind.states else ()))
    return tuple(f"{kind.detail}__{name}" for name in names)


def with_offer_columns(resources: QuerySet, now) -> QuerySet:
    """Adds the fee and the next offered interval; ``now`` may be a place for it."""
    offers = Offer.objects.everywhere(reason=TIMES_ONLY).filter(
        resource=OuterRef("pk"), status=OfferStatus.PUBLISHED
    )
    coming = (
        OfferedInterval.objects.everywhere(reason=TIMES_ONLY)
        .filter(resource=OuterRef("pk"), ends_at__gt=now)
        .order_by("ends_at")
    )
    return resources.annotate(
        fee=Subquery(offers.values("fee_per_hour")[:1]),
        fee_per_shift=Subquery(offers.values("fee_per_shift")[:1]),
        currency=Subquery(offers.values("currency")[:1]),
        offered_from=Subquery(coming.values("starts_at")[:1]),
        offered_until=Subquery(coming.values("ends_at")[:1]),
    )


@cache
def _rows_of(name: str) -> Prepared:
    """The statement for the rows of a page of the kind of this name."""
    columns = (*COLUMNS, *detail_columns(kinds[name]), *OFFER_COLUMNS)

    def rows() -> QuerySet:
        visible = Resource.objects.visible_to(Bind("institution", BigIntegerField()))
        page = visible.filter(AnyOf("pk", Keys("keys")))
        return with_offer_columns(page, Bind("now", DateTimeField())).values(*columns)

    return Prepared(rows)


def rows_of_page(
    keys: list[int], *, institution, kind: CatalogueKind, here, now: datetime
) -> list[dict]:
    """The resources of these keys as dictionaries, in their order, with the way there (``km``)."""
    found = _rows_of(kind.code).dicts(keys=keys, institution=institution.pk, now=now)
    by_key = {row["pk"]: row for row in found}
    for row in found:
        place = row.pop("site__latitude"), row.pop("site__longitude")
        row["km"] = haversine_km(here.latitude, here.longitude, *place) if here else None
    return [by_key[key] for key in keys if key in by_key]


def next_free(rows: list[dict], now: datetime) -> dict[int, tuple[datetime, datetime]]:
    """For each row the first interval from now on that is offered and not taken.

    Most are free within the next offered interval, which the row tells; the later ones of the
    others are read for LOOK_AHEAD.
    """
    coming = {
        row["pk"]: [(max(row["offered_from"], now), row["offered_until"])]
        for row in rows
        if row["offered_from"] is not None
    }
    until = max([now + LOOK_AHEAD, *(parts[0][1] for parts in coming.values())])
    taken = taken_times(coming, now, until, now=now)
    free = _first_left(coming, taken)
    full = [key for key in coming if key not in free]
    return free | _first_left(_offered(full, now, now + LOOK_AHEAD), taken) if full else free


def _first_left(offered: dict[int, list], taken: dict[int, list]) -> dict:
    """For each resource the first of its offered intervals that the taken ones leave."""
    left = {key: subtract(parts, taken.get(key, ())) for key, parts in offered.items()}
    return {key: parts[0] for key, parts in left.items() if parts}


_OFFERED = Prepared(
    lambda: (
        OfferedInterval.objects.everywhere(reason=TIMES_ONLY)
        .overlapping(Bind("starts_at", DateTimeField()), Bind("ends_at", DateTimeField()))
        .filter(AnyOf("resource", Keys("resources")))
        .order_by("resource_id", "starts_at")
        .values_list("resource_id", "starts_at", "ends_at")
    )
)


def _offered(resources: list[int], now: datetime, until: datetime) -> dict[int, list]:
    found: dict[int, list] = {}
    for resource, starts_at, ends_at in _OFFERED.rows(
        resources=resources, starts_at=now, ends_at=until
    ):
        found.setdefault(resource, []).append((max(starts_at, now), ends_at))
    return found
