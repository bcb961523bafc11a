"""Who could serve a need, and which needs an institution could serve."""

from datetime import timedelta

from django.db.models import Exists, OuterRef, Q, Sum
from django.db.models.functions import Coalesce

from resources.distance import between_sites
from resources.enums import ResourceStatus
from resources.models import Resource
from resources.search import holds, says, search, terms_of
from scheduling.models import Need, NeedAnswer, SharingRequest
from scheduling.states import State

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
    """The requests that were made from a need: those that a matching round proposed, and those by
    whoever posted it for a resource that answered it, since the first answer, and in its days where
    both have some."""
    answers = list(NeedAnswer.objects.of(need).standing().values_list("resource", "answered_at"))
    rows = SharingRequest.objects.borrowed_by(need.institution)
    proposed = Q(proposal__need=need)
    if not answers:
        return rows.filter(proposed)
    since = min(at for _resource, at in answers)
    answered = Q(resource__in=[pk for pk, _at in answers], created_at__gte=since)
    if need.starts_at is not None:
        shift = timedelta(hours=need.flexible_hours)
        meets = Q(starts_at__lt=need.ends_at + shift, ends_at__gt=need.starts_at - shift)
        answered &= meets | Q(starts_at__isnull=True)
    return rows.filter(proposed | answered)


def asked_for(need: Need, resource: Resource) -> bool:
    """Whether a request for the resource was made from the need and has not ended."""
    live = requests_from(need).exclude(state__in=[*State.ENDED, State.HELD])
    return live.filter(resource=resource).exists()


def booked_for(need: Need):
    """How many units or packs the approved requests of a need give it."""
    given = Sum(Coalesce("quantity", "units", output_field=SharingRequest.quantity.field))
    booked = requests_from(need).filter(state__in=State.BOOKED)
    return booked.aggregate(given=given)["given"] or 0


def near_enough(need: Need, site) -> bool:
    if need.within_km is None or need.site is None:
        return True
    return between_sites(need.site, site) <= need.within_km


def that_we_could_serve(institution) -> list[tuple[Need, Resource]]:
    """Open needs of others with one of our resources that could serve, by category or by the
    words of the need; the most urgent first is the caller's affair.  Two queries at most."""
    own = Resource.objects.owned_by(institution).exclude(status=ResourceStatus.RETIRED)
    fitting = own.filter(
        kind=OuterRef("kind"), category__path__startswith=OuterRef("category__path")
    )
    worded = own.filter(kind=OuterRef("kind"))
    needs = list(
        _with_answered(Need.objects.of_others(institution), institution)
        .filter(Exists(fitting) | Q(Exists(worded), category__isnull=True))
        .select_related("institution", "category", "site")
        .order_by("expires_at", "pk")[:MOST]
    )
    if not needs:
        return []
    own = list(own.filter(_meant_by(needs)).select_related("category", "site").order_by("pk"))
    found = ((need, next((r for r in own if could_serve(need, r)), None)) for need in needs)
    return [(need, resource) for need, resource in found if resource is not None]


def _with_answered(rows, institution):
    """``answered``: the institution has said that it can help, and has not taken that back."""
    answers = NeedAnswer.objects.owned_by(institution).standing().filter(need=OuterRef("pk"))
    return rows.annotate(answered=Exists(answers))


def _meant_by(needs: list[Need]) -> Q:
    """Condition on Resource: of the category or named by the words of one of the needs."""
    paths = {(need.kind, need.category.path) for need in needs if need.category}
    words = {(need.kind, tuple(terms_of(need.what))) for need in needs if not need.category}
    meant = Q(pk__in=())
    for kind, path in sorted(paths):
        meant |= Q(kind=kind, category__path__startswith=path)
    for kind, terms in sorted(words):
        meant |= Q(holds(terms), kind=kind) if terms else Q(pk__in=())
    return meant


def could_serve(need: Need, resource: Resource) -> bool:
    """Of its kind, of its category or named as it is worded, and near enough; both come with
    their categories."""
    if resource.kind != need.kind or not _is_meant(need, resource):
        return False
    return near_enough(need, resource.site)


def _is_meant(need: Need, resource: Resource) -> bool:
    if need.category is None:
        return says(resource.search_text, need.what)
    return resource.category.path.startswith(need.category.path)


def needs_for(resource: Resource) -> list[Need]:
    """Open needs of others that this resource of ours could serve, the most pressing first."""
    parts = resource.category.path.strip("/").split("/")
    above = ["/".join(parts[: n + 1]) + "/" for n in range(len(parts))]
    rows = (
        _with_answered(Need.objects.of_others(resource.institution), resource.institution)
        .filter(Q(category__path__in=above) | Q(category__isnull=True), kind=resource.kind)
        .select_related("institution", "category", "site")
        .order_by("expires_at", "pk")
    )
    return [need for need in rows[:MOST] if could_serve(need, resource)]
