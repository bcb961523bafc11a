"""Store what the matcher answered: proposals with their why, unmet needs with theirs, the proof."""

import zlib
from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from scheduling.actions.rounds.signs_of_life import mine
from scheduling.matching.plan import Plan
from scheduling.matching.problem_json import read_plan, read_problem, write_plan, write_problem
from scheduling.models import MatchingRun, Proposal, RunRecord, UnmetNeed
from scheduling.queries.rounds.effects import explain
from scheduling.queries.rounds.figures import figures, measured
from scheduling.queries.rounds.problem import Drawn
from scheduling.queries.rounds.proposed import proposals_of
from scheduling.queries.rounds.supply import left_over
from scheduling.queries.rounds.unmet import unmet_needs
from scheduling.round_states import RoundState


@dataclass(frozen=True)
class Answer:
    """All rows of a computed round, not saved yet, and its figures."""

    drawn: Drawn
    plan: Plan
    proposals: list[Proposal]
    unmet: list[UnmetNeed]
    results: dict


def answer_of(drawn: Drawn, plan: Plan, refused: dict, without: Plan | None = None) -> Answer:
    """``refused``: pairs that the workflow's rules refused; ``without``: the plan in which fairness
    did not count.  Long for a city: not to be called in a transaction."""
    of = measured(drawn.problem, plan, without)
    proposals = proposals_of(plan, drawn)
    explain(proposals, of)
    unmet = unmet_needs(proposals, drawn, of, refused)
    results = figures(of) | _counts(proposals, unmet, drawn, refused)
    results["supply"] = left_over(of)
    return Answer(drawn, plan, proposals, unmet, results)


def store(*, run: MatchingRun, answer: Answer, now: datetime) -> None:
    """In the caller's transaction; a round that is no longer computed is left as it is."""
    stored = mine(run).update(
        state=RoundState.PROPOSED,
        finished_at=now,
        alive_at=now,
        inputs_hash=answer.plan.inputs_hash,
        versions=answer.plan.versions,
        results=answer.results,
    )
    if not stored:
        return
    for row in (*answer.proposals, *answer.unmet):
        row.run = run
    Proposal.objects.of(run).bulk_create(answer.proposals, batch_size=500)
    UnmetNeed.objects.of(run).bulk_create(answer.unmet, batch_size=500)
    RunRecord.objects.of(run).create(
        run=run,
        problem=_packed(write_problem(answer.drawn.problem)),
        plan=_packed(write_plan(answer.plan)),
    )


def _counts(proposals, unmet, drawn: Drawn, refused: dict) -> dict:
    """Needs of the portal, by urgency: all, met in full, met in part."""
    given = {row.need_id for row in proposals}
    missing = {row.need_id: row for row in unmet}
    asked, full, part = Counter(), Counter(), Counter()
    urgency = {row.need_id: row.urgency for row in (*proposals, *unmet)}
    for need, level in urgency.items():
        asked[level] += 1
        full[level] += need in given and need not in missing
        part[level] += need in given and need in missing
    return {
        "needs": dict(asked),
        "full": dict(full),
        "part": dict(part),
        "left_out": dict(Counter(drawn.left_out.values())),
        "refused": dict(Counter(code for codes in refused.values() for code in codes)),
    }


def _packed(text: str) -> bytes:
    return zlib.compress(text.encode())


def replay_of(run: MatchingRun):
    """(problem, plan) as they were stored, read strictly."""
    record = RunRecord.objects.of(run).get()
    texts = (zlib.decompress(bytes(data)).decode() for data in (record.problem, record.plan))
    problem, plan = texts
    return read_problem(problem), read_plan(plan)
