"""Who could serve a need, and which needs an institution could serve."""

from collections import defaultdict
from datetime import timedelta

from django.db.models import Case, Exists, IntegerField, Min, OuterRef, Q, Sum, Value, When
from django.db.models.functions import Coalesce

from resources.distance import between_sites
from resources.enums import ResourceStatus
from resources.models import Category, Resource
from resources.search import holds, says, search, terms_of
from scheduling.models import Need, NeedAnswer, SharingRequest
from scheduling.states import State
from scheduling.waiting import RANK

MOST = 100  # needs that one page looks at
AT_HAND = 3  # so many times as many needs as are shown are looked at first
_URGENCY = Case(
    *[When(priority=priority, then=Value(rank)) for priority, rank in RANK.items()],
    output_field=IntegerField(),
)
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
    """The requests that were made from a need: those that a matching round proposed, and in its
    days, where both have some, those that were asked from its page and those by whoever posted it
    for a resource that answered it, since the first answer."""
    answers = list(NeedAnswer.objects.of(need).standing().values_list("resource", "answered_at"))
    rows = SharingRequest.objects.borrowed_by(need.institution)
    asked = Q(need=need)
    if answers:
        since = min(at for _resource, at in answers)
        resources = [pk for pk, _at in answers]
        asked |= Q(need=None, resource__in=resources, created_at__gte=since)
    return rows.filter(Q(proposal__need=need) | (asked & _in_days_of(need)))


def _in_days_of(need: Need) -> Q:
    if need.starts_at is None:
        return Q()
    shift = timedelta(hours=need.flexible_hours)
    meets = Q(starts_at__lt=need.ends_at + shift, ends_at__gt=need.starts_at - shift)
    return meets | Q(starts_at__isnull=True)


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
    words of the need; the most urgent first is the caller's affair.  Four queries at most, none of
    which reads all that we have."""
    own = _own(institution)
    categories = _categories_of(own)
    needs = _with_answered(_needs_in(institution, categories), institution)
    needs = list(needs.order_by("expires_at", "pk")[:MOST])
    return _served(institution, own, categories, needs)


def unanswered(institution, number: int) -> list[tuple[Need, Resource]]:
    """The most pressing ones that we have not answered.  Those at hand are enough as a rule: seven
    queries at most, and four as a rule."""
    own = _own(institution)
    categories = _categories_of(own)
    needs = _with_answered(_needs_in(institution, categories), institution)
    needs = needs.filter(answered=False).order_by(_URGENCY, "expires_at", "pk")
    at_hand = list(needs[: AT_HAND * number])
    found = _served(institution, own, categories, at_hand)
    if len(found) < number and len(at_hand) == AT_HAND * number:
        found += _served(institution, own, categories, list(needs[len(at_hand) : MOST]))
    return found[:number]


def _own(institution):
    return Resource.objects.owned_by(institution).exclude(status=ResourceStatus.RETIRED)


def _categories_of(own) -> list:
    """(pk, kind, path) of the categories that these resources are of."""
    rows = Category.objects.filter(Exists(own.filter(category=OuterRef("pk"))))
    return list(rows.values_list("pk", "kind", "path", named=True))


def _needs_in(institution, categories):
    """Open needs of others that are of these categories, or worded."""
    rows = Need.objects.of_others(institution).filter(_of_categories(categories))
    return rows.select_related("institution", "category", "site")


def _served(institution, own, categories, needs: list[Need]) -> list[tuple[Need, Resource]]:
    if not needs:
        return []
    rows = Resource.objects.owned_by(institution).filter(pk__in=_candidates(own, categories, needs))
    rows = list(rows.select_related("category", "site").order_by("pk"))
    found = ((need, next((r for r in rows if could_serve(need, r)), None)) for need in needs)
    return [(need, resource) for need, resource in found if resource is not None]


def _of_categories(categories) -> Q:
    """Condition on Need: of one of the categories or of one above it, or worded and of its kind."""
    above = defaultdict(set)
    for category in categories:
        above[category.kind].update(_with_above(category.path))
    meant = Q(category__isnull=True, kind__in=sorted(above))
    for kind, paths in sorted(above.items()):
        meant |= Q(kind=kind, category__path__in=sorted(paths))
    return meant


def _with_above(path: str) -> list[str]:
    parts = path.strip("/").split("/")
    return ["/".join(parts[: n + 1]) + "/" for n in range(len(parts))]


def _candidates(own, categories, needs: list[Need]) -> list[int]:
    """Of what each need means, the first at each of our sites: nothing else about a resource
    decides whether it could serve."""
    paths = {(need.kind, need.category.path) for need in needs if need.category}
    fitting = [c.pk for c in categories if any((c.kind, p) in paths for p in _with_above(c.path))]
    words = {(need.kind, tuple(terms_of(need.what))) for need in needs if not need.category}
    meant = [own.filter(category__in=fitting)]
    meant += [own.filter(holds(terms), kind=kind) for kind, terms in sorted(words) if terms]
    firsts = [_first_of_each(rows) for rows in meant]
    return [pk for (pk,) in firsts[0].union(*firsts[1:])]


def _first_of_each(rows):
    """Of each category at each site the resource that was there first."""
    return rows.order_by().values("category", "site").annotate(first=Min("pk")).values_list("first")


def _with_answered(rows, institution):
    """``answered``: the institution has said that it can help, and has not taken that back."""
    answers = NeedAnswer.objects.owned_by(institution).standing().filter(need=OuterRef("pk"))
    return rows.annotate(answered=Exists(answers))


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
    above = _with_above(resource.category.path)
    rows = (
        _with_answered(Need.objects.of_others(resource.institution), resource.institution)
        .filter(Q(category__path__in=above) | Q(category__isnull=True), kind=resource.kind)
        .select_related("institution", "category", "site")
        .order_by("expires_at", "pk")
    )
    return [need for need in rows[:MOST] if could_serve(need, resource)]
