"""Compute a round: draw the problem, solve it, ask the workflow's rules, store the answer."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from scheduling.actions.rounds.renewing import since_parent
from scheduling.actions.rounds.signs_of_life import mine
from scheduling.actions.rounds.storing import answer_of, store
from scheduling.matching.codec import plain
from scheduling.matching.own_first import own_first
from scheduling.matching.plan import Control, Plan, Progress
from scheduling.matching.problem import Problem
from scheduling.matching.revising import Revision, decided_again, in_passes, striking
from scheduling.matching.solve import solve
from scheduling.models import MatchingRun, Proposal
from scheduling.queries.rounds.current import last_event
from scheduling.queries.rounds.of_kind import round_kind
from scheduling.queries.rounds.problem import Drawn, draw
from scheduling.queries.rounds.proposed import proposals_of
from scheduling.round_states import PLANNED, RoundState

PASSES = 2  # how often those are served again whom the workflow's rules refused their offer
REPORT_SECONDS = 1.0
logger = logging.getLogger(__name__)
Pair = tuple[str, str]


def compute(*, run: MatchingRun, clock: Callable[[], datetime]) -> bool:
    """Work through a round that was claimed; False where it failed, which it then says.

    Nothing is locked while it computes.  ``clock`` gives the moment: of the drawing, of each sign
    of life, of the end.
    """
    run.attempt = MatchingRun.objects.of_worker().values_list("attempt", flat=True).get(pk=run.pk)
    try:
        _compute(run, clock)
    except Exception as error:
        logger.exception("round %s failed", run.pk)
        mine(run).update(
            state=RoundState.FAILED,
            finished_at=clock(),
            error=f"{type(error).__name__}: {error}"[:500],
        )
        return False
    return True


def _compute(run: MatchingRun, clock: Callable[[], datetime]) -> None:
    mine(run).update(seen_event=last_event())
    drawn = draw(run, now=clock())
    drawn = replace(drawn, problem=own_first(drawn.problem))
    revision = since_parent(run, drawn.problem)
    watch = _Watch(run, clock)
    control = Control(
        seed=run.seed,
        seconds=float(run.seconds),
        should_stop=watch.should_stop,
        report=watch.report,
    )
    first = solve(drawn.problem, control, by=revision)
    watch.planned(first)
    quiet = replace(control, report=lambda progress: watch.should_stop())
    planned = _within_the_rules(drawn, first, quiet, clock)
    solved = replace(drawn, problem=planned.problem)
    without_fairness = _without_fairness(drawn, revision, planned.passes, quiet, clock)
    answer = answer_of(solved, planned.plan, planned.refused, without_fairness)
    answer.results["passes"] = planned.passes
    answer.results["revision"] = revision and revision.record()
    with transaction.atomic():
        store(run=run, answer=answer, now=clock())


@dataclass(frozen=True)
class _Planned:
    """``problem``: of which ``plan`` is the answer; ``refused``: pair → the rules of the workflow
    that refused it; ``passes``: what a replay must know of how that came about."""

    problem: Problem
    plan: Plan
    refused: dict[Pair, list[str]]
    passes: dict


def _within_the_rules(drawn: Drawn, plan: Plan, control: Control, clock) -> _Planned:
    """A plan of which the workflow's rules refuse nothing.

    What they refuse is struck from the problem, and whoever lost by it is served again; after the
    last pass it is cut and no more.
    """
    problem, refused, struck, again = drawn.problem, {}, [], 0
    while found := _refused_by_rules(proposals_of(plan, drawn), clock()):
        refused |= found
        struck.append(sorted(found))
        problem = striking(problem, found.keys())
        last = again == PASSES or control.should_stop()
        plan = decided_again(problem, plan, None if last else control)
        if last:
            break
        again += 1
    kept = plain(drawn.problem.kept) if problem.kept != drawn.problem.kept else None
    return _Planned(problem, plan, refused, {"struck": struck, "again": again, "kept": kept})


def _without_fairness(
    drawn: Drawn, revision: Revision | None, passes: dict, control: Control, clock
) -> Plan | None:
    """What the same problem gets, in the same way, when fairness does not count: what fairness
    costs, and whom it cost something.  None where it did not count, or somebody is waiting for the
    round."""
    given = drawn.problem.parameters
    if not given.fairness or control.should_stop():
        return None
    problem = replace(drawn.problem, parameters=replace(given, fairness=0.0))
    struck, again = passes["struck"], passes["again"]
    plan = in_passes(problem, control, revision and revision.again(), struck, again)
    if control.should_stop():
        return None
    found = _refused_by_rules(proposals_of(plan, drawn), clock())
    pairs = {*found, *(pair for pairs in struck for pair in pairs)}
    return decided_again(striking(problem, pairs), plan, None)


def _refused_by_rules(proposals: list[Proposal], now: datetime) -> dict[Pair, list[str]]:
    found = {}
    for code in sorted({row.kind for row in proposals}):
        rows = [row for row in proposals if row.kind == code]
        for row, findings in zip(rows, round_kind(code).judge_together(rows, now), strict=True):
            if findings.blocks:
                codes = sorted({finding.code for finding in findings.blocks})
                found |= dict.fromkeys(row.pairs, codes)
    return found


class _Watch:
    """Between the solver and the row of its round: signs of life, progress, and the wish to stop.

    Both are asked far more often than the database should hear of it.
    """

    def __init__(self, run: MatchingRun, clock: Callable[[], datetime]):
        self.run, self.clock = run, clock
        self.progress: dict[str, list] = {}
        self.stop = False
        self.next_look = 0.0

    def report(self, progress: Progress) -> None:
        _phase, before, _served = self.progress.get(progress.kind.value, ("", 0.0, 0))
        done = max(round(progress.done, 3), before)  # a further pass begins anew; a bar does not
        self.progress[progress.kind.value] = [progress.phase, done, progress.served]
        self._look()

    def planned(self, plan: Plan) -> None:
        """The first plan is there; what follows asks the rules, compares and explains."""
        served = {row.kind.value: len({match.need for match in row.matches}) for row in plan.kinds}
        self.progress = {code: [PLANNED, 1.0, served.get(code, 0)] for code in self.run.kinds}
        self.next_look = 0.0
        self._look()

    def should_stop(self) -> bool:
        self._look()
        return self.stop

    def _look(self) -> None:
        if self.stop or time.monotonic() < self.next_look:
            return
        self.next_look = time.monotonic() + REPORT_SECONDS
        alive = mine(self.run).update(progress=self.progress, alive_at=self.clock())
        asked = mine(self.run).filter(stop_asked_at__isnull=False).exists()
        self.stop = asked or not alive
