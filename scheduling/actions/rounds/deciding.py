"""Look a round over before it is published: pin, strike, restore."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from medshare_portal.refusals import Refusal
from scheduling.actions.rounds.ordering import may_decide, write_trail
from scheduling.models import MatchingRun, Proposal
from scheduling.round_states import ProposalState, RoundState


class AlreadyTold(Refusal):
    """The round is published: what both sides were told is not changed any more."""

    message = _("This round is published. Its proposals are the hospitals’ to answer now.")


class NotComputed(Refusal):
    message = _("This round has no proposals yet.")


class ReasonNeeded(Refusal):
    message = _("Say why, so that the next round knows.")
    field = "reason"
    status = 422


def pin(*, proposal: Proposal, pinned: bool, by, now: datetime) -> None:
    """A pinned proposal stays as it is when the round is run again.  Raises AlreadyTold."""
    _may_change(proposal.run, by=by, now=now)
    rows = Proposal.objects.of(proposal.run).filter(pk=proposal.pk, state=ProposalState.PROPOSED)
    if not rows.update(pinned=pinned):
        raise AlreadyTold
    write_trail(
        proposal.run, "pinned" if pinned else "unpinned", by=by, now=now, data=_about(proposal)
    )


def strike(*, proposal: Proposal, reason: str, by, now: datetime) -> None:
    """It is not published, and not proposed again when the round is run again.

    Raises AlreadyTold, ReasonNeeded."""
    _may_change(proposal.run, by=by, now=now)
    if not reason.strip():
        raise ReasonNeeded
    rows = Proposal.objects.of(proposal.run).filter(pk=proposal.pk, state=ProposalState.PROPOSED)
    if not rows.update(state=ProposalState.STRUCK, pinned=False, struck_reason=reason.strip()):
        raise AlreadyTold
    write_trail(
        proposal.run, "struck", by=by, now=now, data=_about(proposal) | {"reason": reason.strip()}
    )


def restore(*, proposal: Proposal, by, now: datetime) -> None:
    """Raises AlreadyTold."""
    _may_change(proposal.run, by=by, now=now)
    rows = Proposal.objects.of(proposal.run).filter(pk=proposal.pk, state=ProposalState.STRUCK)
    if not rows.update(state=ProposalState.PROPOSED, struck_reason=""):
        raise AlreadyTold
    write_trail(proposal.run, "restored", by=by, now=now, data=_about(proposal))


def _may_change(run: MatchingRun, *, by, now: datetime) -> None:
    may_decide(run, by=by, now=now)
    if run.state == RoundState.PUBLISHED:
        raise AlreadyTold
    if run.state != RoundState.PROPOSED:
        raise NotComputed


def _about(proposal: Proposal) -> dict:
    return {"proposal": proposal.reference, "what": str(proposal.need)}
