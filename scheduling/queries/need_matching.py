"""Who could serve a need, and which needs an institution could serve."""

from collections.abc import Iterable
from datetime import timedelta

from django.db.models import Exists, OuterRef, Q

from resources.distance import between_sites
from resources.enums import ResourceStatus
from resources.models import Resource
from resources.search import search
from scheduling.models import Need, NeedAnswer, SharingRequest

MOST = 100  # needs that one page looks at
REASON = "who could serve a need is told so, each about its own resources"


def servers_of(need: Need) -> dict[int, list[Resource]]:
    """Institution → its resources that could serve, near enough; listed or not, for the need is
    for what nobody lists yet."""
    rows = Resource.objects.everywhere(reason=REASON).filter(kind=need.kind)
    rows = rows.exclude(institution=need.institution_id).exclude(status=ResourceStatus.RETIRED)
    if need.category_id:
        rows = rows.filter(category__path__startswith=need.category.path)
    else:
        rows = search(rows, need.what)
    found: dict[int, list[Resource]] = {}
    for resource in rows.select_related("institution", "site").order_by("pk"):
        if near_enough(need, resource.site):
            found.setdefault(resource.institution_id, []).append(resource)
    return found


def requests_from(need: Need):
    """The requests that were made from a need: by whoever posted it, for a resource that answered
    it, since the first answer, and in its days where both have some."""
    answers = list(NeedAnswer.objects.of(need).values_list("resource", "answered_at"))
    rows = SharingRequest.objects.borrowed_by(need.institution)
    if not answers:
        return rows.none()
    since = min(at for _resource, at in answers)
    rows = rows.filter(resource__in=[pk for pk, _at in answers], created_at__gte=since)
    if need.starts_at is None:
        return rows
    shift = timedelta(hours=need.flexible_hours)
    meets = Q(starts_at__lt=need.ends_at + shift, ends_at__gt=need.starts_at - shift)
    return rows.filter(meets | Q(starts_at__isnull=True))


def near_enough(need: Need, site) -> bool:
    if need.within_km is None or need.site is None:
        return True
    return between_sites(need.site, site) <= need.within_km


def that_we_could_serve(institution) -> list[tuple[Need, Resource]]:
    """Open needs of others with one of our resources that could serve; the most urgent first is
    the caller's affair.  Two queries, one where there is none."""
    own = Resource.objects.owned_by(institution).exclude(status=ResourceStatus.RETIRED)
    fitting = own.filter(
        kind=OuterRef("kind"), category__path__startswith=OuterRef("category__path")
    )
    needs = list(
        Need.objects.of_others(institution)
        .filter(Exists(fitting), category__isnull=False)
        .select_related("institution", "category", "site")
        .order_by("expires_at", "pk")[:MOST]
    )
    if not needs:
        return []
    own = own.filter(kind__in={need.kind for need in needs}).select_related("category", "site")
    by_path: dict[tuple[str, str, int], Resource] = {}
    for resource in own.order_by("pk"):
        by_path.setdefault((resource.kind, resource.category.path, resource.site_id), resource)
    found = ((need, _first(need, by_path.values())) for need in needs)
    return [(need, resource) for need, resource in found if resource is not None]


def _first(need: Need, resources: Iterable[Resource]) -> Resource | None:
    fitting = (r for r in resources if could_serve(need, r))
    return next(fitting, None)


def could_serve(need: Need, resource: Resource) -> bool:
    """Of its kind and category, and near enough; both come with their categories."""
    return (
        need.category is not None
        and resource.kind == need.kind
        and resource.category.path.startswith(need.category.path)
        and near_enough(need, resource.site)
    )


def needs_for(resource: Resource) -> list[Need]:
    """Open needs of others that this resource of ours could serve, the most pressing first."""
    rows = (
        Need.objects.of_others(resource.institution)
        .filter(kind=resource.kind, category__isnull=False)
        .select_related("institution", "category", "site")
        .order_by("expires_at", "pk")
    )
    return [need for need in rows if could_serve(need, resource)]
