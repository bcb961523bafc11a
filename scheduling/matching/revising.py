"""A plan brought up to date: the problem's ``previous`` matches stay as far as they are sound, and
what changed is decided again in blocks of its own (``local``), where that is enough."""

import time
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass, field, replace

from scheduling.matching import kinds, tiers
from scheduling.matching.candidates import CandidateSet
from scheduling.matching.changes import Changes
from scheduling.matching.checker import check_kind
from scheduling.matching.local import revised
from scheduling.matching.plan import OUT_OF_TIME, Control, KindPlan, Plan, Status
from scheduling.matching.problem import Kind, Match, Problem
from scheduling.matching.problem_json import inputs_hash
from scheduling.matching.solve import ORDER, Formulation, rejected, solve
from scheduling.matching.travel import Travel

SHARE = 0.25  # of the time of a kind, for deciding again what changed; then there is the rest


@dataclass
class Revision:
    """How a plan is brought up to date, for ``solve(…, by=…)``: a kind of which little changed is
    decided again where it changed; one of which much did, which so takes too long or gets less than
    the greedy plan gives, is solved anew and prefers what was proposed.

    ``anew``: the kinds solved anew, of which a solve adds those that it finds, unless ``settled``.
    """

    found: Changes
    anew: set[Kind] = field(default_factory=set)
    settled: bool = False

    @classmethod
    def recorded(cls, row: dict) -> "Revision":
        """The way that a round went; of those from before there were such, by blocks alone."""
        found = Changes(tuple(row["needs"]), tuple(row["offers"]))
        return cls(found, {Kind(code) for code in row.get("anew", ())}, settled=True)

    def record(self) -> dict:
        return asdict(self.found) | {"anew": sorted(self.anew)}

    def again(self) -> "Revision":
        """The same way once more."""
        return replace(self, anew=set(self.anew), settled=True)

    def __call__(
        self,
        problem: Problem,
        kind: Kind,
        candidates: CandidateSet,
        travel: Travel,
        control: Control,
    ) -> KindPlan:
        started = control.now()
        if kind not in self.anew:
            part = 1 if self.settled else SHARE
            short = replace(control, seconds=part * control.seconds)
            plan = self._by_blocks(problem, kind, short)
            stands = plan.whole and not _too_little(problem, plan, candidates, travel)
            if self.settled or stands or plan.status is Status.STOPPED:
                return plan
            self.anew.add(kind)
        left = control.seconds - (control.now() - started)
        return kinds.solved(problem, kind, candidates, travel, replace(control, seconds=left))

    def _by_blocks(self, problem: Problem, kind: Kind, control: Control) -> KindPlan:
        mine = {need.id for need in problem.needs(kind)}
        before = tuple(match for match in problem.previous if match.need in mine)
        return _by_blocks(problem, kind, before, control, self.found)


def _by_blocks(
    problem: Problem, kind: Kind, before: tuple[Match, ...], control: Control, found: Changes
) -> KindPlan:
    started = control.now()
    matches = revised(problem, kind, before, found.needs, control, found.offers)
    took = control.now() - started
    stopped = control.should_stop()
    return KindPlan(
        kind,
        matches,
        Status.STOPPED if stopped else Status.FEASIBLE,
        (),
        took,
        notes=(OUT_OF_TIME,) if took >= control.seconds and not stopped else (),
    )


def _too_little(problem: Problem, plan: KindPlan, candidates: CandidateSet, travel: Travel) -> bool:
    """Whether the urgent, or all, get less than of the greedy plan; fairness may cost its part."""
    greedy = kinds.baseline("urgency_first", problem, plan.kind, candidates, travel)
    urgent, served = tiers.reached(problem, plan.kind, plan.matches)
    least_urgent, least = tiers.reached(problem, plan.kind, greedy)
    if problem.parameters.fairness:
        least = tiers.least_kept(least)
    return urgent < least_urgent or served < least


def in_passes(
    problem: Problem,
    control: Control,
    by: Formulation | None,
    struck: Sequence[Collection[tuple[str, str]]],
    again: int,
    only: Iterable[Kind] = ORDER,
) -> Plan:
    """The plan of a problem of which pairs came to be struck pass by pass; whoever lost something
    is decided again in the first passes, as many as ``again``."""
    plan = solve(problem, control, only, by)
    for number, pairs in enumerate(struck):
        problem = striking(problem, pairs)
        plan = decided_again(problem, plan, control if number < again else None)
    return plan


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
    candidates = kinds.candidates_of(problem, row.kind, travel)
    cut = replace(row, matches=left)
    found = _served_again(problem, row, candidates, travel, control) if control else cut
    if check_kind(problem, row.kind, found.matches):
        found = cut
    matches = found.matches
    most = {tier.name: tier.bound for tier in row.tiers[:1] if tier.bound is not None}
    after = replace(
        row,
        matches=matches,
        status=Status.STOPPED if Status.STOPPED in {row.status, found.status} else Status.FEASIBLE,
        tiers=tiers.measure(problem, row.kind, matches, candidates, travel, most),
        seconds=row.seconds + time.monotonic() - started,
        notes=tuple(dict.fromkeys((*row.notes, *found.notes))),
    )
    return after, rejected(problem, row.kind, candidates)


def _served_again(
    problem: Problem, row: KindPlan, candidates: CandidateSet, travel: Travel, control: Control
) -> KindPlan:
    plan = _by_blocks(problem, row.kind, row.matches, control, Changes())
    if not plan.whole or not _too_little(problem, plan, candidates, travel):
        return plan
    return kinds.solved(problem, row.kind, candidates, travel, control)


def striking(problem: Problem, pairs: Collection[tuple[str, str]]) -> Problem:
    """The problem with these pairs struck; what was kept of them is kept no longer."""
    kept = tuple(row for row in problem.kept if (row.match.need, row.match.offer) not in pairs)
    return replace(problem, struck=problem.struck | set(pairs), kept=kept)
