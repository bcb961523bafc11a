"""What if?  A change to a copy of a round's stored problem, decided again around the change.

Nothing here writes: neither the round, nor what was proposed, nor what anybody offers.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from django.utils.translation import gettext_lazy as _

from medshare_portal.refusals import Refusal
from scheduling.actions.rounds.storing import replay_of
from scheduling.matching import kinds, tiers, trial
from scheduling.matching.plan import KindPlan, Plan
from scheduling.matching.problem import Interval, Kind, Problem
from scheduling.matching.reasons import Verdict, dispute
from scheduling.matching.trial import Outcome, Tried
from scheduling.models import MatchingRun, RunRecord, UnmetNeed
from scheduling.queries.rounds.draft import key_of
from scheduling.queries.rounds.of_kind import round_kind

MINUTE = timedelta(minutes=1)
STRUCK = "struck"
MOST_OFFERS = 30  # of those alike that may be chosen


class NothingStored(Refusal):
    message = _("The input of this round is not stored, so nothing can be tried on it.")


class NotInProblem(Refusal):
    message = _("This need is no part of what the matcher was given, so nothing can be tried.")


def rules_to_try(code: str) -> list[str]:
    """Codes of the rules that may be left out for needs of a kind of the portal."""
    return list(kinds.trials(round_kind(code).matcher).LIFTS)


class Copy:
    """A round's problem and plan as they were stored, seen from one of its unmet needs.

    Raises NothingStored, NotInProblem.
    """

    def __init__(self, run: MatchingRun, unmet: UnmetNeed):
        self.unmet = unmet
        self.run, self.kind = run, round_kind(unmet.kind).matcher
        self.problem, plan = _stored(run)
        self.plan = _of_kind(plan, self.kind)
        self.known = kinds.trials(self.kind)
        part = tiers.parts(self.problem, self.kind, self.plan.matches)
        self.unserved = [
            row
            for row, served in zip(self.problem.needs(self.kind), part, strict=True)
            if served < 1
        ]
        self.parts = [row for row in self.unserved if key_of(row.id) == unmet.need_id]
        if not self.parts:
            raise NotInProblem

    @property
    def need(self):
        """The first unserved part of the need, as the matcher knows it."""
        return self.parts[0]

    @property
    def timed(self) -> bool:
        return self.known.TIMED

    @property
    def rules(self) -> list[str]:
        """Codes that may be left out; what the workflow's rules refused stays out."""
        refused = bool(self.unmet.data.get("rules"))
        return [code for code in self.known.LIFTS if not (refused and code == STRUCK)]

    @property
    def disputable(self) -> bool:
        """Whether something fits the need that others have."""
        return self.unmet.code in {Verdict.OUTBID, Verdict.FAIRNESS, Verdict.MATCHED}

    @cached_property
    def offers(self) -> tuple[str, ...]:
        """Of what the need asks for, the nearest first."""
        return trial.alike(self.problem, self.kind, self.need.id, MOST_OFFERS)

    def minute(self, moment: datetime) -> int:
        return (moment - self.run.starts_at) // MINUTE

    def day(self, day) -> int:
        start = datetime.fromisoformat(self.problem.horizon.starts_at).date()
        return (day - start).days

    def span(self, starts_at: datetime, ends_at: datetime) -> Interval:
        return Interval(self.minute(starts_at), self.minute(ends_at))


@dataclass(frozen=True)
class Trial:
    """``problem``: the copy with its change, if that is what was tried."""

    copy: Copy
    outcome: Outcome


def leave_out(*, copy: Copy, rule: str, for_hospital: bool = False) -> Trial:
    """A rule, for this need or for all unserved needs of its hospital."""
    rows = copy.parts
    if for_hospital:
        rows = [row for row in copy.unserved if row.institution == copy.need.institution]
        rows.sort(key=lambda row: (row.urgency, row.posted_at, row.id))
    changed = copy.known.LIFTS[rule](copy.problem, tuple(rows))
    tried = Tried(changed, copy.kind, tuple(row.id for row in rows))
    return Trial(copy, trial.try_out(copy.problem, copy.plan, tried))


def serve_anyway(*, copy: Copy) -> Trial:
    """The need is forced, whoever must give way; nothing of what was kept does."""
    found = dispute(copy.problem, copy.plan, copy.need.id)
    return Trial(copy, trial.other_plan(copy.problem, copy.plan, found.after))


def lengthen(*, copy: Copy, offer: str, hours: int) -> Trial:
    """Each of an offer's windows ends so many hours later."""
    row = next(row for row in copy.problem.offers(copy.kind) if row.id == offer)
    problem = copy.problem
    for window in copy.known.times(row):
        longer = Interval(window.ends_at, window.ends_at + 60 * hours)
        problem = copy.known.more(problem, offer, longer)
    return _with_offer(copy, problem, offer)


def add_hours(*, copy: Copy, offer: str, starts_at: datetime, ends_at: datetime) -> Trial:
    changed = copy.known.more(copy.problem, offer, copy.span(starts_at, ends_at))
    return _with_offer(copy, changed, offer)


def add_packs(*, copy: Copy, offer: str, packs: int) -> Trial:
    return _with_offer(copy, copy.known.more(copy.problem, offer, packs), offer)


def add_timed_offer(
    *, copy: Copy, institution: str, starts_at: datetime, ends_at: datetime
) -> Trial:
    """One more device or person at an institution (its short name), from – until."""
    span = copy.span(starts_at, ends_at)
    changed = copy.known.offered(copy.problem, copy.need, institution, span)
    return _with_offer(copy, changed, trial.NEW)


def add_lot(*, copy: Copy, institution: str, packs: int, expiry_date) -> Trial:
    changed = copy.known.offered(
        copy.problem, copy.need, institution, packs, expiry_day=copy.day(expiry_date)
    )
    return _with_offer(copy, changed, trial.NEW)


def _with_offer(copy: Copy, problem: Problem, offer: str) -> Trial:
    """Whoever waits for the offer may have it."""
    waiting = trial.open_to(problem, copy.plan, offer)
    tried = Tried(problem, copy.kind, waiting, for_all=True)
    return Trial(copy, trial.try_out(copy.problem, copy.plan, tried))


def _stored(run: MatchingRun) -> tuple[Problem, Plan]:
    try:
        return replay_of(run)
    except RunRecord.DoesNotExist:
        raise NothingStored from None


def _of_kind(plan: Plan, kind: Kind) -> KindPlan:
    found = next((row for row in plan.kinds if row.kind == kind), None)
    if found is None:
        raise NotInProblem
    return found
