"""Whether a plan keeps every hard rule, said a second time and apart from every model.

Nothing here imports what the formulations are made of (``admissible``, ``candidates``,
``travel``): a mistake there must not excuse itself here.  Plain Python, one loop per rule.
"""

from collections.abc import Iterable

from scheduling.matching.checker import equipment, medicine, staff
from scheduling.matching.checker.facts import Facts, Violation
from scheduling.matching.problem import Kind, Match, Problem

RULES = {Kind.EQUIPMENT: equipment.RULES, Kind.MEDICINE: medicine.RULES, Kind.STAFF: staff.RULES}
TOGETHER = {
    Kind.EQUIPMENT: equipment.together,
    Kind.MEDICINE: medicine.together,
    Kind.STAFF: staff.together,
}

__all__ = ["Violation", "check", "check_kind"]


def check(problem: Problem, matches: Iterable[Match]) -> tuple[Violation, ...]:
    """Everything that is wrong with a plan of all kinds; nothing: the plan is sound."""
    matches = tuple(matches)
    needs = {need.id for kind in Kind for need in problem.needs(kind)}
    strangers = [Violation("unknown_need", m.need, m.offer) for m in matches if m.need not in needs]
    found = [check_kind(problem, kind, matches) for kind in Kind]
    return (*strangers, *(row for rows in found for row in rows))


def check_kind(problem: Problem, kind: Kind, matches: Iterable[Match]) -> tuple[Violation, ...]:
    """``matches`` whose need is of another kind are passed over.  What was kept is not judged by
    itself, only what is put beside it; a rule that the problem lifts is not asked."""
    facts = Facts(problem, kind)
    mine = [match for match in matches if match.need in facts.needs]
    found = [*facts.missing(mine)]
    sound: list[Match] = []
    for match in mine:
        if match.offer not in facts.offers:
            found.append(Violation("unknown_offer", match.need, match.offer))
        elif facts.is_kept(match):
            sound.append(match)
        else:
            broken = _broken(facts, RULES[kind], match)
            found += broken
            if not any(row.code == "times" for row in broken):
                sound.append(match)
    return (*found, *_amounts(facts, sound), *TOGETHER[kind](facts, sound))


def _broken(facts: Facts, rules: dict, match: Match) -> list[Violation]:
    need, offer = facts.needs[match.need], facts.offers[match.offer]
    found = [] if match.quantity >= 1 else [Violation("quantity", match.need, match.offer)]
    if (match.need, match.offer) in facts.problem.struck and "struck" not in facts.problem.lifted:
        found.append(Violation("struck", match.need, match.offer))
    for code, holds in rules.items():
        if code not in facts.problem.lifted and not holds(facts, need, offer, match):
            found.append(Violation(code, match.need, match.offer))
    return found


def _amounts(facts: Facts, matches: list[Match]) -> list[Violation]:
    """No need gets more than it asks for."""
    given: dict[str, int] = {}
    for match in matches:
        given[match.need] = given.get(match.need, 0) + match.quantity
    return [
        Violation("too_much", match.need, match.offer)
        for match in matches
        if given[match.need] > facts.needs[match.need].amount and not facts.is_kept(match)
    ]
