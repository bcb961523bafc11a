"""Which rounds a list shows by themselves, and which stand under the one that followed them."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Count, Exists, Min, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from scheduling.models import MatchingRun, Proposal
from scheduling.queries.rounds.pages import rounds_of
from scheduling.round_states import ProposalState, RoundState

REPLACED = Q(later=True, state__in=[RoundState.PROPOSED, RoundState.FAILED])  # nobody was told
NOTHING = {"to_publish": 0, "waiting": 0, "asked": 0, "agreed": 0, "until": None}


def current_rounds(institution):
    """Those that stand by themselves: all but drafts that a later one of their line replaces."""
    return _with_later(rounds_of(institution)).exclude(REPLACED)


def shared_rounds(institution):
    """Those that other members run for a consortium of ours, the newest first; ``ours``: published
    lines of it that concern us."""
    told = Proposal.objects.concerning(institution).filter(run=OuterRef("pk")).order_by()
    ours = told.values("run").annotate(number=Count("pk")).values("number")
    rows = MatchingRun.objects.shared_with(institution).exclude(state=RoundState.FAILED)
    rows = _with_later(rows).exclude(REPLACED).annotate(ours=Coalesce(Subquery(ours), 0))
    return rows.select_related("consortium", "institution").order_by("-created_at", "-pk")


def line_of(institution, run: MatchingRun):
    """The whole line of a round, the newest first."""
    return rounds_of(institution).of_line(run.line_key)


def earlier_numbers(institution, rows: Iterable[MatchingRun]) -> dict[int, int]:
    """Round → how many replaced ones stand under it: the newest of its line.  One statement."""
    newest: dict[int, int] = {}
    for row in rows:
        if row.state in RoundState.DONE:
            newest[row.line_key] = max(newest.get(row.line_key, 0), row.pk)
    lines = _with_later(rounds_of(institution)).filter(REPLACED, first__in=newest)
    counted = lines.order_by().values("first").annotate(number=Count("pk"))
    return {newest[row["first"]]: row["number"] for row in counted}


def _with_later(rows):
    """``first``: key of the line; ``later``: whether a later round of it was computed."""
    done = rows.filter(
        line=OuterRef("first"), pk__gt=OuterRef("pk"), state__in=RoundState.DONE
    ).order_by()
    return rows.annotate(first=Coalesce("line_id", "pk")).annotate(later=Exists(done))


def citys_at_hand(now: datetime) -> list[MatchingRun]:
    """The city's rounds that are computed, wait to be published, or are being answered.

    Each with ``to_publish``, ``waiting``, ``asked``, ``agreed`` (proposals) and ``until``, when the
    first of them ends.  Two statements."""
    rows = MatchingRun.objects.for_city()
    answered = Proposal.objects.for_city().filter(state__in=ProposalState.STANDING)
    newer = rows.filter(pk__gt=OuterRef("pk"), scope=OuterRef("scope")).filter(
        Q(consortium=OuterRef("consortium")) | Q(consortium__isnull=True)
    )
    newer = newer.exclude(state=RoundState.FAILED)
    draft = Q(state=RoundState.PROPOSED, ends_at__gt=now) & ~Exists(newer)
    at_hand = draft | Q(state__in=RoundState.UNDER_WAY) | Q(pk__in=answered.values("run"))
    found = list(rows.filter(at_hand).select_related("consortium").order_by("-number", "-pk"))
    counted = _numbers(found, now)
    found = [_counted(row, counted.get(row.pk, NOTHING)) for row in found]
    return [row for row in found if row.state in RoundState.UNDER_WAY or _asks(row)]


def _asks(run: MatchingRun) -> bool:
    """Of somebody: of officials to publish, of hospitals to answer."""
    return bool(run.to_publish or run.waiting or run.asked)


def _counted(run: MatchingRun, numbers: dict) -> MatchingRun:
    for name in NOTHING:
        setattr(run, name, numbers[name])
    return run


def _numbers(runs: list[MatchingRun], now: datetime) -> dict[int, dict]:
    waiting = Q(state=ProposalState.PUBLISHED, expires_at__gt=now)
    rows = Proposal.objects.for_city().filter(run__in=runs).values("run").order_by()
    counted = rows.annotate(
        to_publish=Count("pk", filter=Q(state=ProposalState.PROPOSED)),
        waiting=Count("pk", filter=waiting),
        asked=Count("pk", filter=Q(state=ProposalState.ASKED)),
        agreed=Count("pk", filter=Q(state=ProposalState.AGREED)),
        until=Min("expires_at", filter=waiting),
    )
    return {row["run"]: row for row in counted}
