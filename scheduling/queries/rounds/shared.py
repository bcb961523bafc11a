"""What a member of a consortium reads of a round that another member runs."""

from scheduling.models import MatchingRun, UnmetNeed
from scheduling.queries.rounds.pages import proposal_concerning

MOST_UNMET = 100


def round_for(institution):
    return MatchingRun.objects.shared_with(institution).select_related("consortium", "institution")


def lines_for(institution, run: MatchingRun):
    """Published ones with this institution on either side, the most pressing first."""
    rows = proposal_concerning(institution).filter(run=run).select_related("sharing_request")
    return rows.order_by("urgency", "starts_at", "pk")


def unmet_for(institution, run: MatchingRun):
    """Of its own needs, once the round is published."""
    rows = UnmetNeed.objects.told(institution).filter(run=run)
    rows = rows.select_related("need__category", "institution")
    return rows.order_by("urgency", "pk")[:MOST_UNMET]
