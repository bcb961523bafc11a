"""Matching rounds and what they proposed, as their actions would have left them."""

from datetime import datetime, timedelta

from django.utils import timezone

from medshare_portal.models import User
from scheduling.models import MatchingRun, Need, Proposal, UnmetNeed
from scheduling.round_states import ProposalState, RoundState
from tests.make.people import city_user

SUMS = {"served": {"1": 0, "2": 0, "3": 0}, "lowest": None, "waste": 0, "kilometres": 0}
# The results of a round that found nothing to serve, as they are stored.
EMPTY = {
    "kinds": {},
    "compare": {way: SUMS for way in ("plan", "urgency_first", "first_come")},
    "rejections": {},
    "needs": {},
    "full": {},
    "part": {},
    "left_out": {},
    "refused": {},
}
DAY = timedelta(days=1)
OFFICIAL = "official.of.rounds"


def matching_run(*, now: datetime | None = None, **fields) -> MatchingRun:
    """A round of the whole city over the coming week, computed and not yet published."""
    now = now or timezone.now()
    rows = MatchingRun.unscoped.filter(institution=fields.get("institution"))
    values = {
        "number": rows.count() + 1,
        "scope": "institution" if fields.get("institution") else "city",
        "kinds": ["equipment", "medicine", "staff"],
        "starts_at": now.replace(minute=0, second=0, microsecond=0),
        "ends_at": now.replace(minute=0, second=0, microsecond=0) + 7 * DAY,
        "state": RoundState.PROPOSED,
        "created_at": now,
    }
    values |= fields
    if values["state"] not in RoundState.UNDER_WAY:
        values.setdefault("finished_at", now)
        values.setdefault("results", EMPTY)
    if "created_by" not in values:
        values["created_by"] = User.objects.filter(username=OFFICIAL).first() or city_user(OFFICIAL)
    if values.get("cause", "ordered") != "ordered":
        values["line_id"] = values["parent"].line_key
    if values["state"] == RoundState.PUBLISHED:
        values |= {"published_at": now, "published_by": values["created_by"]}
    return MatchingRun.unscoped.create(**values)


def proposal(
    run: MatchingRun, need: Need, resource, *, now: datetime | None = None, **fields
) -> Proposal:
    """The need's own time, or its quantity, from the resource."""
    now = now or timezone.now()
    values = {
        "need_ref": f"N-{need.pk}",
        "offer_ref": f"R-{resource.pk}",
        "urgency": 3,
        "kilometres": 6.2,
        "travel_minutes": 21,
        "state": ProposalState.PROPOSED,
    }
    if resource.kind == "medicine":
        values["quantity"] = need.quantity
    else:
        values |= {"starts_at": need.starts_at, "ends_at": need.ends_at}
    values |= fields
    if values["state"] not in ProposalState.DRAFT:
        values.setdefault("expires_at", now + DAY)
    return Proposal.unscoped.create(
        run=run,
        need=need,
        resource=resource,
        kind=resource.kind,
        owner=resource.institution,
        borrower=need.institution,
        **values,
    )


def unmet_need(run: MatchingRun, need: Need, **fields) -> UnmetNeed:
    values = {"need_ref": f"N-{need.pk}", "urgency": 3, "code": "no_offer", "data": {}}
    return UnmetNeed.unscoped.create(
        run=run, need=need, institution=need.institution, kind=need.kind, **values | fields
    )
