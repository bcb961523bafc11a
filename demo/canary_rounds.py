"""A matching round of each marked institution: what was proposed, struck and declined, what stayed
unmet, and what the matcher was given."""

import zlib
from datetime import datetime, timedelta

from demo.marks import mark
from medshare_portal.roles import Role
from scheduling.matching import problem as matcher
from scheduling.matching.plan import Plan
from scheduling.matching.problem_json import inputs_hash, write_plan, write_problem
from scheduling.models import MatchingRun, Need, Proposal, RunRecord, UnmetNeed

DAY = timedelta(days=1)
SUMS = {"served": {"1": 0, "2": 0, "3": 0}, "lowest": None, "waste": 0, "kilometres": 0}
WAYS = ("plan", "urgency_first", "first_come")
# The figures of a round that found nothing for one urgent need.
RESULTS = {name: {} for name in ("kinds", "rejections", "full", "part", "left_out", "refused")}
RESULTS |= {"needs": {"2": 1}, "compare": dict.fromkeys(WAYS, SUMS)}


def plant_rounds(nest, other, now: datetime) -> None:
    """``nest`` ran a round for its need; the other declined what it was asked for."""
    need = Need.unscoped.get(institution=nest.institution)
    run = _run(nest, now)
    _line(nest, other, run, need, state="struck")
    _line(
        nest, other, run, need, need_ref=f"N-{need.pk}#2", state="declined",
        declined_by_side="owner", decline_code="other", expires_at=now + DAY, answered_at=now,
        answered_by=other.people[Role.COORDINATOR],
    )  # fmt: skip
    UnmetNeed.unscoped.create(
        run=run,
        need=need,
        institution=nest.institution,
        kind=need.kind,
        need_ref=f"N-{need.pk}",
        urgency=2,
        code="no_offer",
        data={"funnel": [["all", 3], ["item", 0]]},
    )
    _record(nest, run, now)


def _run(nest, now: datetime) -> MatchingRun:
    by = nest.people[Role.COORDINATOR]
    run = nest.marked(
        MatchingRun,
        number=1,
        institution=nest.institution,
        scope="institution",
        kinds=["equipment"],
        starts_at=now,
        ends_at=now + 14 * DAY,
        state="published",
        created_at=now,
        created_by=by,
        started_at=now,
        finished_at=now,
        published_at=now,
        published_by=by,
        results=RESULTS,
    )
    run.save()
    return run


def _line(nest, other, run: MatchingRun, need: Need, **fields) -> None:
    device = other.devices[0]
    values = {"need_ref": f"N-{need.pk}", "offer_ref": f"R-{device.pk}"}
    nest.marked(
        Proposal,
        run=run,
        need=need,
        resource=device,
        owner=other.institution,
        borrower=nest.institution,
        kind=need.kind,
        urgency=2,
        starts_at=need.starts_at,
        ends_at=need.ends_at,
        **{"decline_code": ""} | values | fields,
    ).save()


def _record(nest, run: MatchingRun, now: datetime) -> None:
    """What nobody reads: the matcher's problem, whole and marked."""
    marked = matcher.Institution(f"{mark(nest.letter, RunRecord, 'problem')}", 30.3, 120.2)
    given = matcher.Problem(
        horizon=matcher.Horizon(now.isoformat(timespec="seconds")), institutions=(marked,)
    )
    answer = Plan(kinds=(), seed=1, inputs_hash=inputs_hash(given), versions={})
    texts = {"problem": write_problem(given), "plan": write_plan(answer)}
    packed = {name: zlib.compress(text.encode()) for name, text in texts.items()}
    RunRecord.unscoped.create(run=run, **packed)
