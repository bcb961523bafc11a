"""A plan's matches as proposals of the portal, not saved yet."""

from collections.abc import Iterable

from resources.models import Resource
from scheduling.matching.own_first import at_home
from scheduling.matching.plan import Plan
from scheduling.matching.problem import Match
from scheduling.matching.travel import Travel
from scheduling.models import Proposal
from scheduling.queries.rounds.draft import URGENCY, key_of
from scheduling.queries.rounds.pieces import together
from scheduling.queries.rounds.problem import Drawn
from scheduling.states import Priority

RELATED = ("institution", "site", "category", "equipment", "medicine_lot", "staff_member")


def proposals_of(plan: Plan, drawn: Drawn) -> list[Proposal]:
    """In the order of the plan, several pieces of one offer as one; one statement.  What a hospital
    has itself is no proposal."""
    own = set(at_home(drawn.problem))
    matches = [m for m in plan.matches if key_of(m.need) in drawn.needs and m not in own]
    resources = _resources(matches)
    travel, pins = Travel(drawn.problem), {row.match for row in drawn.problem.kept}
    return together(
        _proposal(match, drawn, resources[key_of(match.offer)], travel, pinned=match in pins)
        for match in matches
    )


def _resources(matches: Iterable[Match]) -> dict[int, Resource]:
    keys = {key_of(match.offer) for match in matches}
    rows = Resource.objects.in_city_view().select_related(*RELATED)
    return rows.in_bulk(keys)


def _proposal(match: Match, drawn: Drawn, resource: Resource, travel: Travel, *, pinned: bool):
    need = drawn.needs[key_of(match.need)]
    way = travel.index[resource.institution.slug], travel.index[need.institution.slug]
    times = (match.starts_at, match.ends_at)
    starts_at, ends_at = (None if at is None else drawn.draft.moment(at) for at in times)
    return Proposal(
        need=need,
        resource=resource,
        owner=resource.institution,
        borrower=need.institution,
        kind=need.kind,
        need_ref=match.need,
        offer_ref=match.offer,
        urgency=URGENCY[Priority(need.priority)].value,
        quantity=match.quantity,
        starts_at=starts_at,
        ends_at=ends_at,
        travel_minutes=int(travel.minutes[way]),
        kilometres=round(float(travel.kilometres[way]), 1),
        pinned=pinned,
    )
