"""Publish a round: both sides of every proposal that was not struck are told and asked."""

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from medshare_portal.refusals import Refusal
from scheduling import notices_rounds
from scheduling.actions.rounds.deciding import AlreadyTold, NotComputed
from scheduling.actions.rounds.ordering import may_run, write_trail
from scheduling.models import MatchingRun, NeedState, Proposal
from scheduling.round_states import ProposalState, RoundState

ANSWER_WITHIN = timedelta(hours=48)
LEAST_TIME = timedelta(hours=1)


class NothingToPublish(Refusal):
    message = _("Every proposal of this round is struck or out of date.")


def publish(*, run: MatchingRun, by, now: datetime) -> int:
    """Returns how many were published; what is too late by now, or no longer needed, is struck.

    Raises AlreadyTold, NotComputed, NothingToPublish."""
    may_run(run.institution, run.kinds, by=by)
    rounds = _locked(run)
    if rounds.state == RoundState.PUBLISHED:
        raise AlreadyTold
    if rounds.state != RoundState.PROPOSED:
        raise NotComputed
    rows = Proposal.objects.of(run).filter(state=ProposalState.PROPOSED)
    rows = list(rows.select_related("need", "owner", "borrower", "resource").order_by("pk"))
    current = [row for row in rows if answer_until(row, now) > now and is_needed(row)]
    if not current:
        raise NothingToPublish
    late = {row.pk for row in rows} - {row.pk for row in current}
    Proposal.objects.of(run).filter(pk__in=late).update(
        state=ProposalState.STRUCK, pinned=False, struck_reason=str(_("Out of date"))
    )
    for row in current:
        row.state, row.expires_at = ProposalState.PUBLISHED, answer_until(row, now)
    Proposal.objects.of(run).bulk_update(current, ["state", "expires_at"], batch_size=500)
    rounds.state, rounds.published_at, rounds.published_by = RoundState.PUBLISHED, now, by
    rounds.save(update_fields=["state", "published_at", "published_by"])
    notices_rounds.published(current, now=now)
    write_trail(run, "published", by=by, now=now, data={"number": len(current)})
    return len(current)


def answer_until(proposal: Proposal, now: datetime) -> datetime:
    """Two days, and an hour before it would begin."""
    until = now + ANSWER_WITHIN
    start = proposal.starts_at or proposal.need.needed_by or proposal.need.starts_at
    return until if start is None else min(until, start - LEAST_TIME)


def is_needed(proposal: Proposal) -> bool:
    return proposal.need.state == NeedState.OPEN


def _locked(run: MatchingRun) -> MatchingRun:
    if run.institution is None:
        rows = MatchingRun.objects.for_city()
    else:
        rows = MatchingRun.objects.owned_by(run.institution)
    return rows.select_for_update(of=("self",)).get(pk=run.pk)
