"""Publish a round: both sides of every proposal that was not struck are told and asked."""

from collections.abc import Iterator
from copy import copy
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from medshare_portal.refusals import Refusal
from scheduling import notices_rounds
from scheduling.actions._lock import lock_all
from scheduling.actions.rounds.deciding import AlreadyTold, NotComputed
from scheduling.actions.rounds.ordering import may_decide, write_trail
from scheduling.models import MatchingRun, Need, Proposal
from scheduling.queries.rounds.pieces import take
from scheduling.queries.rounds.proposed import RELATED as OF_RESOURCE
from scheduling.queries.rounds.stale import Staleness, stale_lines
from scheduling.round_states import ProposalState, RoundState, Stale

ANSWER_WITHIN = timedelta(hours=48)
LEAST_TIME = timedelta(hours=1)
REASON = "the needs that a round serves are locked while it is published"
ANSWERS = ("state", "expires_at", "pinned", "stale")
CUT = ("need_ref", "offer_ref", "pieces", "quantity", "effect")
RELATED = (
    *("need__institution", "need__site", "need__category", "owner", "borrower", "resource"),
    *(f"resource__{name}" for name in OF_RESOURCE),
)


class NothingToPublish(Refusal):
    message = _("Every proposal of this round is struck or out of date.")


def publish(*, run: MatchingRun, by, now: datetime) -> int:
    """Returns how many were published; what is out of date by now is struck and says why.

    Raises NotAMember, AlreadyTold, NotComputed, NothingToPublish."""
    may_decide(run, by=by, now=now)
    _lock_what_it_gives(run)
    rounds = _locked(run)
    if rounds.state == RoundState.PUBLISHED:
        raise AlreadyTold
    if rounds.state != RoundState.PROPOSED:
        raise NotComputed
    rows = list(_drafts(run).select_related(*RELATED).order_by("pk"))
    stale = _stale(rounds, rows, now)
    current = [row for row in rows if row.pk not in stale.lines]
    if not current:
        raise NothingToPublish
    left = [part for row in current for part in _cut(row, stale)]
    for row in rows:
        if row.pk not in stale.lines:
            row.state, row.expires_at = ProposalState.PUBLISHED, answer_until(row, now)
        else:
            row.state, row.pinned, row.stale = ProposalState.STRUCK, False, stale.lines[row.pk]
    Proposal.objects.of(run).bulk_update(rows, ANSWERS + (CUT if left else ()), batch_size=500)
    Proposal.objects.of(run).bulk_create(left, batch_size=500)
    rounds.state, rounds.published_at, rounds.published_by = RoundState.PUBLISHED, now, by
    rounds.save(update_fields=["state", "published_at", "published_by"])
    notices_rounds.published(current, now=now)
    write_trail(run, "published", by=by, now=now, data={"number": len(current)})
    return len(current)


def _lock_what_it_gives(run: MatchingRun) -> None:
    """Two rounds that give the same are published one after the other."""
    lock_all(set(_drafts(run).values_list("resource", flat=True)))
    asked = Need.objects.everywhere(reason=REASON).filter(
        pk__in=_drafts(run).values("need").distinct()
    )
    list(asked.select_for_update(of=("self",)).order_by("pk").values_list("pk"))


def _stale(run: MatchingRun, rows: list[Proposal], now: datetime) -> Staleness:
    late = {row.pk: Stale.LATE for row in rows if answer_until(row, now) <= now}
    found = stale_lines(run, [row for row in rows if row.pk not in late], now=now)
    return Staleness(late | found.lines, found.pieces)


def _cut(row: Proposal, stale: Staleness) -> Iterator[Proposal]:
    """The pieces of a line that hold no longer become lines that are struck, one for each reason;
    the others stay."""
    for reason in sorted({stale.pieces[pair] for pair in row.pairs if pair in stale.pieces}):
        out = copy(row)
        out.pk, out.state, out.pinned, out.stale = None, ProposalState.STRUCK, False, reason
        take(out, [pair for pair in row.pairs if stale.pieces.get(pair) == reason])
        yield out
    sound = [pair for pair in row.pairs if pair not in stale.pieces]
    if len(sound) < row.quantity and row.pieces:
        take(row, sound)


def _drafts(run: MatchingRun):
    return Proposal.objects.of(run).filter(state=ProposalState.PROPOSED)


def answer_until(proposal: Proposal, now: datetime) -> datetime:
    """Two days, and an hour before it would begin."""
    until = now + ANSWER_WITHIN
    start = proposal.starts_at or proposal.need.needed_by or proposal.need.starts_at
    return until if start is None else min(until, start - LEAST_TIME)


def _locked(run: MatchingRun) -> MatchingRun:
    if run.institution is None:
        rows = MatchingRun.objects.for_city()
    else:
        rows = MatchingRun.objects.owned_by(run.institution)
    return rows.select_for_update(of=("self",)).get(pk=run.pk)
