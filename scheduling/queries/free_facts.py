"""The narrow rows of the free-for-dates search: one per listed resource, then those of the page.

The shape of a search varies in few ways (kind, mode, category); each has its statement, compiled
once.  Only words are searched by a statement of their own.
"""

from functools import cache

from django.db.models import (
    BigIntegerField,
    CharField,
    DateTimeField,
    F,
    OuterRef,
    QuerySet,
    Subquery,
)

from medshare_portal.db.prepared import AnyOf, Bind, Keys, Prepared
from medshare_portal.models import Site
from resources.distance import haversine_km
from resources.enums import OfferStatus, ResourceStatus, ShareMode
from resources.kinds import kinds
from resources.models import Category, Offer, OfferedInterval, Resource
from resources.search import search
from scheduling.kinds import kinds as workflow_kinds
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

SITES = Prepared(lambda: Site.objects.directory().values_list("pk", "latitude", "longitude"))
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


def facts_of(wish: Wish) -> list[Fact]:
    """One row per listed resource of others that the institution may see, with its distance."""
    if wish.text.strip():
        rows = search(
            _narrow(wish.kind, wish.mode, wish.institution.pk, wish.starts_at, _path(wish)),
            wish.text,
        )
    else:
        rows = _statement(wish.kind, wish.mode, wish.category is not None).rows(
            institution=wish.institution.pk, starts_at=wish.starts_at, path=_path(wish)
        )
    far = _distances(wish.site)
    return [Fact(*row, distance_km=far.get(row[SITE])) for row in rows]


def _path(wish: Wish) -> str | None:
    return None if wish.category is None else wish.category.path


@cache
def _statement(kind: str, mode: str | None, by_category: bool) -> Prepared:
    return Prepared(
        lambda: _narrow(kind, mode, INSTITUTION, STARTS_AT, PATH if by_category else None)
    )


def _narrow(kind: str, mode: str | None, institution, starts_at, path) -> QuerySet:
    """The values, or the places of values that come with each run."""
    first_interval = (
        OfferedInterval.objects.everywhere(reason=REASON)
        .filter(resource=OuterRef("pk"), ends_at__gt=starts_at)
        .order_by("ends_at")
    )
    detail, has_modes = kinds[kind].detail, ShareMode.LOAN in kinds[kind].mode_fields
    queryset = (
        Resource.objects.visible_to(institution)
        .filter(kind=kind, status=ResourceStatus.LISTED, offers__status=OfferStatus.PUBLISHED)
        .exclude(institution=institution)
    )
    if path is not None:
        below = Category.objects.filter(path__startswith=path)
        queryset = queryset.filter(category__in=below)
    if mode in ShareMode.values and has_modes:
        queryset = queryset.filter(**{f"{detail}__{mode}": True})
    return queryset.values_list(
        "pk",
        "code",
        "institution__name_en",
        "institution__name_zh",
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
        F(f"{detail}__loan" if has_modes else "pk"),
        Subquery(first_interval.values("starts_at")[:1]),
        Subquery(first_interval.values("ends_at")[:1]),
    )


def _distances(site) -> dict[int, float]:
    """Kilometres from a site to every site of the city; nothing where no site is given."""
    if site is None:
        return {}
    return {row[0]: haversine_km(site.latitude, site.longitude, *row[1:]) for row in SITES.rows()}


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
