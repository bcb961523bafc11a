"""One kind of one generated city, in a process of its own: figures as JSON on the last line."""

import json
import resource
import sys
import time
from dataclasses import asdict, replace

from bench.matching import shocks
from bench.matching.cities import city
from scheduling.matching import kinds
from scheduling.matching.checker import check_kind
from scheduling.matching.local import revised
from scheduling.matching.plan import Control, KindPlan
from scheduling.matching.problem import Kind, Problem
from scheduling.matching.reasons import Explainer
from scheduling.matching.solve import solve
from scheduling.matching.standing import compared, standing
from scheduling.matching.travel import Travel


def main(asked: dict) -> dict:
    kind = Kind(asked["kind"])
    problem = city(asked["size"], seed=asked["seed"], kinds=(kind,))
    now = time.process_time if asked["cpu"] else time.monotonic
    control = Control(seed=asked["seed"], seconds=asked["seconds"], now=now)
    plan, found = _timed(problem, control)
    found |= {
        "needs": len(problem.needs(kind)),
        "offers": len(problem.offers(kind)),
        "status": plan.status.value,
        "notes": plan.notes,
        "gaps": {tier.name: tier.gap for tier in plan.tiers},
        "broken": len(check_kind(problem, kind, plan.matches)),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "standing": {name: asdict(row) for name, row in compared(problem, plan).items()},
    }
    for name in asked["also"]:
        found |= ALSO[name](problem, kind, plan, control)
    return found


def _timed(problem: Problem, control: Control) -> tuple[KindPlan, dict]:
    started, cpu = control.now(), time.process_time()
    plan = solve(problem, control).kinds[0]
    seconds = {"seconds": control.now() - started, "cpu_seconds": time.process_time() - cpu}
    return plan, seconds


def _reasons(problem: Problem, kind: Kind, plan: KindPlan, control: Control) -> dict:
    explainer, times = Explainer(problem, plan), []
    _shared = explainer.book  # what all of them share is made once
    for need in problem.needs(kind)[:: max(1, len(problem.needs(kind)) // 2_000)]:
        start = time.process_time()  # of the CPU: they are short, and others may be running
        explainer.need(need.id)
        times.append(1_000 * (time.process_time() - start))
    times.sort()
    return {"reason_ms": times[len(times) // 2], "reason_ms_p99": times[int(len(times) * 0.99)]}


def _fairness(problem: Problem, kind: Kind, plan: KindPlan, control: Control) -> dict:
    """What the equity tier costs: the same problem without it."""
    unfair = replace(problem, parameters=replace(problem.parameters, fairness=0.0))
    other, _seconds = _timed(unfair, control)
    travel = Travel(problem)
    candidates = kinds.candidates_of(problem, kind, travel)
    fair, free = (standing(problem, kind, row.matches, candidates, travel) for row in (plan, other))
    return {
        "fairness_served": 1 - fair.served / max(1.0, free.served),
        "fairness_urgent": 1 - fair.first_tier / max(1.0, free.first_tier),
    }


def _replan(problem: Problem, kind: Kind, plan: KindPlan, control: Control) -> dict:
    """After a shock: what stays, and what that costs against a round from scratch.  Whoever lost
    an offer is decided again, as in the portal."""
    was = shocks.before(problem, kind, control.seed)
    first, _seconds = _timed(was, control)
    shocked = shocks.after(problem, kind, first.matches, control.seed)
    new = sorted({need.id for need in problem.needs(kind)} - {n.id for n in was.needs(kind)})
    start = control.now()
    again = revised(shocked, kind, first.matches, new, control)
    seconds = control.now() - start
    start = control.now()
    revised(shocked, kind, again, new[:1], replace(control, seconds=2.0))
    one = control.now() - start
    scratch, _seconds = _timed(shocked, control)
    travel = Travel(shocked)
    candidates = kinds.candidates_of(shocked, kind, travel)
    here, there = (
        standing(shocked, kind, matches, candidates, travel).weighted
        for matches in (again, scratch.matches)
    )
    return {
        "replan_kept": shocks.kept_share(shocked.previous, again),
        "replan_seconds": seconds,
        "replan_lost": 1 - here / there,
        "replan_broken": len(check_kind(shocked, kind, again)),
        "one_change_seconds": one,
    }


ALSO = {"reasons": _reasons, "fairness": _fairness, "replan": _replan}

if __name__ == "__main__":
    print(json.dumps(main(json.loads(sys.argv[1]))))
