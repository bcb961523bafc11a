"""Which lines of a round hold no longer, now that it is to be published."""

from collections.abc import Iterable
from datetime import datetime

from scheduling.matching.checker import check_kind
from scheduling.matching.problem import Kind, Match, Problem
from scheduling.models import MatchingRun, NeedState, Proposal
from scheduling.queries.rounds.draft import Draft
from scheduling.queries.rounds.of_kind import round_kind
from scheduling.queries.rounds.problem import as_given, draw, match_of
from scheduling.round_states import Stale

# What the checker calls what is no matter of who has it.
BY_RULE = dict.fromkeys(("practice", "record", "arrival"), Stale.RULES)
TOO_MUCH = "too_much"  # the checker's word where a need would get more than it asks for


def stale_lines(run: MatchingRun, rows: list[Proposal], *, now: datetime) -> dict[int, Stale]:
    """Proposal → why it can no longer be published, held against the city as it is now: needs that
    ended, what other rounds propose, what has been booked, what the rules say.

    The caller has locked the resources and the needs, so that the answer stays true.
    """
    drawn = draw(as_given(run), now=now)
    found = {row.pk: Stale.NOT_NEEDED for row in rows if row.need.state != NeedState.OPEN}
    for code in sorted({row.kind for row in rows}):
        kind = round_kind(code)
        of_kind = [row for row in rows if row.kind == code and row.pk not in found]
        problem = kind.alike(drawn.problem, of_kind)
        found |= _against_the_problem(kind.matcher, of_kind, problem, drawn.draft)
        first = _pressing(row for row in of_kind if row.pk not in found)
        found |= dict.fromkeys(kind.crowded(first, drawn.draft), Stale.TAKEN)
        sound = [row for row in of_kind if row.pk not in found]
        for row, findings in zip(sound, kind.judge_together(sound, now), strict=True):
            if findings.blocks:
                found[row.pk] = Stale.RULES
    return found


def _pressing(rows: Iterable[Proposal]) -> list[Proposal]:
    """The most pressing first: of two that cannot both be, it is the one that stays."""
    return sorted(rows, key=lambda row: (row.urgency, row.pk))


def _against_the_problem(
    kind: Kind, rows: list[Proposal], problem: Problem, draft: Draft
) -> dict[int, Stale]:
    found = {}
    needs = {need.id for need in problem.needs(kind)}
    offers = {offer.id for offer in problem.offers(kind)}
    matches: dict[int, Match] = {}
    for row in _pressing(rows):
        if row.need_ref not in needs:
            found[row.pk] = Stale.NOT_NEEDED
        elif row.offer_ref not in offers:
            found[row.pk] = Stale.TAKEN
        else:
            matches[row.pk] = match_of(row, draft)

    def broken(taken: Iterable[Match]) -> dict[tuple[str, str], str]:
        return {(v.need, v.offer): v.code for v in check_kind(problem, kind, taken)}

    doubtful = broken(matches.values())
    stays = [row for row in matches.values() if (row.need, row.offer) not in doubtful]
    for pk, match in matches.items():
        pair = match.need, match.offer
        if pair not in doubtful:
            continue
        code = broken([*stays, match]).get(pair)
        if code is None:
            stays.append(match)
        else:
            found[pk] = Stale.NOT_NEEDED if code == TOO_MUCH else BY_RULE.get(code, Stale.TAKEN)
    return found
