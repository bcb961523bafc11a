"""Order a matching round, stop one, and let the process start that computes it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import F, Max
from django.utils.translation import gettext_lazy as _

from medshare_portal import audit
from medshare_portal.actions.crises import require_city
from medshare_portal.bilingual import names_of
from medshare_portal.models import AuditEvent
from medshare_portal.refusals import Refusal
from medshare_portal.roles import Permission
from scheduling.actions._lock import NotYours, require
from scheduling.models import MatchingRun
from scheduling.models.matching_run import LONGEST_DAYS
from scheduling.queries.rounds.members import consortia_of, slugs_of_members
from scheduling.queries.rounds.of_kind import codes_in_rounds
from scheduling.queries.rounds.problem import first_slot
from scheduling.round_states import RoundAim, RoundCause, RoundScope, RoundState

MOST_WAITING = 3  # rounds of one institution, or of the city, that are not computed yet
AT_ONCE = 2  # processes that compute
SHARED = ("ordered", "renewed", "stopped", "published")  # what the other members' trails say, too


class TooManyRounds(Refusal):
    message = _("Other rounds are not computed yet. Wait for them, or stop one.")


class NothingToMatch(Refusal):
    message = _("Choose at least one kind.")
    field = "kinds"
    status = 422


class WrongTime(Refusal):
    message = _("A round looks at 1 to %(days)s days.")
    field = "days"
    status = 422

    def __init__(self):
        super().__init__(str(self.message) % {"days": LONGEST_DAYS})


class NotAMember(Refusal):
    message = _("Your hospital is not a member of this consortium.")
    field = "scope"
    status = 422


class NotUnderWay(Refusal):
    message = _("This round is not being computed any more.")


@dataclass(frozen=True, kw_only=True)
class RoundTerms:
    """What whoever orders a round chooses; it begins with the next quarter of an hour."""

    scope: RoundScope = RoundScope.CITY
    consortium: object | None = None
    kinds: tuple[str, ...] = ()
    days: int = 7
    fairness: Decimal = Decimal(1)
    left_out: tuple[str, ...] = ()
    lifted: tuple[str, ...] = field(default=())


def order(
    *,
    terms: RoundTerms,
    institution=None,
    parent: MatchingRun | None = None,
    cause: RoundCause = RoundCause.ORDERED,
    by,
    now: datetime,
) -> MatchingRun:
    """Put a round into the queue; ``institution``: who runs it, over its own needs or, as a member,
    over those of a consortium.

    ``parent`` is the round that it repeats: pins are kept, what was struck stays out.  With another
    ``cause`` it revises its parent, in the name of ``by``, who asked for that.
    Raises NotAnOfficial, NotYours, NotAMember, NothingToMatch, WrongTime, TooManyRounds.
    """
    may_run(institution, terms.kinds, by=by)
    consortium = terms.consortium if terms.scope == RoundScope.CONSORTIUM else None
    _must_be_member(institution, consortium, now)
    if not set(terms.kinds) or set(terms.kinds) - set(codes_in_rounds()):
        raise NothingToMatch
    if not 1 <= terms.days <= LONGEST_DAYS:
        raise WrongTime
    # One order at a time: the next number is read here.
    audit.lock_chains([chain_of(institution), *_others(institution, consortium, now)])
    rows = _rounds_of(institution)
    if rows.under_way().count() >= MOST_WAITING:
        raise TooManyRounds
    starts_at = first_slot(now)
    run = MatchingRun.objects.create(
        number=(rows.aggregate(last=Max("number"))["last"] or 0) + 1,
        institution=institution,
        scope=terms.scope if consortium or not institution else RoundScope.INSTITUTION,
        consortium=consortium,
        kinds=[code for code in codes_in_rounds() if code in terms.kinds],
        starts_at=starts_at,
        ends_at=starts_at + timedelta(days=terms.days),
        fairness=terms.fairness,
        left_out=[aim.value for aim in RoundAim if aim in terms.left_out],
        lifted=list(terms.lifted),
        parent=parent,
        line_id=parent.line_key if cause in RoundCause.REVISIONS else None,
        cause=cause,
        created_at=now,
        created_by=by,
    )
    _say_ordered(run, by=by, now=now)
    return run


def _say_ordered(run: MatchingRun, *, by, now: datetime) -> None:
    facts = {"scope": run.scope, "kinds": run.kinds}
    if run.consortium is not None:
        facts["consortium"] = names_of(run.consortium)
    if run.cause in RoundCause.REVISIONS:
        write_trail(run, "renewed", by=None, now=now, data=facts | {"cause": run.cause})
    else:
        write_trail(run, "ordered", by=by, now=now, data=facts)


def stop(*, run: MatchingRun, by, now: datetime) -> None:
    """What is computed so far is kept as the round's plan; what waits is taken out of the queue.

    Raises NotUnderWay."""
    may_run(run.institution, run.kinds, by=by)
    rows = _rounds_of(run.institution).filter(pk=run.pk)
    taken_out = rows.filter(state=RoundState.QUEUED).update(
        state=RoundState.FAILED, finished_at=now, stop_asked_at=now, error="stopped"
    )
    if not taken_out and not rows.filter(state=RoundState.RUNNING).update(stop_asked_at=now):
        raise NotUnderWay
    write_trail(run, "stopped", by=by, now=now)


def may_run(institution, kinds, *, by) -> None:
    """The city's rounds are its officials'; an institution's are of those there who may ask for
    what it is about.  Raises NotAnOfficial, NotYours."""
    if institution is None:
        require_city(by, Permission.RUN_MATCHING)
    elif not kinds:
        raise NotYours
    for kind in kinds if institution is not None else ():
        require(by=by, institution=institution, permission=Permission.ASK, kind=kind)


def may_decide(run: MatchingRun, *, by, now: datetime) -> None:
    """Over the proposals of a round; a hospital that has left its consortium no longer does.

    Raises NotAnOfficial, NotYours, NotAMember."""
    may_run(run.institution, run.kinds, by=by)
    _must_be_member(run.institution, run.consortium, now)


def _must_be_member(institution, consortium, now: datetime) -> None:
    if institution is None or consortium is None:
        return
    if not consortia_of(institution, now).filter(pk=consortium.pk).exists():
        raise NotAMember


def write_trail(
    run: MatchingRun, action: str, *, by, now: datetime, data: dict | None = None
) -> None:
    """Into the trail of whoever runs it.  The other members of a consortium read in theirs which
    hospital it was; the person is that hospital's affair."""
    own, data = chain_of(run.institution), data or {}
    others = _others(run.institution, run.consortium, now) if action in SHARED else []
    if others:
        audit.lock_chains([own, *others])
        told = data | {"run_by": names_of(run.institution)}
        audit.record(chains=others, by=None, action=f"round.{action}", obj=run, now=now, data=told)
    audit.record(chains=[own], by=by, action=f"round.{action}", obj=run, now=now, data=data)


