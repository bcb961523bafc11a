"""How many resources stand behind each choice of the catalogue's filters.

Counts are over all that an institution sees, kept for a minute, or longer where reading them takes
long: they tell where things are, and the list itself is always read afresh.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from time import process_time

from django.core.cache import cache
from django.db.models import Count

from medshare_portal.models import Site
from resources.kinds import CatalogueKind
from resources.models import Category
from resources.queries.narrowing import asking, catalogue

KEEP_SECONDS, KEEP_AT_MOST = 60, 600
KEEP_TIMES = 3000  # as long as reading them took
MOST_SUGGESTED = 50  # institutions; any other is found by typing its name


@dataclass
class Facets:
    """Choices as ``(value, name_en, name_zh, count)``; categories also carry their depth."""

    here: tuple[float, float] | None = None
    categories: list[tuple] = field(default_factory=list)
    institutions: list[tuple] = field(default_factory=list)
    districts: list[tuple] = field(default_factory=list)
    modes: Counter = field(default_factory=Counter)
    ours: int = 0
    others: int = 0


@dataclass(frozen=True)
class Place:
    """Where distances are measured from."""

    latitude: float
    longitude: float


def facets_for(institution, kind: CatalogueKind, now: datetime) -> Facets:
    """The choices for an institution: three queries once in a while, else none."""
    key = f"facets:{institution.pk}:{institution.slug}:{kind.code}"
    found = cache.get(key)
    if found is None:
        started = process_time()
        found = read_facets(institution, kind, now)
        cache.set(key, found, _keep_seconds(process_time() - started))
    return found


def _keep_seconds(spent: float) -> float:
    """A minute, or so long that reading them stays a small share of the time."""
    return min(max(KEEP_SECONDS, spent * KEEP_TIMES), KEEP_AT_MOST)


def here_of(facets: Facets) -> Place | None:
    return Place(*facets.here) if facets.here else None


def read_facets(institution, kind: CatalogueKind, now: datetime) -> Facets:
    modes = [f"{kind.detail}__{name}" for name in kind.mode_fields]
    rows = (
        catalogue(asking(institution, now), kind)
        .order_by()
        .values_list(
            "category_id",
            "institution_id",
            "institution__slug",
            "institution__name_en",
            "institution__name_zh",
            "institution__district_en",
            "institution__district_zh",
            *modes,
        )
        .annotate(number=Count("pk"))
    )
    return _summed(list(rows), institution, kind)


def _summed(rows: list[tuple], institution, kind: CatalogueKind) -> Facets:
    categories, owners, districts, found = Counter(), Counter(), Counter(), Facets()
    for category, owner, slug, name_en, name_zh, district_en, district_zh, *modes, number in rows:
        categories[category] += number
        owners[(slug, name_en, name_zh)] += number
        districts[(district_en or district_zh, district_en, district_zh)] += number
        for name, allowed in zip(kind.mode_fields, modes, strict=True):
            found.modes[name] += number * bool(allowed)
        if owner == institution.pk:
            found.ours += number
        else:
            found.others += number
    found.categories = _tree(categories, kind)
    most = owners.most_common(MOST_SUGGESTED)
    found.institutions = sorted((*key, number) for key, number in most)
    found.districts = sorted((*key, number) for key, number in districts.items() if key[0])
    found.here = _main_site(institution)
    return found


def _tree(counts: Counter, kind: CatalogueKind) -> list[tuple]:
    """Categories with something in them or below them, in tree order."""
    nodes = list(
        Category.objects.filter(kind=kind.code)
        .order_by("path")
        .values_list("pk", "path", "slug", "name_en", "name_zh")
    )
    by_path = {path: counts[key] for key, path, *_names in nodes}
    totals = Counter()
    for path, number in by_path.items():
        parts = path.rstrip("/").split("/")
        for depth in range(1, len(parts) + 1):
            totals["/".join(parts[:depth]) + "/"] += number
    return [
        (slug, name_en, name_zh, totals[path], path.count("/") - 1)
        for _key, path, slug, name_en, name_zh in nodes
        if totals[path]
    ]


def _main_site(institution) -> tuple[float, float] | None:
    sites = Site.objects.owned_by(institution).filter(active=True).order_by("-is_main", "pk")
    return sites.values_list("latitude", "longitude").first()
