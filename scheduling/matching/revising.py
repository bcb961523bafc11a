"""A plan brought up to date: the problem's ``previous`` matches stay as far as they are sound, and
what changed is decided again in blocks of its own (``local``)."""

import time

from scheduling.matching.candidates import CandidateSet
from scheduling.matching.changes import Changes
from scheduling.matching.local import revised
from scheduling.matching.plan import Control, KindPlan, Status
from scheduling.matching.problem import Kind, Problem
from scheduling.matching.solve import Formulation
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
