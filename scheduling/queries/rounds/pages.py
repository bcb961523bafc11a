"""What the pages of rounds read."""

from dataclasses import dataclass

from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from medshare_portal.memberships import main_sites
from scheduling.models import MatchingRun, Proposal, UnmetNeed
from scheduling.round_states import ProposalState, RoundState
from scheduling.states import State

OF_LINE = (
    "need__category", "need__site", "resource__category", "resource__site", "owner", "borrower",
)  # fmt: skip
HOME_ZONE = Subquery(main_sites(OuterRef("borrower")).values("time_zone")[:1])


def rounds_of(institution):
    """The rounds of an institution (None: the city's), the newest first, each with its numbers."""
    if institution is None:
        rows = MatchingRun.objects.for_city()
    else:
        rows = MatchingRun.objects.owned_by(institution)
    rows = rows.select_related("consortium", "institution", "created_by", "parent")
    return rows.order_by("-number", "-pk")


def ready_to_publish(institution) -> MatchingRun | None:
    """The latest round, if it is computed and has proposals that wait to be published; one
    statement.  ``institution`` None: of the city."""
    run = rounds_of(institution).annotate(to_publish=_to_publish()).first()
    ready = run is not None and run.state == RoundState.PROPOSED and run.to_publish
    return run if ready else None


def _to_publish() -> Coalesce:
    """Counted for the round that is shown, not for all there ever were."""
    waiting = Proposal.objects.of(OuterRef("pk")).filter(state=ProposalState.PROPOSED)
    counted = waiting.order_by().values("run").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted), 0)


def with_numbers(rows):
    """``proposed``, ``agreed`` and ``declined`` of each."""
    proposals = Q(proposals__isnull=False)
    return rows.annotate(
        proposed=Count("proposals", filter=proposals & ~Q(proposals__state=ProposalState.STRUCK)),
        agreed=Count("proposals", filter=Q(proposals__state=ProposalState.AGREED)),
        declined=Count("proposals", filter=Q(proposals__state=ProposalState.DECLINED)),
    )


def with_clock(rows):
    """``home_zone`` of each proposal: the clock of its borrower, where its need names no site."""
    return rows.annotate(home_zone=HOME_ZONE)


def lines_of(run: MatchingRun):
    """Its proposals, the most pressing first."""
    rows = with_clock(Proposal.objects.of(run)).select_related(*OF_LINE, "sharing_request")
    return rows.order_by("urgency", "starts_at", "pk")


def unmet_of(run: MatchingRun):
    rows = UnmetNeed.objects.of(run).select_related("need__category", "institution")
    return rows.order_by("urgency", "pk")


@dataclass(frozen=True)
class Concerning:
    """Published proposals of an institution: ``to_answer`` waits for its yes or no, ``from_us``
    for the other side's yes, ``asked`` has that and waits for the owner, us; ``past`` is all
    else."""

    to_answer: list[Proposal]
    from_us: list[Proposal]
    asked: list[Proposal]
    past: list[Proposal]


PAST_SHOWN = 50


def proposals_concerning(institution, now) -> Concerning:
    rows = with_clock(Proposal.objects.concerning(institution))
    rows = rows.select_related(*OF_LINE, "run", "sharing_request")
    pending = Q(sharing_request__state__in=State.PENDING)
    published = Q(state=ProposalState.PUBLISHED, expires_at__gt=now)
    asked = Q(pending, state=ProposalState.ASKED, owner=institution)
    waiting = list(rows.filter(published | asked).order_by("expires_at", "urgency", "pk"))
    past = rows.exclude(pk__in=[row.pk for row in waiting]).order_by("-expires_at", "-pk")
    open_ones = [row for row in waiting if row.state == ProposalState.PUBLISHED]
    return Concerning(
        to_answer=[row for row in open_ones if row.borrower_id == institution.pk],
        from_us=[row for row in open_ones if row.owner_id == institution.pk],
        asked=[row for row in waiting if row.state == ProposalState.ASKED],
        past=list(past[:PAST_SHOWN]),
    )


def ticked(institution, side: str, keys, kinds):
    """Proposals of ours on a side (``borrower`` or ``owner``), of these kinds, whether they still
    wait or not."""
    rows = proposal_concerning(institution).filter(pk__in=keys, kind__in=kinds)
    return rows.filter(**{side: institution}).order_by("expires_at", "pk")


def proposal_concerning(institution):
    """For the page that answers one; published ones only."""
    related = ("need__institution", "resource__institution", "run")
    rows = with_clock(Proposal.objects.concerning(institution))
    return rows.select_related(*OF_LINE, *related)
