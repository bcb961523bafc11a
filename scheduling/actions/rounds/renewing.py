"""Rounds that are kept up to date: revised at night, and when their needs or offers change.

A revision is a round of its own that repeats the last one: what was agreed or waits for an answer
is taken, what was proposed stays as far as it is sound, what changed is decided again.  Where much
has changed, all is decided again and what was proposed is preferred.
"""

import logging
from datetime import datetime, time, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from medshare_portal import audit
from medshare_portal.refusals import Refusal
from scheduling.actions.rounds import ordering
from scheduling.actions.rounds.storing import replay_of
from scheduling.matching.changes import Changes, changes, much_changed
from scheduling.matching.problem import Problem
from scheduling.matching.revising import Revision
from scheduling.models import MatchingRun, Proposal
from scheduling.queries.rounds.current import has_changed, of_same_scope
from scheduling.queries.rounds.problem import zone_of_city
from scheduling.round_states import ProposalState, RoundCause, RoundScope, RoundState

NIGHT = time(3)  # city time, from which on a round is brought up to date once
PAUSE = timedelta(minutes=15)  # between two revisions, however much changes
logger = logging.getLogger(__name__)


class NotComputed(Refusal):
    message = _("Only a round that has proposals can be kept up to date.")


def keep_current(*, run: MatchingRun, wanted: bool, by, now: datetime) -> None:
    """Keep the round's scope up to date from this round on, or no longer.

    Another round of the same scope that was kept so is let be.  Raises NotAnOfficial, NotYours,
    NotAMember, NotComputed.
    """
    ordering.may_decide(run, by=by, now=now)
    audit.lock_chains([ordering.chain_of(run.institution)])
    rows = of_same_scope(run)
    if wanted and not rows.filter(pk=run.pk, state__in=RoundState.DONE).exists():
        raise NotComputed
    if wanted:
        rows.kept_current().exclude(pk=run.pk).update(keeps_current=False)
    if rows.filter(pk=run.pk, keeps_current=not wanted).update(keeps_current=wanted):
        ordering.write_trail(run, "kept" if wanted else "let_be", by=by, now=now)


def renew(*, now: datetime) -> int:
    """Order a revision of each round that is kept up to date and is due."""
    rows = MatchingRun.objects.of_worker().kept_current()
    ordered = 0
    for run in rows.select_related("institution", "consortium", "created_by").order_by("pk"):
        cause = _due(run, now)
        if cause is not None:
            with transaction.atomic():
                ordered += _revise(run, cause, now)
    return ordered


def since_parent(run: MatchingRun, problem: Problem) -> Revision | None:
    """What a revision has to decide again, and of what; None: the round is no revision."""
    if run.cause not in RoundCause.REVISIONS:
        return None
    before, _plan = replay_of(run.parent)
    found = changes(before, problem)
    stays = {(match.need, match.offer) for match in problem.previous}
    stays |= {(row.match.need, row.match.offer) for row in problem.kept}
    rows = Proposal.objects.of(run.parent).exclude(
        state__in=[ProposalState.AGREED, *ProposalState.STANDING]
    )
    rows = rows.only("need_ref", "offer_ref", "pieces").order_by("pk")
    ended = [pair for row in rows for pair in row.pairs if pair not in stays]
    found = Changes(
        needs=_in_order(found.needs, (need for need, _offer in ended)),
        offers=_in_order(found.offers, (offer for _need, offer in ended)),
    )
    return Revision(found, much_changed(before, problem, found))


def _in_order(*groups) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for group in groups for name in group))


def _due(run: MatchingRun, now: datetime) -> RoundCause | None:
    if run.state in RoundState.UNDER_WAY:
        return None
    local = now.astimezone(zone_of_city())
    night = datetime.combine(local.date(), NIGHT, local.tzinfo)
    if run.created_at < night <= now:
        return RoundCause.NIGHTLY
    if run.state == RoundState.FAILED:
        return None  # so that what fails is not tried again and again
    if run.created_at <= now - PAUSE and has_changed(run, now):
        return RoundCause.CHANGED
    return None


def _revise(run: MatchingRun, cause: RoundCause, now: datetime) -> bool:
    """In the name of who asked for it; who may no longer run rounds is followed no longer."""
    base = _last_computed(run)
    terms = ordering.RoundTerms(
        scope=RoundScope(run.scope),
        consortium=run.consortium,
        kinds=tuple(run.kinds),
        days=(run.ends_at - run.starts_at).days,
        fairness=run.fairness,
        lifted=tuple(run.lifted),
        left_out=tuple(run.left_out),
    )
    try:
        after = ordering.order(
            terms=terms, institution=run.institution, parent=base, cause=cause,
            by=run.created_by, now=now,
        )  # fmt: skip
    except ordering.TooManyRounds:
        return False  # the next minute asks again
    except Refusal as refusal:
        logger.warning("round %s is no longer kept up to date: %s", run.pk, refusal)
        of_same_scope(run).filter(pk=run.pk).update(keeps_current=False)
        return False
    of_same_scope(run).filter(pk=run.pk).update(keeps_current=False)
    of_same_scope(run).filter(pk=after.pk).update(keeps_current=True)
    return True


def _last_computed(run: MatchingRun) -> MatchingRun:
    """The round itself, or the last one before it of its line that has a plan."""
    rows = of_same_scope(run).of_line(run.line_key)
    done = rows.filter(pk__lte=run.pk, state__in=RoundState.DONE)
    return done.select_related("institution", "consortium").order_by("-pk").first() or run
