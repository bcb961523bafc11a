"""The smallest single rule that stands between a need and an offer."""

import numpy as np

from scheduling.matching import kinds
from scheduling.matching.candidates import PairRule, RuleBook
from scheduling.matching.problem import Kind, Problem
from scheduling.matching.reasons.reason import Relaxation
from scheduling.matching.travel import Travel

HUGE = 1 << 30  # of a rule that is yes or no, or that no small change would help


def smallest(
    problem: Problem, kind: Kind, travel: Travel, book: RuleBook, need: int
) -> Relaxation | None:
    """Of all offers that fail exactly one rule, the one whose rule gives way most easily, by the
    least.  None: no single rule would open any."""
    known = kinds.reasons(kind)
    rules = [rule for rule in book.rules if rule.code not in problem.lifted]
    offers, failed = one_away(rules, need, np.arange(book.offers), known.FIXED)
    by_code: dict[str, list[int]] = {}
    for offer, place in zip(offers.tolist(), failed.tolist(), strict=True):
        by_code.setdefault(rules[place].code, []).append(offer)
    code = next((code for code in known.EASE if code in by_code), None)
    if code is None:
        return None
    row, rows = problem.needs(kind)[need], problem.offers(kind)

    found = []
    for offer in by_code[code]:
        amount = known.shortfall(problem, travel, row, rows[offer], code)
        way = travel.minutes[travel.index[rows[offer].institution], travel.index[row.institution]]
        found.append((HUGE if amount is None else amount, int(way), offer, amount))
    _size, _way, offer, amount = min(found)
    return Relaxation(code, rows[offer].id, len(by_code[code]), amount)


def one_away(
    rules: list[PairRule], need: int, offers: np.ndarray, fixed: frozenset[str]
) -> tuple[np.ndarray, np.ndarray]:
    """The offers that fail exactly one rule, none of the ``fixed``, and which (its place).  An
    offer is dropped at its second failure, so that the dear rules are asked of few."""
    failed = np.full(len(offers), -1, dtype=np.int64)
    row = np.array([need])
    for place, rule in sorted(enumerate(rules), key=lambda pair: pair[1].code not in fixed):
        passes = rule.passes(row, offers)[0]
        stays = passes if rule.code in fixed else passes | (failed < 0)
        failed = np.where(passes, failed, place)[stays]
        offers = offers[stays]
    return offers[failed >= 0], failed[failed >= 0]
