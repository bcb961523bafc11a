"""Who can cover a shift: from all who hold the skill down to those who may be invited now."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from django.db.models import Count, Exists, OuterRef, QuerySet, Window

from medshare_portal import policy
from medshare_portal.findings import Finding, Findings
from resources.distance import squared_km_from
from resources.enums import OfferStatus, ResourceStatus
from resources.models import Offer, OfferedInterval, Resource
from resources.occupancy import taken
from scheduling.kinds.staff.facts import Asked, ShiftFacts
from scheduling.kinds.staff.queries.facts import travel_minutes
from scheduling.kinds.staff.rules import papers
from scheduling.models import SharingRequest
from scheduling.queries.rule_facts import Wish, contexts_of
from scheduling.rules import findings_for_request
from scheduling.states import State

REASON = "only whether a visible person is offered comes out"
FAR = timedelta(days=3650)


class Group(StrEnum):
    """What can be done with a person now."""

    COMPLIANT = "compliant"
    MISSING = "missing"
    BLOCKED = "blocked"


@dataclass(frozen=True, kw_only=True)
class Need:
    """A shift that a host needs covered."""

    host: object
    profession: object
    starts_at: datetime
    ends_at: datetime
    asked: Asked
    within_minutes: int | None = None
    priority: str = "routine"


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """One person: never a name, only the badge and what concerns the shift."""

    resource: Resource
    facts: ShiftFacts
    findings: Findings
    offer: Offer | None = None  # in force: what the shift costs
    invitation: int | None = None  # the host's own for this time, which waits for its consents

    @property
    def papers(self) -> list[Finding]:
        """What is missing among the papers."""
        return [finding for finding in self.findings.blocks if finding.code in papers.CODES]

    @property
    def group(self) -> Group:
        blocks = self.findings.blocks
        if not blocks:
            return Group.COMPLIANT
        return Group.MISSING if len(blocks) == len(self.papers) == 1 else Group.BLOCKED

    @property
    def travel(self) -> int:
        return self.facts.duty.travel_minutes

    @property
    def rest(self) -> timedelta:
        """The shorter of the rests before and after; far more than enough where none bounds it."""
        least = self.facts.assessment.least_rest
        return FAR if least is None else least


@dataclass(kw_only=True)
class Found:
    """The funnel (how many are left after each question) and who is left, by group."""

    skilled: int = 0
    offered: int = 0
    free: int = 0
    left_out: int = 0  # free, but farther than the nearest that one search looks at
    groups: dict[Group, list[Candidate]] = field(default_factory=dict)

    @property
    def nearly(self) -> int:
        return len(self.groups[Group.COMPLIANT]) + len(self.groups[Group.MISSING])


def find(need: Need, *, now: datetime) -> Found:
    """Two counts, then the nearest who are free with all that the rules need."""
    skilled = _skilled(need, now)
    offered = skilled.filter(_offered(need))
    free = offered.exclude(taken(need.starts_at, need.ends_at, now=now))
    most = policy.current().staff.most_candidates
    nearest, number = _nearest(free, need, most)
    found = Found(skilled=skilled.count(), offered=offered.count(), free=number)
    found.left_out = max(0, found.free - most)
    people = _people(nearest, need)
    candidates = [c for c in _judged(people, need, now) if _near_enough(c, need)]
    found.groups = {group: [c for c in candidates if c.group == group] for group in Group}
    found.groups[Group.COMPLIANT].sort(key=lambda c: (-c.rest, c.travel, c.resource.pk))
    for group in (Group.MISSING, Group.BLOCKED):
        found.groups[group].sort(key=lambda c: (len(c.findings.blocks), c.travel, c.resource.pk))
    return found


def _skilled(need: Need, now: datetime) -> QuerySet:
    """People of other institutions whom the host sees, of the profession and specialty."""
    oldest = now - timedelta(days=policy.current().offer.hide_after_days)
    rows = Resource.objects.visible_to(need.host).filter(
        kind="staff",
        category=need.profession,
        status=ResourceStatus.LISTED,
        confirmed_at__gte=oldest,
    )
    rows = rows.exclude(institution=need.host)
    if need.asked.specialty is None:
        return rows
    return rows.filter(staff_member__specialties=need.asked.specialty)


def _offered(need: Need) -> Exists:
    intervals = OfferedInterval.objects.everywhere(reason=REASON).covering(
        need.starts_at, need.ends_at
    )
    in_force = intervals.filter(resource=OuterRef("pk"), offer__status=OfferStatus.PUBLISHED)
    return Exists(in_force)


def _nearest(rows: QuerySet, need: Need, most: int) -> tuple[list[int], int]:
    """Keys of the nearest and the number of all: whether somebody is free is asked once."""
    near = rows.annotate(squared_km=squared_km_from(need.asked.site), all=Window(Count("*")))
    found = list(near.order_by("squared_km", "pk").values_list("pk", "all")[:most])
    return [key for key, _all in found], found[0][1] if found else 0


def _people(keys: list[int], need: Need) -> list[Resource]:
    """In the order of the keys; institutions and sites are few, so each is read once."""
    rows = Resource.objects.visible_to(need.host).select_related("staff_member")
    found = rows.prefetch_related("institution", "site").in_bulk(keys)
    people = [found[key] for key in keys if key in found]
    for person in people:
        person.category = need.profession
    return people


def _judged(people: list[Resource], need: Need, now: datetime) -> list[Candidate]:
    wishes = [
        Wish(
            resource=person,
            borrower=need.host,
            starts_at=need.starts_at,
            ends_at=need.ends_at,
            priority=need.priority,
            asked=need.asked,
        )
        for person in people
    ]
    invited = _invitations(people, need)
    return [
        Candidate(
            resource=context.resource,
            facts=context.own,
            findings=findings_for_request(context),
            offer=context.offer,
            invitation=invited.get(context.resource.pk),
        )
        for context in contexts_of(wishes, now=now)
    ]


def _invitations(people: list[Resource], need: Need) -> dict[int, int]:
    """Person → the host's invitation for a time that meets the shift and was not answered yet."""
    rows = SharingRequest.objects.borrowed_by(need.host).filter(
        resource__in=people,
        state=State.REQUESTED,
        starts_at__lt=need.ends_at,
        ends_at__gt=need.starts_at,
    )
    return dict(rows.order_by("-pk").values_list("resource", "pk"))


def _near_enough(candidate: Candidate, need: Need) -> bool:
    if need.within_minutes is None:
        return True
    return travel_minutes(candidate.facts.distance_km) <= need.within_minutes
