"""Rounds that are kept up to date: which, since when, and whether their world has changed."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, Q

from medshare_portal.models import AuditEvent
from scheduling.models import MatchingRun
from scheduling.queries.rounds.members import slugs_of_members
from scheduling.round_states import RoundScope, RoundState

REASON = "whether anything happened in the scope of a round; nothing of it comes out"
# What is written there changes what a round could propose.
OF_NEEDS = ("need.",)
OF_OFFERS = (
    "offer.", "resource.", "equipment.", "block.", "blocks.", "stock.", "shift.", "staff.",
)  # fmt: skip
OF_BOTH = ("request.", "proposal.", "basket.", "series.")


@dataclass(frozen=True)
class Upkeep:
    """``newest``: the latest computed round of this one's line, itself if none is newer;
    ``is_kept``: whether the line is kept up to date; ``since``: when its plan was last made;
    ``under_way``: a revision that is being computed."""

    newest: MatchingRun
    is_kept: bool
    since: datetime | None
    under_way: MatchingRun | None

    def is_newest(self, run: MatchingRun) -> bool:
        return self.newest.pk == run.pk


def upkeep_of(run: MatchingRun) -> Upkeep:
    """For the page of a round: is it kept up to date, and is there a newer one of its line?"""
    line = line_from(run)
    done = [row for row in line if row.state in RoundState.DONE]
    newest = done[-1] if done else run
    waiting = [row for row in line if row.state in RoundState.UNDER_WAY]
    return Upkeep(
        newest=newest,
        is_kept=any(row.keeps_current for row in line),
        since=newest.finished_at,
        under_way=waiting[-1] if waiting else None,
    )


def line_from(run: MatchingRun) -> list[MatchingRun]:
    """The round and the revisions that followed it, in order; what a person ordered as a repeat is
    a line of its own."""
    rows = of_same_scope(run).of_line(run.line_key).filter(pk__gt=run.pk)
    return [run, *rows.order_by("pk")]


def of_same_scope(run: MatchingRun):
    """The rounds of whoever runs this one."""
    if run.institution_id is None:
        rows = MatchingRun.objects.for_city()
    else:
        rows = MatchingRun.objects.owned_by(run.institution)
    return rows.filter(scope=run.scope, consortium=run.consortium_id)


def last_event() -> int:
    rows = AuditEvent.objects.everywhere(reason=REASON)
    return rows.aggregate(last=Max("pk"))["last"] or 0


def has_changed(run: MatchingRun, now: datetime) -> bool:
    """Whether needs or offers of the scope changed since the round was drawn: the audit trail has a
    line of everything that somebody did."""
    rows = AuditEvent.objects.everywhere(reason=REASON).filter(pk__gt=run.seen_event)
    needs, offers = _begins(OF_NEEDS, OF_BOTH), _begins(OF_OFFERS, OF_BOTH)
    if run.scope == RoundScope.INSTITUTION:
        return rows.filter(needs & Q(chain=run.institution.slug) | offers).exists()
    if run.scope == RoundScope.CONSORTIUM:
        rows = rows.filter(chain__in=slugs_of_members(run.consortium_id, now))
    return rows.filter(needs | offers).exists()


def _begins(*groups: tuple[str, ...]) -> Q:
    found = Q()
    for word in (word for group in groups for word in group):
        found |= Q(action__startswith=word)
    return found
