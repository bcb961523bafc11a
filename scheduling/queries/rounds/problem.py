"""Draws the problem of a matching round from what the portal knows now."""

from collections import defaultdict
from copy import copy
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils import timezone

from medshare_portal import policy
from medshare_portal.models import Institution, Site
from scheduling.matching import problem as matcher
from scheduling.models import MatchingRun, Need, NeedAnswer, Proposal, SharingRequest
from scheduling.queries.need_matching import booked_for
from scheduling.queries.rounds.declined import SAID_ENOUGH, declined, no_longer_asked
from scheduling.queries.rounds.draft import SLOT, Draft, key_of
from scheduling.queries.rounds.history import ByKind, history
from scheduling.queries.rounds.members import members_of
from scheduling.queries.rounds.of_kind import round_kind
from scheduling.round_states import ProposalState, RoundAim, RoundScope

MARGIN = timedelta(days=60)  # what a transfer may take after the last day of a round
REASON = "the matcher looks at every need and offer of the round"


@dataclass(frozen=True)
class Drawn:
    """``needs``: those of the round, by key; ``left_out``: why some are not in the problem."""

    problem: matcher.Problem
    needs: dict[int, Need]
    left_out: dict[int, str]
    draft: Draft


def draw(run: MatchingRun, *, now: datetime) -> Drawn:
    """Reads only; the number of statements depends on the kinds, not on the needs."""
    draft = _new_draft(run, now)
    needs = _needs(run, draft)
    _count_remaining(draft, needs)
    draft.left_out |= dict.fromkeys(no_longer_asked(needs, now), SAID_ENOUGH)
    open_needs = [n for n in needs.values() if draft.remaining[n.pk] and n.pk not in draft.left_out]
    for code in run.kinds:
        round_kind(code).draw(draft, [need for need in open_needs if need.kind == code])
    problem = _problem(run, draft)
    return Drawn(problem, needs, draft.left_out, draft)


def as_given(run: MatchingRun) -> MatchingRun:
    """The round as if it repeated none: nothing is pinned or preferred; for a look at the city."""
    alone = copy(run)
    alone.parent = None
    return alone


