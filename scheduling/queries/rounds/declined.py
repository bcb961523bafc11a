"""What hospitals said no to: the next rounds know."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Exists, F, OuterRef

from scheduling.models import NeedAmendment, Proposal
from scheduling.round_states import ProposalState, RoundDecline
from scheduling.states import Side

REASON = "what was declined is not proposed again, whoever's it is"
COUNT_FOR = timedelta(days=30)
SAID_ENOUGH = "said_enough"


def declined(now: datetime):
    """The proposals that somebody declined lately."""
    rows = Proposal.objects.everywhere(reason=REASON)
    return rows.filter(state=ProposalState.DECLINED, answered_at__gte=now - COUNT_FOR)


def no_longer_asked(needs: Iterable[int], now: datetime) -> set[int]:
    """The needs whose own hospital answered a proposal with: found elsewhere, or needed no longer;
    until it amends the need."""
    amended = NeedAmendment.objects.everywhere(reason=REASON).filter(
        need=OuterRef("need"), at__gt=OuterRef("answered_at")
    )
    rows = declined(now).filter(
        need__in=needs,
        declined_by_side=Side.BORROWER,
        decline_code__in=RoundDecline.OF_NEED,
    )
    rows = rows.filter(~Exists(amended), need__institution=F("borrower"))
    return set(rows.values_list("need", flat=True))
