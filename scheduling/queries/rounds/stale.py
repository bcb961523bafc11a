"""Which lines of a round hold no longer, now that it is to be published; of some of several pieces
a part."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from scheduling.matching.checker import check_kind
from scheduling.matching.problem import Kind, Match, Problem
from scheduling.models import MatchingRun, NeedState, Proposal
from scheduling.queries.rounds.draft import Draft
from scheduling.queries.rounds.of_kind import round_kind
from scheduling.queries.rounds.pieces import apart, together
from scheduling.queries.rounds.problem import as_given, draw, matches_of
from scheduling.round_states import Stale

# What the checker calls what is no matter of who has it.
BY_RULE = dict.fromkeys(("practice", "record", "arrival"), Stale.RULES)
TOO_MUCH = "too_much"  # the checker's word where a need would get more than it asks for
Pair = tuple[str, str]


@dataclass(frozen=True)
class Staleness:
    """``lines``: key of a proposal → why all of it is out of date; ``pieces``: pair of a piece →
    why it is, though others of its line are not."""

    lines: dict[int, Stale] = field(default_factory=dict)
    pieces: dict[Pair, Stale] = field(default_factory=dict)


def stale_lines(run: MatchingRun, rows: list[Proposal], *, now: datetime) -> Staleness:
    """What can no longer be published and why, held against the city as it is now: needs that
    ended, what other rounds propose, what has been booked, what the rules say.

    The caller has locked the resources and the needs, so that the answer stays true.
    """
    drawn = draw(as_given(run), now=now)
    lines = {row.pk: Stale.NOT_NEEDED for row in rows if row.need.state != NeedState.OPEN}
    pieces: dict[Pair, Stale] = {}
    for code in sorted({row.kind for row in rows}):
        kind = round_kind(code)
        of_kind = [row for row in rows if row.kind == code and row.pk not in lines]
        problem = kind.alike(drawn.problem, of_kind)
        asked = [piece for row in of_kind for piece in apart(row)]
        found = _against_the_problem(kind.matcher, asked, problem, drawn.draft)
        first = _pressing(piece for piece in asked if _pair(piece) not in found)
        found |= dict.fromkeys(kind.crowded(first, drawn.draft), Stale.TAKEN)
        sound = together(piece for piece in asked if _pair(piece) not in found)
        for row, findings in zip(sound, kind.judge_together(sound, now), strict=True):
            if findings.blocks:
                found |= dict.fromkeys(row.pairs, Stale.RULES)
        for row in of_kind:
            gone = [found[pair] for pair in row.pairs if pair in found]
            if len(gone) == len(row.pairs):
                lines[row.pk] = gone[0]
        pieces |= found
    return Staleness(lines, pieces)


def _pair(piece: Proposal) -> Pair:
    return piece.need_ref, piece.offer_ref


def _pressing(rows: Iterable[Proposal]) -> list[Proposal]:
    """The most pressing first: of two that cannot both be, it is the one that stays."""
    return sorted(rows, key=lambda row: (row.urgency, row.pk))


def _against_the_problem(
    kind: Kind, pieces: list[Proposal], problem: Problem, draft: Draft
) -> dict[Pair, Stale]:
    found = {}
    needs = {need.id for need in problem.needs(kind)}
    offers = {offer.id for offer in problem.offers(kind)}
    matches: dict[Pair, Match] = {}
    for row in _pressing(pieces):
        if row.need_ref not in needs:
            found[_pair(row)] = Stale.NOT_NEEDED
        elif row.offer_ref not in offers:
            found[_pair(row)] = Stale.TAKEN
        else:
            matches[_pair(row)] = matches_of(row, draft)[0]

    def broken(taken: Iterable[Match]) -> dict[Pair, str]:
        return {(v.need, v.offer): v.code for v in check_kind(problem, kind, taken)}

    doubtful = broken(matches.values())
    stays = [row for row in matches.values() if (row.need, row.offer) not in doubtful]
    for pair, match in matches.items():
        if pair not in doubtful:
            continue
        code = broken([*stays, match]).get(pair)
        if code is None:
            stays.append(match)
        else:
            found[pair] = Stale.NOT_NEEDED if code == TOO_MUCH else BY_RULE.get(code, Stale.TAKEN)
    return found
