"""A plan brought up to date: the problem's ``previous`` matches stay as far as they are sound, and
what changed is decided again in blocks of its own (``local``)."""

import time
from collections.abc import Collection
from dataclasses import replace

from scheduling.matching import kinds, tiers
from scheduling.matching.candidates import CandidateSet
from scheduling.matching.changes import Changes
from scheduling.matching.checker import check_kind
from scheduling.matching.local import revised
from scheduling.matching.plan import Control, KindPlan, Plan, Status
from scheduling.matching.problem import Kind, Problem
from scheduling.matching.problem_json import inputs_hash
from scheduling.matching.solve import Formulation, rejected
from scheduling.matching.travel import Travel


def revising(found: Changes) -> Formulation:
    """For ``solve(…, by=…)``, which checks what comes out as it checks any plan."""

    def revise(
        problem: Problem, kind: Kind, candidates: CandidateSet, travel: Travel, control: Control
    ) -> KindPlan:
        started = time.monotonic()
        mine = {need.id for need in problem.needs(kind)}
        before = tuple(match for match in problem.previous if match.need in mine)
        matches = revised(problem, kind, before, found.needs, control, found.offers)
        status = Status.STOPPED if control.should_stop() else Status.FEASIBLE
        return KindPlan(kind, matches, status, (), time.monotonic() - started)

    return revise


def decided_again(problem: Problem, plan: Plan, control: Control | None) -> Plan:
    """The plan of the same problem after it came to strike pairs: who lost a match is served as
    well as can be in a block of its own.  Without ``control`` the pairs are cut and no more."""
    rows = [_decided_again(problem, row, control) for row in plan.kinds]
    return replace(
        plan,
        kinds=tuple(row for row, _rejections in rows),
        rejections=plan.rejections | {row.kind.value: n for row, n in rows if n is not None},
        inputs_hash=inputs_hash(problem),
    )


def _decided_again(
    problem: Problem, row: KindPlan, control: Control | None
) -> tuple[KindPlan, dict[str, int] | None]:
    """With the pairs that each rule is the first to refuse, where anything changed."""
    left = tuple(m for m in row.matches if (m.need, m.offer) not in problem.struck)
    if len(left) == len(row.matches):
        return row, None
    started, travel = time.monotonic(), Travel(problem)
    matches = revised(problem, row.kind, row.matches, control=control) if control else left
    if check_kind(problem, row.kind, matches):
        matches = left
    candidates = kinds.candidates_of(problem, row.kind, travel)
    most = {tier.name: tier.bound for tier in row.tiers[:1] if tier.bound is not None}
    after = replace(
        row,
        matches=matches,
        status=Status.STOPPED if row.status is Status.STOPPED else Status.FEASIBLE,
        tiers=tiers.measure(problem, row.kind, matches, candidates, travel, most),
        seconds=row.seconds + time.monotonic() - started,
    )
    return after, rejected(problem, row.kind, candidates)


def striking(problem: Problem, pairs: Collection[tuple[str, str]]) -> Problem:
    """The problem with these pairs struck; what was kept of them is kept no longer."""
    kept = tuple(row for row in problem.kept if (row.match.need, row.match.offer) not in pairs)
    return replace(problem, struck=problem.struck | set(pairs), kept=kept)
