"""Who could serve one need now, in order, and why the closest others cannot.

A problem of the matcher that is small: one need, the offers that its institution sees, the nearest
of them, and the open needs of others that could want the same.  The workflow's rules are asked
about what comes first, as in a round.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import product

from django.db.models import Q

from medshare_portal import policy
from medshare_portal.models import Institution, Site
from resources.distance import between_sites
from resources.enums import ResourceStatus
from resources.models import Resource
from scheduling.matching import problem as matcher
from scheduling.matching.ranking import rank
from scheduling.models import Need, Proposal
from scheduling.queries.rounds.draft import SLOT, Draft, key_of
from scheduling.queries.rounds.of_kind import round_kind
from scheduling.queries.rounds.problem import (
    first_slot,
    horizon,
    institutions,
    rest_minutes,
    zone_of_city,
)
from scheduling.queries.rounds.suitable import MOST_SHOWN, Found, picked
from scheduling.queries.rounds.wanted import Wanted

REASON = "proposals that wait take their time; only what is left over comes out"
MOST_OFFERS = 200  # resources that are compared, nearest first
MOST_RIVALS = 100  # open needs of others that are compared with it


def who_could_serve(wanted: Wanted, *, now: datetime) -> Found:
    """The number of statements depends on the kind, not on the offers."""
    draft, seen, number = _draft(wanted, now)
    if not {wanted.need.institution_id} <= draft.sites.keys() & draft.institutions.keys():
        return Found()  # nothing can be brought to it
    how = round_kind(wanted.need.kind)
    how.draw(draft, [wanted.need, *_rivals(wanted, draft)])
    problem = _problem(draft, wanted)
    parts = tuple(row.id for row in problem.needs(how.matcher) if key_of(row.id) == wanted.need.pk)
    if not parts:
        return Found(left_out=draft.left_out.get(wanted.need.pk, ""))
    ranking = rank(problem, how.matcher, parts, group=key_of)
    drawn = {key_of(row.id) for row in problem.offers(how.matcher)}
    absent = [pk for pk in seen if pk not in drawn and pk not in wanted.without]
    owner_of = {key_of(row.id): row.institution for row in problem.offers(how.matcher)}
    found = picked(wanted, draft, how, ranking, owner_of, absent[:MOST_SHOWN])
    steps = (("all", number), ("drawn", number - len(absent)))
    return replace(found, funnel=steps + found.funnel)


def _draft(wanted: Wanted, now: datetime) -> tuple[Draft, list[int], int]:
    """Without offers yet; the resources that are compared, nearest first, and the number of all."""
    need = wanted.need
    sites = {}
    for site in Site.objects.directory().order_by("is_main", "-pk"):
        sites[site.institution_id] = site
    keys, number = _nearest(wanted, sites, now)
    starts_at, ends_at = _times(need, now)
    draft = Draft(
        now=now,
        starts_at=starts_at,
        ends_at=ends_at,
        zone=zone_of_city(),
        institutions={row.pk: row for row in Institution.objects.directory().order_by("pk")},
        sites=sites,
        only=Q(pk__in=keys),
        items={need.pk: wanted.item} if wanted.item else {},
    )
    draft.remaining[need.pk] = wanted.missing
    waiting = Proposal.objects.everywhere(reason=REASON).standing().filter(resource__in=keys)
    for row in waiting.select_related("need"):
        draft.standing.setdefault(row.resource_id, []).append(row)
    return draft, keys, number


def _nearest(wanted: Wanted, sites: dict[int, Site], now: datetime) -> tuple[list[int], int]:
    """Resources that the institution sees offered, as many as are compared, and their number."""
    need = wanted.need
    oldest = now - timedelta(days=policy.current().offer.hide_after_days)
    rows = Resource.objects.visible_to(need.institution).filter(
        status=ResourceStatus.LISTED, confirmed_at__gte=oldest, offers__status="published"
    )
    rows = wanted.named(rows).exclude(institution=need.institution)
    pairs = [pair for pair in rows.values_list("institution", "pk") if pair[0] in sites]
    home = need.site or sites.get(need.institution_id)
    if home is not None:
        ways = {pk: between_sites(home, sites[pk]) for pk in {pair[0] for pair in pairs}}
        pairs.sort(key=lambda pair: (ways[pair[0]], pair[1]))
    return [pk for _place, pk in pairs[:MOST_OFFERS]], len(pairs)


def _times(need: Need, now: datetime) -> tuple[datetime, datetime]:
    slot, first = timedelta(minutes=SLOT), first_slot(now)
    if need.starts_at is None:
        return first, max(first, first_slot(need.needed_by or now)) + timedelta(days=1)
    shift = timedelta(hours=need.flexible_hours)
    starts_at = max(first, first_slot(need.starts_at - shift - slot))
    return starts_at, max(starts_at, first_slot(need.ends_at + shift)) + slot


def _rivals(wanted: Wanted, draft: Draft) -> list[Need]:
    """Open needs that could want the same; what proposals will bring them is not missing."""
    need = wanted.need
    rows = Need.objects.for_round(draft.sites.keys() - {need.institution_id}).filter(
        kind=need.kind, expires_at__gt=draft.now
    )
    if need.category_id:
        parts = need.category.path.strip("/").split("/")
        above = ["/".join(parts[: n + 1]) + "/" for n in range(len(parts))]
        within = Q(category__path__startswith=need.category.path)
        rows = rows.filter(within | Q(category__path__in=above) | Q(category__isnull=True))
    if need.starts_at is not None:
        rows = rows.filter(starts_at__lt=draft.ends_at, ends_at__gt=draft.starts_at)
    rows = rows.select_related("category", "institution", "site")
    found = list(rows.order_by("expires_at", "pk")[:MOST_RIVALS])
    promised = [row for each in draft.standing.values() for row in each]
    for row in found:
        given = sum(each.quantity for each in promised if each.need_id == row.pk)
        draft.remaining[row.pk] = max(0, row.quantity - given)
    return [row for row in found if draft.remaining[row.pk]]


def _problem(draft: Draft, wanted: Wanted) -> matcher.Problem:
    """Without history: of one need it changes no order but that of who would lose."""
    lists = {name: tuple(rows) for name, rows in draft.lists.items()}
    needs = (row.id for name in matcher.NEEDS.values() for row in lists.get(name, ()))
    offers = (row.id for name in matcher.OFFERS.values() for row in lists.get(name, ()))
    struck = product(
        [ref for ref in needs if key_of(ref) == wanted.need.pk],
        [ref for ref in offers if key_of(ref) in wanted.without],
    )
    return matcher.Problem(
        horizon=horizon(draft),
        institutions=institutions(draft, {}, {}),
        struck=frozenset(struck),
        parameters=matcher.Parameters(rest_minutes=rest_minutes()),
        **lists,
    )
