"""A stored round solved again: the same input, seed and versions give the same plan."""

from dataclasses import dataclass, replace

from scheduling.actions.rounds.storing import replay_of
from scheduling.matching.codec import decode
from scheduling.matching.plan import OUT_OF_TIME, Control, Plan, Status
from scheduling.matching.problem import KeptMatch, Kind, Match, Problem
from scheduling.matching.problem_json import inputs_hash
from scheduling.matching.revising import Revision, in_passes
from scheduling.matching.solve import versions
from scheduling.models import MatchingRun


@dataclass(frozen=True)
class Difference:
    """``kind``: none where it is about the whole round; ``lost`` and ``new``: matches of the stored
    plan that the replay lacks, and the other way round."""

    what: str
    kind: Kind | None = None
    lost: tuple[Match, ...] = ()
    new: tuple[Match, ...] = ()


@dataclass(frozen=True)
class Replay:
    """``excuses``: what may explain a difference and is no fault of the matcher."""

    matches: int
    differences: tuple[Difference, ...]
    excuses: tuple[str, ...]


def replay(run: MatchingRun) -> Replay:
    """Solve the stored problem as it was solved.  Raises ``RunRecord.DoesNotExist`` for a round
    that never had a plan, ``FormatError`` for a record that is not a sound problem."""
    problem, stored = replay_of(run)
    control = Control(seed=stored.seed, seconds=float(run.seconds))
    again = _solved(run, problem, [row.kind for row in stored.kinds], control)
    return Replay(
        matches=len(again.matches),
        differences=(*_of_hash(run, inputs_hash(problem), stored), *_of_plans(stored, again)),
        excuses=_excuses(stored),
    )


def _solved(run: MatchingRun, problem: Problem, only: list[Kind], control: Control) -> Plan:
    """From the problem as it was before the workflow's rules refused anything, pass by pass."""
    passes = run.results.get("passes") or {"struck": [], "again": 0, "kept": None}
    struck = [{tuple(pair) for pair in pairs} for pairs in passes["struck"]]
    kept = problem.kept
    if passes["kept"] is not None:
        kept = tuple(decode(KeptMatch, row) for row in passes["kept"])
    at = replace(problem, struck=problem.struck - set().union(*struck), kept=kept)
    recorded = run.results.get("revision")
    by = Revision.recorded(recorded) if recorded else None
    return in_passes(at, control, by, struck, passes["again"], only)


def _of_hash(run: MatchingRun, found: str, stored: Plan) -> list[Difference]:
    same = found == stored.inputs_hash == run.inputs_hash
    return [] if same else [Difference(f"input {found[:12]}, recorded as {run.inputs_hash[:12]}")]


def _of_plans(stored: Plan, again: Plan) -> list[Difference]:
    then = {row.kind: row.matches for row in stored.kinds}
    now = {row.kind: row.matches for row in again.kinds}
    return [
        Difference(
            "plan",
            kind,
            tuple(match for match in then.get(kind, ()) if match not in now.get(kind, ())),
            tuple(match for match in now.get(kind, ()) if match not in then.get(kind, ())),
        )
        for kind in Kind
        if then.get(kind, ()) != now.get(kind, ())
    ]


def _excuses(stored: Plan) -> tuple[str, ...]:
    here = versions()
    other = [
        f"{name} {version}, here {here.get(name)}"
        for name, version in sorted(stored.versions.items())
        if here.get(name) != version
    ]
    stopped = [f"{row.kind} was stopped" for row in stored.kinds if row.status == Status.STOPPED]
    late = [f"{row.kind} ran out of time" for row in stored.kinds if OUT_OF_TIME in row.notes]
    return (*other, *stopped, *late)
