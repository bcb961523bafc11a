"""Order a matching round, stop one, and let the process start that computes it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import F, Max
from django.utils.translation import gettext_lazy as _

from medshare_portal import audit
from medshare_portal.actions.crises import require_city
from medshare_portal.models import AuditEvent
from medshare_portal.refusals import Refusal
from medshare_portal.roles import Permission
from scheduling.actions._lock import NotYours, require
from scheduling.models import MatchingRun
from scheduling.models.matching_run import LONGEST_DAYS
from scheduling.queries.rounds.of_kind import codes_in_rounds
from scheduling.queries.rounds.problem import first_slot
from scheduling.round_states import RoundAim, RoundCause, RoundScope, RoundState

MOST_WAITING = 3  # rounds of one institution, or of the city, that are not computed yet
AT_ONCE = 2  # processes that compute


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
    """Put a round into the queue; ``institution``: its own round, over its own needs.

    ``parent`` is the round that it repeats: pins are kept, what was struck stays out.  With another
    ``cause`` it revises its parent, in the name of ``by``, who asked for that.
    Raises NotAnOfficial, NotYours, NothingToMatch, WrongTime, TooManyRounds.
    """
    may_run(institution, terms.kinds, by=by)
    if not set(terms.kinds) or set(terms.kinds) - set(codes_in_rounds()):
        raise NothingToMatch
    if not 1 <= terms.days <= LONGEST_DAYS:
        raise WrongTime
    audit.lock_chains([chain_of(institution)])  # one order at a time: the next number is read here
    rows = _rounds_of(institution)
    if rows.under_way().count() >= MOST_WAITING:
        raise TooManyRounds
    starts_at = first_slot(now)
    run = MatchingRun.objects.create(
        number=(rows.aggregate(last=Max("number"))["last"] or 0) + 1,
        institution=institution,
        scope=RoundScope.INSTITUTION if institution else terms.scope,
        consortium=terms.consortium if terms.scope == RoundScope.CONSORTIUM else None,
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
    facts = {"scope": run.scope, "kinds": run.kinds}
    if cause in RoundCause.REVISIONS:
        write_trail(run, "renewed", by=None, now=now, data=facts | {"cause": cause})
    else:
        write_trail(run, "ordered", by=by, now=now, data=facts)
    return run


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
    """The city's rounds are its officials'; an institution's are of those who may ask for what it
    is about.  Raises NotAnOfficial, NotYours."""
    if institution is None:
        require_city(by, Permission.RUN_MATCHING)
    elif not kinds:
        raise NotYours
    for kind in kinds if institution is not None else ():
        require(by=by, institution=institution, permission=Permission.ASK, kind=kind)


def write_trail(
    run: MatchingRun, action: str, *, by, now: datetime, data: dict | None = None
) -> None:
    chain = chain_of(run.institution)
    audit.record(chains=[chain], by=by, action=f"round.{action}", obj=run, now=now, data=data or {})


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
