"""Which pairs of a need and an offer pass every pairwise hard rule: the only pairs a model sees.

``admissible/<kind>.py`` says the rules of a kind, in the order in which they are told to people,
each as a mask over needs × offers; here they are applied and counted, so that a reason can say
"48 hold the skill, 12 are approved with you, 0 within your travel limit".
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from scheduling.matching.codec import FormatError
from scheduling.matching.problem import NEEDS, Kind, Problem
from scheduling.matching.travel import Travel

MOST_PAIRS = 5_000_000  # that pass all rules: 50,000 needs of a city have 3 million; 1 GB
MOST_LOOKED_AT = 1_000_000_000  # of one item or with a shared skill: a minute

Mask = Callable[[np.ndarray, np.ndarray], np.ndarray]


@dataclass(frozen=True)
class PairRule:
    """``passes(needs, offers)``: boolean array (len(needs), len(offers)) for index arrays into
    the problem's lists of the kind.  ``code`` is stable: it is stored, told and lifted.
    ``of_pairs``: a dear rule for pairs one by one (both arrays of one length), asked where few are
    left."""

    code: str
    passes: Mask
    of_pairs: Mask | None = None


@dataclass(frozen=True)
class RuleBook:
    """The rules of one kind, ready for one problem.  ``blocks`` cut needs × offers into pieces
    outside of which no pair can pass the first rule (the same item, a shared skill); ``offers``
    are all offers of the kind."""

    kind: str
    needs: int
    offers: int
    rules: tuple[PairRule, ...]
    blocks: Callable[[], Iterator[tuple[np.ndarray, np.ndarray]]]


@dataclass(frozen=True)
class CandidateSet:
    """``need`` and ``offer``: index arrays (int32), one entry per admissible pair, sorted by need,
    then offer; ``first``: (needs + 1) offsets, the pairs of need n are ``first[n]:first[n + 1]``.
    ``left[n, r]``: offers that pass rules 0 … r for need n (int32), in the order of ``codes``."""

    need: np.ndarray
    offer: np.ndarray
    first: np.ndarray
    left: np.ndarray
    codes: tuple[str, ...]

    def offers_of(self, need: int) -> np.ndarray:
        return self.offer[self.first[need] : self.first[need + 1]]


def collect(book: RuleBook, problem: Problem) -> CandidateSet:
    """Apply the rules in order, except those that the problem lifts.  Raises ``FormatError`` where
    there are more pairs than memory and time can hold."""
    rules = [rule for rule in book.rules if rule.code not in problem.lifted]
    left = np.zeros((book.needs, len(rules)), dtype=np.int32)
    pairs: list[tuple[np.ndarray, np.ndarray]] = []
    looked_at = admissible = 0
    for needs, offers in book.blocks():
        looked_at += len(needs) * len(offers)
        _not_too_many(book.kind, looked_at, MOST_LOOKED_AT, "of one item or skill")
        alive = np.ones((len(needs), len(offers)), dtype=bool)
        for place, rule in enumerate(rules):
            _apply(rule, alive, needs, offers)
            left[needs, place] += alive.sum(axis=1, dtype=np.int32)
        rows, columns = np.nonzero(alive)
        pairs.append((needs[rows].astype(np.int32), offers[columns].astype(np.int32)))
        admissible += len(rows)
        _not_too_many(book.kind, admissible, MOST_PAIRS, "that pass every rule")
    return _sorted(pairs, left, tuple(rule.code for rule in rules))


def _not_too_many(kind: str, count: int, most: int, which: str) -> None:
    if count > most:
        text = f"make more than {most:,} pairs with offers {which}; try a part of them at a time"
        raise FormatError(NEEDS[Kind(kind)], "too_many_pairs", text)


def _apply(rule: PairRule, alive: np.ndarray, needs: np.ndarray, offers: np.ndarray) -> None:
    """Take out of ``alive`` what does not pass."""
    if rule.of_pairs is None:
        alive &= rule.passes(needs, offers)
        return
    rows, columns = np.nonzero(alive)
    if 3 * len(rows) > alive.size:
        alive &= rule.passes(needs, offers)
    else:
        alive[rows, columns] = rule.of_pairs(needs[rows], offers[columns])


def _sorted(pairs, left: np.ndarray, codes: tuple[str, ...]) -> CandidateSet:
    need = np.concatenate([np.zeros(0, np.int32), *(pair[0] for pair in pairs)])
    offer = np.concatenate([np.zeros(0, np.int32), *(pair[1] for pair in pairs)])
    order = np.arange(len(need))
    for keys in (offer, need):
        order = order[by_digits(keys[order])]
    need, offer = need[order], offer[order]
    first = np.searchsorted(need, np.arange(len(left) + 1))
    return CandidateSet(need, offer, first, left, codes)


def by_digits(keys: np.ndarray) -> np.ndarray:
    """The stable order of ``keys`` (int32, none negative), by their halves: numpy counts values of
    16 bits, which is quicker for millions than to compare them."""
    order = np.argsort((keys & 0xFFFF).astype(np.uint16), kind="stable")
    high = (keys >> 16).astype(np.uint16)
    return order[np.argsort(high[order], kind="stable")] if high.any() else order


def struck_rule(problem: Problem, need_ids: list[str], offer_ids: list[str]) -> PairRule:
    """The last rule of every kind: an official struck this very pair."""
    need_of = {name: place for place, name in enumerate(need_ids)}
    offer_of = {name: place for place, name in enumerate(offer_ids)}
    struck = {
        (need_of[n], offer_of[o]) for n, o in problem.struck if n in need_of and o in offer_of
    }

    def passes(needs: np.ndarray, offers: np.ndarray) -> np.ndarray:
        result = np.ones((len(needs), len(offers)), dtype=bool)
        if struck:
            rows = {need: row for row, need in enumerate(needs.tolist())}
            columns = {offer: column for column, offer in enumerate(offers.tolist())}
            for need, offer in struck:
                if need in rows and offer in columns:
                    result[rows[need], columns[offer]] = False
        return result

    return PairRule("struck", passes)


def near_enough(travel: Travel, places: np.ndarray, limits: np.ndarray) -> Mask:
    """Offers at institutions ``places``; needs carry ``(institution, limit)`` rows in ``limits``
    (int64; a limit of -1 is none)."""

    asked, label = np.unique(limits, axis=0, return_inverse=True)
    at, limit = asked[:, 0], asked[:, 1, None]
    near = (limit < 0) | (travel.minutes.T[at] <= limit)
    label = label.ravel()
    return lambda needs, offers: near[label[needs]][:, places[offers]]
