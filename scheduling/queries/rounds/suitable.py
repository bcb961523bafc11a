"""Of all that was ranked for one need what is told: looked at by the workflow's rules, one of each
owner, and the closest that are out."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.db.models import prefetch_related_objects

from medshare_portal.findings import Findings
from resources.distance import between_sites
from resources.models import Offer, Resource
from scheduling.kinds import kinds
from scheduling.matching.ranking import Choice, NearMiss, Ranking
from scheduling.models import Need, Proposal
from scheduling.queries.rounds import timed
from scheduling.queries.rounds.draft import Draft
from scheduling.queries.rounds.of_kind import RoundKind
from scheduling.queries.rounds.wanted import Wanted

MOST_JUDGED, MOST_SHOWN, TRIED_OF_EACH = 8, 5, 2
ABSENT = "absent"
PLACES = ("institution", "site", "category")


@dataclass(frozen=True, kw_only=True)
class Suitable:
    """A resource that could serve the need, or ``quantity`` of it; ``beside``: how many more of
    its owner could; ``kilometres``: as the crow flies, as the search and its limits count them."""

    beside: int
    kilometres: float
    choice: Choice
    resource: Resource
    offer: Offer
    quantity: int
    starts_at: datetime | None
    ends_at: datetime | None
    findings: Findings


@dataclass(frozen=True, kw_only=True)
class Unsuitable:
    """A resource that is out: by the matcher's rule (``miss``) or by the workflow's;
    ``kilometres`` as above."""

    resource: Resource
    kilometres: float
    miss: NearMiss | None = None
    findings: Findings | None = None


@dataclass(frozen=True, kw_only=True)
class Found:
    """``number``: how many pass the matcher's rules; ``funnel``: (code, how many are left), from
    all that the institution sees over those with something free or left then;
    ``left_out``: why the need could not be compared at all."""

    suitable: tuple[Suitable, ...] = ()
    unsuitable: tuple[Unsuitable, ...] = ()
    number: int = 0
    funnel: tuple[tuple[str, int], ...] = ()
    left_out: str = ""


def picked(
    wanted: Wanted,
    draft: Draft,
    how: RoundKind,
    ranking: Ranking,
    owner_of: dict[int, str],
    absent: list[int],
) -> Found:
    """``owner_of``: resource → short name of its institution; ``absent``: resources with nothing
    to offer at that time.  Of what one owner has the best stands for all."""
    choices, beside = _best_of_each(ranking.choices, owner_of)
    misses = _one_of_each(ranking.misses, owner_of)
    resources = _resources(wanted.need, [*(one.group for one in (*choices, *misses)), *absent])
    misses += [NearMiss(pk, ABSENT, None, 0, 0.0) for pk in absent if pk in resources]
    home = wanted.need.site or draft.sites[wanted.need.institution_id]
    choices = [one for one in choices if one.group in resources]
    proposals = [_proposal(wanted, draft, one, resources[one.group]) for one in choices]
    judged = list(zip(choices, proposals, how.judge(proposals, draft.now), strict=True))
    offers = timed.offers_of([row.resource for row in proposals])
    suitable: dict[str, Suitable] = {}
    for choice, row, findings in judged:
        owner = owner_of[choice.group]
        if not findings.blocks and owner not in suitable:
            km = between_sites(home, row.resource.site)
            suitable[owner] = _suitable(choice, row, offers, findings, beside[owner], km)
    out = [
        Unsuitable(
            resource=row.resource,
            kilometres=between_sites(home, row.resource.site),
            findings=findings,
        )
        for choice, row, findings in judged
        if findings.blocks and owner_of[choice.group] not in suitable
    ]
    out += [
        Unsuitable(
            resource=resources[miss.group],
            kilometres=between_sites(home, resources[miss.group].site),
            miss=miss,
        )
        for miss in misses
        if miss.group in resources
    ]
    return Found(
        suitable=tuple(suitable.values())[:MOST_SHOWN],
        unsuitable=tuple(out[:MOST_SHOWN]),
        number=ranking.admissible,
        funnel=tuple((step.code, step.left) for step in ranking.funnel),
    )


def _best_of_each(
    choices: tuple[Choice, ...], owner_of: dict[int, str]
) -> tuple[list[Choice], dict[str, int]]:
    """The best two of each owner, as the first may be stopped by a rule of the workflow, and how
    many more each has."""
    number: dict[str, int] = defaultdict(int)
    found = []
    for choice in choices:
        number[owner_of[choice.group]] += 1
        if number[owner_of[choice.group]] <= TRIED_OF_EACH:
            found.append(choice)
    return found[:MOST_JUDGED], {owner: count - 1 for owner, count in number.items()}


def _one_of_each(misses: tuple[NearMiss, ...], owner_of: dict[int, str]) -> list[NearMiss]:
    """What the same rule keeps out at one owner is told once; what was asked already is known."""
    found: dict[tuple[str, str], NearMiss] = {}
    for miss in misses:
        if miss.code != "struck":
            found.setdefault((owner_of[miss.group], miss.code), miss)
    return list(found.values())[:MOST_SHOWN]


def _suitable(
    choice: Choice,
    row: Proposal,
    offers: dict[int, Offer],
    findings: Findings,
    beside: int,
    kilometres: float,
) -> Suitable:
    return Suitable(
        beside=beside,
        kilometres=kilometres,
        choice=choice,
        resource=row.resource,
        offer=offers[row.resource_id],
        quantity=row.quantity,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        findings=findings,
    )


def _resources(need: Need, keys: list[int]) -> dict[int, Resource]:
    """Once more by what the institution sees: nothing else is named to it."""
    rows = Resource.objects.visible_to(need.institution).filter(pk__in=keys)
    found = list(rows.select_related(*PLACES))
    prefetch_related_objects(found, *kinds[need.kind].rule_related)
    return {row.pk: row for row in found}


def _proposal(wanted: Wanted, draft: Draft, choice: Choice, resource: Resource) -> Proposal:
    """What a round would propose; never stored."""
    need, match = wanted.need, choice.matches[0]
    moves = need.flexible_hours > 0
    times = (match.starts_at, match.ends_at) if moves and match.starts_at is not None else None
    starts_at, ends_at = map(draft.moment, times) if times else (need.starts_at, need.ends_at)
    return Proposal(
        need=need,
        resource=resource,
        owner=resource.institution,
        borrower=need.institution,
        kind=need.kind,
        quantity=sum(each.quantity for each in choice.matches),
        starts_at=starts_at,
        ends_at=ends_at,
    )
