"""Compute a round: draw the problem, solve it, ask the workflow's rules, store the answer."""

import logging
import time
from collections.abc import Callable, Collection
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from functools import partial

from django.db import transaction

from scheduling.actions.rounds.renewing import since_parent
from scheduling.actions.rounds.signs_of_life import mine
from scheduling.actions.rounds.storing import answer_of, store
from scheduling.matching.plan import Control, Plan, Progress
from scheduling.matching.problem import Problem
from scheduling.matching.revising import revising
from scheduling.matching.solve import solve
from scheduling.models import MatchingRun, Proposal
from scheduling.queries.rounds.current import last_event
from scheduling.queries.rounds.of_kind import round_kind
from scheduling.queries.rounds.problem import Drawn, draw
from scheduling.queries.rounds.proposed import proposals_of
from scheduling.round_states import RoundState

PASSES = 3  # how often a plan is made anew without the pairs that the workflow's rules refuse
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
    found = since_parent(run, drawn.problem)
    watch = _Watch(run, clock)
    control = Control(
        seed=run.seed,
        seconds=float(run.seconds),
        should_stop=watch.should_stop,
        report=watch.report,
    )
    by = found and revising(found)
    planned = _within_the_rules(drawn, partial(solve, control=control, by=by), control, clock)
    solved = replace(drawn, problem=planned.problem)
    without_fairness = _without_fairness(solved, by, control, watch, clock)
    answer = answer_of(solved, planned.plan, planned.refused, without_fairness)
    answer.results["cut"] = sorted(planned.cut)
    answer.results["revision"] = found and asdict(found)
    with transaction.atomic():
        store(run=run, answer=answer, now=clock())


@dataclass(frozen=True)
class _Planned:
    """``problem``: of which ``plan`` is the answer, but for the pairs that were ``cut`` from it;
    ``refused``: pair → the rules of the workflow that refused it."""

    problem: Problem
    plan: Plan
    refused: dict[Pair, list[str]]
    cut: Collection[Pair] = ()


def _within_the_rules(
    drawn: Drawn, plan_of: Callable[[Problem], Plan], control: Control, clock
) -> _Planned:
    """A plan of which the workflow's rules refuse nothing.

    What they refuse is struck from the problem, which is solved again; after the last pass it is
    cut from the plan.
    """
    problem, refused = drawn.problem, {}
    for number in range(PASSES):
        plan = plan_of(problem)
        found = _refused_by_rules(proposals_of(plan, drawn), clock())
        refused |= found
        if not found:
            break
        if number == PASSES - 1 or control.should_stop():
            return _Planned(problem, without(plan, found), refused, found)
        problem = _without(problem, found)
    return _Planned(problem, plan, refused)


def _without_fairness(drawn: Drawn, by, control: Control, watch: "_Watch", clock) -> Plan | None:
    """What the same problem gets when fairness does not count: what fairness costs, and whom it
    cost something.  None where it did not count, or somebody is waiting for the round."""
    given = drawn.problem.parameters
    if not given.fairness or control.should_stop():
        return None
    problem = replace(drawn.problem, parameters=replace(given, fairness=0.0))
    quiet = replace(control, report=lambda progress: watch.should_stop())
    plan = solve(problem, quiet, by=by)
    if control.should_stop():
        return None
    return without(plan, _refused_by_rules(proposals_of(plan, drawn), clock()))


def _refused_by_rules(proposals: list[Proposal], now: datetime) -> dict[Pair, list[str]]:
    found = {}
    for code in sorted({row.kind for row in proposals}):
        rows = [row for row in proposals if row.kind == code]
        for row, findings in zip(rows, round_kind(code).judge(rows, now), strict=True):
            if findings.blocks:
                pair = row.need_ref, row.offer_ref
                found[pair] = sorted({finding.code for finding in findings.blocks})
    return found


def _without(problem: Problem, refused: dict[Pair, list[str]]) -> Problem:
    kept = tuple(row for row in problem.kept if (row.match.need, row.match.offer) not in refused)
    return replace(problem, struck=problem.struck | refused.keys(), kept=kept)


def without(plan: Plan, pairs: Collection[Pair]) -> Plan:
    """The plan with these pairs cut."""
    return replace(
        plan,
        kinds=tuple(
            replace(
                kind,
                matches=tuple(
                    match for match in kind.matches if (match.need, match.offer) not in pairs
                ),
            )
            for kind in plan.kinds
        ),
    )


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
