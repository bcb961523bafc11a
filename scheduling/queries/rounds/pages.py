"""What the pages of rounds read."""

from dataclasses import dataclass

from django.db.models import Count, Q

from scheduling.models import MatchingRun, Proposal, UnmetNeed
from scheduling.round_states import ProposalState

OF_LINE = ("need__category", "resource__category", "resource__site", "owner", "borrower")


def rounds_of(institution):
    """The rounds of an institution (None: the city's), the newest first, each with its numbers."""
    if institution is None:
        rows = MatchingRun.objects.for_city()
    else:
        rows = MatchingRun.objects.owned_by(institution)
    rows = rows.select_related("consortium", "institution", "created_by", "parent")
    return rows.order_by("-number", "-pk")


def with_numbers(rows):
    """``proposed``, ``agreed`` and ``declined`` of each."""
    proposals = Q(proposals__isnull=False)
    return rows.annotate(
        proposed=Count("proposals", filter=proposals & ~Q(proposals__state=ProposalState.STRUCK)),
        agreed=Count("proposals", filter=Q(proposals__state=ProposalState.AGREED)),
        declined=Count("proposals", filter=Q(proposals__state=ProposalState.DECLINED)),
    )


def lines_of(run: MatchingRun):
    """Its proposals, the most pressing first."""
    rows = Proposal.objects.of(run).select_related(*OF_LINE, "sharing_request")
    return rows.order_by("urgency", "starts_at", "pk")


def unmet_of(run: MatchingRun):
    rows = UnmetNeed.objects.of(run).select_related("need__category", "institution")
    return rows.order_by("urgency", "pk")


@dataclass(frozen=True)
class Concerning:
    """Published proposals of an institution: ``to_answer`` waits for its yes or no, ``from_us``
    for the other side's yes, ``past`` has been answered."""

    to_answer: list[Proposal]
    from_us: list[Proposal]
    past: list[Proposal]


PAST_SHOWN = 50


def proposals_concerning(institution, now) -> Concerning:
    rows = Proposal.objects.concerning(institution).select_related(
        *OF_LINE, "run", "sharing_request"
    )
    waiting = rows.filter(state=ProposalState.PUBLISHED, expires_at__gt=now)
    waiting = list(waiting.order_by("expires_at", "urgency", "pk"))
    past = rows.exclude(pk__in=[row.pk for row in waiting]).order_by("-expires_at", "-pk")
    return Concerning(
        to_answer=[row for row in waiting if row.borrower_id == institution.pk],
        from_us=[row for row in waiting if row.owner_id == institution.pk],
        past=list(past[:PAST_SHOWN]),
    )


def proposal_concerning(institution):
    """For the page that answers one; published ones only."""
    related = ("need__institution", "need__site", "resource__institution", "run")
    return Proposal.objects.concerning(institution).select_related(*OF_LINE, *related)