def first_slot(moment: datetime) -> datetime:
    """The next quarter of an hour."""
    midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    slot = timedelta(minutes=SLOT)
    return midnight + -((midnight - moment) // slot) * slot


def zone_of_city() -> ZoneInfo:
    return ZoneInfo(timezone.get_default_timezone_name())


def _new_draft(run: MatchingRun, now: datetime) -> Draft:
    institutions = {row.pk: row for row in Institution.objects.directory().order_by("pk")}
    sites = {}
    for site in Site.objects.directory().order_by("is_main", "-pk"):
        sites[site.institution_id] = site  # the main one, which comes last
    draft = Draft(
        now=now,
        starts_at=run.starts_at,
        ends_at=run.ends_at,
        zone=zone_of_city(),
        institutions=institutions,
        sites=sites,
        lenders=_lenders(run, now),
    )
    for row in Proposal.objects.everywhere(reason=REASON).standing().select_related("need"):
        draft.standing.setdefault(row.resource_id, []).append(row)
    return draft


def _lenders(run: MatchingRun, now: datetime) -> frozenset[int] | None:
    consortium = run.scope == RoundScope.CONSORTIUM
    return members_of(run.consortium_id, now) if consortium else None


def _needs(run: MatchingRun, draft: Draft) -> dict[int, Need]:
    whose = {
        RoundScope.CITY: None,
        RoundScope.CONSORTIUM: draft.lenders,
        RoundScope.INSTITUTION: [run.institution_id],
    }[run.scope]
    in_time = Q(starts_at__isnull=True) | Q(starts_at__lt=run.ends_at)
    rows = Need.objects.for_round(whose).filter(
        in_time,
        kind__in=run.kinds,
        expires_at__gt=run.starts_at,
        institution__in=draft.sites.keys(),
    )
    rows = rows.select_related("category", "institution", "site")
    return {need.pk: need for need in rows.order_by("pk")}


def _count_remaining(draft: Draft, needs: dict[int, Need]) -> None:
    """What nobody serves yet: neither a booking nor a proposal that waits."""
    waiting: dict[int, int] = defaultdict(int)
    for row in (each for rows in draft.standing.values() for each in rows):
        waiting[row.need_id] += row.quantity
    answered = NeedAnswer.objects.everywhere(reason=REASON).filter(need__in=needs)
    agreed = Proposal.objects.everywhere(reason=REASON).filter(
        need__in=needs, state=ProposalState.AGREED
    )
    asked = SharingRequest.objects.everywhere(reason=REASON).filter(need__in=needs)
    touched = {
        pk for rows in (answered, agreed, asked) for pk in rows.values_list("need", flat=True)
    }
    for pk, need in needs.items():
        booked = int(booked_for(need)) if pk in touched else 0
        draft.remaining[pk] = max(0, need.quantity - booked - waiting[pk])


def _problem(run: MatchingRun, draft: Draft) -> matcher.Problem:
    lists = {name: tuple(rows) for name, rows in draft.lists.items()}
    names = _Names(lists)
    return matcher.Problem(
        horizon=horizon(draft),
        institutions=institutions(draft, *history(now=draft.now)),
        kept=tuple(_pins(run, draft, names)),
        previous=tuple(_of_parent(run, draft, names, pinned=False)),
        struck=frozenset(_struck(run, draft, names)),
        lifted=frozenset(run.lifted),
        parameters=matcher.Parameters(
            rest_minutes=rest_minutes(),
            fairness=float(run.fairness),
            waste_weight=float(RoundAim.WASTE not in run.left_out),
            stability_weight=float(RoundAim.STABILITY not in run.left_out),
            distance_weight=float(RoundAim.TRAVEL not in run.left_out),
        ),
        **lists,
    )


def rest_minutes() -> int:
    return round(policy.current().staff.daily_rest_hours * 60)


def horizon(draft: Draft) -> matcher.Horizon:
    local = draft.starts_at.astimezone(draft.zone)
    monday = local.replace(hour=0, minute=0) - timedelta(days=local.weekday())
    return matcher.Horizon(
        starts_at=local.isoformat(),
        minutes=draft.minutes,
        slot=SLOT,
        week_starts_at=draft.minute(monday),
    )


def institutions(draft: Draft, met: ByKind, asked: ByKind) -> tuple[matcher.Institution, ...]:
    """``met`` of ``asked``: how they fared before."""
    return tuple(
        matcher.Institution(
            id=draft.institutions[pk].slug,
            latitude=site.latitude,
            longitude=site.longitude,
            district=draft.institutions[pk].district_en,
            consortia=frozenset(draft.groups[pk]),
            certificates=frozenset(draft.certificates[pk]),
            history_met=met.get(pk, {}),
            history_asked=asked.get(pk, {}),
            licensed_to=_licensed_to(draft, draft.institutions[pk]),
        )
        for pk, site in sorted(draft.sites.items())
        if pk in draft.institutions
    )


def _licensed_to(draft: Draft, institution: Institution) -> int | None:
    """One that lasts beyond anything that a round could bring is written as without an end."""
    last = institution.licence_valid_to
    return draft.day(last) if last is not None and last < draft.last_day + MARGIN else None


class _Names:
    """The references in a problem, and those that stand for one row."""

    NEEDS = ("equipment_needs", "medicine_needs", "staff_needs")
    OFFERS = ("units", "lots", "people")

    def __init__(self, lists: dict[str, tuple]):
        self.needs = self._by_row(lists, self.NEEDS)
        self.offers = self._by_row(lists, self.OFFERS)

    @staticmethod
    def _by_row(lists, names) -> dict[int, set[str]]:
        found: dict[int, set[str]] = defaultdict(set)
        for row in (row for name in names for row in lists.get(name, ())):
            found[key_of(row.id)].add(row.id)
        return found

    def know(self, match: matcher.Match) -> bool:
        return (
            match.need in self.needs[key_of(match.need)]
            and match.offer in self.offers[key_of(match.offer)]
        )


def _of_parent(run: MatchingRun, draft: Draft, names: _Names, **which) -> list[matcher.Match]:
    if run.parent is None:
        return []
    ahead = Q(starts_at__isnull=True) | Q(starts_at__gte=run.starts_at)
    rows = Proposal.objects.of(run.parent).filter(ahead, state=ProposalState.PROPOSED, **which)
    matches = (match for row in rows.order_by("pk") for match in matches_of(row, draft))
    return [match for match in matches if names.know(match)]


def _pins(run: MatchingRun, draft: Draft, names: _Names):
    for match in _of_parent(run, draft, names, pinned=True):
        yield matcher.KeptMatch(match, matcher.Kept.PINNED)


def matches_of(row: Proposal, draft: Draft) -> list[matcher.Match]:
    """A proposal as the matcher writes it, piece by piece."""
    times = {"starts_at": row.starts_at, "ends_at": row.ends_at}
    minutes = {name: None if at is None else draft.minute(at) for name, at in times.items()}
    each = 1 if row.pieces else row.quantity
    return [matcher.Match(need, offer, each, **minutes) for need, offer in row.pairs]


def _struck(run: MatchingRun, draft: Draft, names: _Names):
    """What was struck in the rounds before this one, and what a hospital declined lately; and while
    a line waits for an answer, no second one of the same offer for the same need."""
    struck = Proposal.objects.everywhere(reason=REASON).filter(
        run__in=_line_of(run), state=ProposalState.STRUCK, stale=""
    )
    for rows in (declined(draft.now), struck):
        for need, resource in rows.values_list("need", "resource"):
            yield from product(names.needs[need], names.offers[resource])
    for row in (each for rows in draft.standing.values() for each in rows if each.starts_at):
        yield from product(names.needs[row.need_id], names.offers[row.resource_id])


def _line_of(run: MatchingRun) -> list[int]:
    """The rounds that this one repeats."""
    found = []
    while run.parent is not None and len(found) < 50:
        run = run.parent
        found.append(run.pk)
    return found
