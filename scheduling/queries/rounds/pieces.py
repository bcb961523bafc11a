"""Several pieces that one offer gives one need for one time are one line of a round.

The matcher knows each piece by names of its own (``N-12#2``, ``R-34#5``); people are asked once for
all of them, as one request of so many units.
"""

from collections.abc import Iterable, Iterator
from copy import copy

from scheduling.models import Proposal


def together(pieces: Iterable[Proposal]) -> list[Proposal]:
    """Lines, each where its first piece was; what is not lent for a time is a line already."""
    found: dict[tuple, list[Proposal]] = {}
    for row in pieces:
        times = (row.starts_at, row.ends_at)
        what = (row.need_id, row.resource_id) if row.starts_at else row.pairs
        found.setdefault((what, times), []).append(row)
    return [_line(rows) for rows in found.values()]


def _line(pieces: list[Proposal]) -> Proposal:
    first = pieces[0]
    if len(pieces) > 1:
        first.pieces = [list(pair) for row in pieces for pair in row.pairs]
        first.quantity = len(first.pieces)
        first.pinned = any(row.pinned for row in pieces)
    return first


def apart(line: Proposal) -> Iterator[Proposal]:
    """A line's pieces, each as a proposal of its own that is not to be saved."""
    for need_ref, offer_ref in line.pairs:
        piece = copy(line)
        piece.need_ref, piece.offer_ref = need_ref, offer_ref
        if line.pieces:
            piece.pieces, piece.quantity = [], 1
        yield piece


def take(line: Proposal, pairs: Iterable[tuple[str, str]]) -> None:
    """Leave the line these of its pieces.  What is said of its effect on the whole hospital was
    true of all of them."""
    kept = list(pairs)
    line.need_ref, line.offer_ref = kept[0]
    part = line.effect.get("part", 100) * len(kept) // line.quantity
    saved = {key: value for key, value in line.effect.items() if key not in ("before", "after")}
    line.effect = saved | {"part": part}
    line.pieces = [list(pair) for pair in kept] if len(kept) > 1 else []
    line.quantity = len(kept)
