"""The narrow rows of the free-for-dates search: one per listed resource, then those of the page.

The shape of a search varies in few ways; each has its statement, compiled once.
"""

from collections.abc import Collection
from functools import cache
from typing import NamedTuple

from django.db.models import (
    BigIntegerField,
    CharField,
    DateTimeField,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)

from medshare_portal.db.prepared import AnyOf, Bind, Keys, Prepared
from resources.enums import OfferStatus, ResourceStatus, ShareMode
from resources.kinds import kinds
from resources.models import Category, Offer, OfferedInterval, Resource
from resources.search import Terms, holds
from resources.search import terms_of as words_of
from scheduling.kinds import kinds as workflow_kinds
from scheduling.queries.free_rings import EVERYWHERE, INSIDE, Ring
from scheduling.queries.free_values import Fact, Searchable, Wish

REASON = "the search looks at the offered times of every visible resource; only times come out"
INSTITUTION = Bind("institution", BigIntegerField())
STARTS_AT = Bind("starts_at", DateTimeField())
PATH = Bind("path", CharField())

# What the rows of the page show, the ways round take over, and the generic rules read.
OF_OFFER = (
    "institution",
    "resource",
    "status",
    "notice_hours",
    "max_loan_hours",
    "setup_minutes",
    "transport_minutes",
    "cleaning_minutes",
    "recall_notice_hours",
    "reserve_percent",
    "fee_per_hour",
    "currency",
    "confirmed_at",
)
OF_RESOURCE = (
    "institution",
    "site",
    "category",
    "kind",
    "code",
    "name_en",
    "name_zh",
    "units",
    "status",
    "condition",
    "institution__name_en",
    "institution__name_zh",
    "institution__slug",
    "institution__licence_valid_to",
    "site__name_en",
    "site__name_zh",
    "site__time_zone",
)

SITE = 4  # the place of the site's key in a fact

CATEGORIES = Prepared(
    lambda: (
        Category.objects.filter(kind=Bind("kind", CharField()), shareable=True)
        .order_by("slug", "pk")
        .values_list(*Searchable._fields)
    )
)


def categories_of(kind: str) -> list[Searchable]:
    """The categories of a kind that a search may name."""
    return [Searchable(*row) for row in CATEGORIES.rows(kind=kind)]


def shared_category(keys: Collection[int]) -> Searchable | None:
    """The one of these categories in which all the others lie, if there is one; one statement."""
    rows = Category.objects.filter(pk__in=keys).values_list("shareable", *Searchable._fields)
    found = [(shareable, Searchable(*row)) for shareable, *row in rows] if keys else []
    if not found:
        return None
    shareable, widest = min(found, key=lambda one: (len(one[1].path), one[1].path))
    shared = all(row.path.startswith(widest.path) for _shareable, row in found)
    return widest if shared and shareable else None


def facts_of(wish: Wish, ring: Ring, distances: dict[int, float]) -> list[Fact]:
    """One row per listed resource of others in a ring that the institution may see."""
    words = words_of(wish.text)
    if wish.text.strip() and not words:
        return []
    by = Shape(wish.kind, wish.mode, wish.category is not None, bool(words), ring.place)
    rows = _statement(by).rows(
        institution=wish.institution.pk,
        starts_at=wish.starts_at,
        path=_path(wish),
        words=words,
        sites=ring.sites,
    )
    return [Fact(*row, distance_km=distances.get(row[SITE])) for row in rows]


def _path(wish: Wish) -> str | None:
    return None if wish.category is None else wish.category.path


class Shape(NamedTuple):
    """What the text of the statement depends on."""

    kind: str
    mode: str | None
    by_category: bool
    by_words: bool
    place: str  # of the ring


@cache
def _statement(shape: Shape) -> Prepared:
    return Prepared(lambda: _columns(_narrow(shape), shape.kind))


def _narrow(shape: Shape) -> QuerySet:
    queryset = (
        Resource.objects.visible_to(INSTITUTION)
        .filter(kind=shape.kind, status=ResourceStatus.LISTED, offers__status=OfferStatus.PUBLISHED)
        .exclude(institution=INSTITUTION)
    )
    if shape.place != EVERYWHERE:
        these = Q(AnyOf("site", Keys("sites")))
        queryset = queryset.filter(these if shape.place == INSIDE else ~these)
    if shape.by_category:
        queryset = queryset.filter(category__in=Category.objects.filter(path__startswith=PATH))
    if shape.by_words:
        queryset = queryset.filter(holds(Terms("words")))
    if shape.mode in ShareMode.values and _has_modes(shape.kind):
        queryset = queryset.filter(**{f"{kinds[shape.kind].detail}__{shape.mode}": True})
    return queryset


def _has_modes(kind: str) -> bool:
    return ShareMode.LOAN in kinds[kind].mode_fields


def _columns(queryset: QuerySet, kind: str) -> QuerySet:
    """What a ``Fact`` is made of."""
    first_interval = (
        OfferedInterval.objects.everywhere(reason=REASON)
        .filter(resource=OuterRef("pk"), ends_at__gt=STARTS_AT)
        .order_by("ends_at")
    )
    return queryset.values_list(
        "pk",
        "code",
        "institution__name_en",
        "institution__name_zh",
        "site_id",
        "units",
        "confirmed_at",
        "offers__pk",
        "institution_id",
        "category_id",
        "offers__notice_hours",
        "offers__max_loan_hours",
        "offers__setup_minutes",
        "offers__transport_minutes",
        "offers__cleaning_minutes",
        "offers__fee_per_hour",
        F(f"{kinds[kind].detail}__loan" if _has_modes(kind) else "pk"),
        Subquery(first_interval.values("starts_at")[:1]),
        Subquery(first_interval.values("ends_at")[:1]),
    )


def terms_of(kind: str, offers: list[int]) -> dict[int, Offer]:
    """Resource id → the offer, its resource loaded with what a row shows and the rules read.

    The keys come from the facts, so the institution may see these resources.
    """
    return {offer.resource_id: offer for offer in _terms(kind).instances(offers=offers)}


@cache
def _terms(kind: str) -> Prepared:
    workflow, detail = workflow_kinds[kind], kinds[kind].detail
    related = ("institution", "site", detail, *workflow.rule_related)
    reads = workflow.rule_reads or [
        f"{detail}__{field.attname}"
        for field in Resource._meta.get_field(detail).related_model._meta.concrete_fields
    ]
    columns = (*OF_RESOURCE, *workflow.rule_related, *reads)
    return Prepared(
        lambda: (
            Offer.objects.everywhere(reason=REASON)
            .filter(AnyOf("pk", Keys("offers")))
            .select_related("resource", *(f"resource__{path}" for path in related))
            .only(*OF_OFFER, *(f"resource__{path}" for path in columns))
        )
    )