def _others(institution, consortium, now: datetime) -> list[str]:
    """The chains of the other members, where a member runs a round of its consortium."""
    if institution is None or consortium is None:
        return []
    return [slug for slug in slugs_of_members(consortium.pk, now) if slug != institution.slug]


def chain_of(institution) -> str:
    return AuditEvent.CITY if institution is None else institution.slug


def start_waiting(*, launch: Callable[[int], None], now: datetime) -> int:
    """Let processes start for rounds that wait, the oldest first; ``launch(pk)`` starts one.

    Each round is claimed by compare-and-set, so two runs of this start each once.
    """
    rows = MatchingRun.objects.of_worker()
    room = AT_ONCE - rows.filter(state=RoundState.RUNNING).count()
    waiting = rows.filter(state=RoundState.QUEUED).order_by("created_at", "pk")
    started = 0
    for pk in waiting.values_list("pk", flat=True)[: max(room, 0)]:
        claimed = rows.filter(pk=pk, state=RoundState.QUEUED)
        if claimed.update(
            state=RoundState.RUNNING, started_at=now, alive_at=now, attempt=F("attempt") + 1
        ):
            launch(pk)
            started += 1
    return started


def _rounds_of(institution):
    if institution is None:
        return MatchingRun.objects.for_city()
    return MatchingRun.objects.owned_by(institution)
