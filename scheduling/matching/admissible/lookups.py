"""Masks over needs × offers by looking up: rules whose answer depends on two labels only.

Distinct labels are few: each pair of them is judged once, and the answer is looked up.
"""

from collections.abc import Callable, Hashable, Iterator, Sequence

import numpy as np

from scheduling.matching.candidates import Mask

PAIRS_AT_ONCE = 1 << 20  # bounds the memory of one mask


def looked_up(asked: Sequence[Hashable], offered: Sequence[Hashable], passes: Callable) -> Mask:
    """``passes(label of the need, label of the offer)``, asked once per distinct pair."""
    row, rows = _numbered(asked)
    column, columns = _numbered(offered)
    table = np.array([[bool(passes(a, b)) for b in column] for a in row], dtype=bool)
    table = table.reshape(len(row), len(column))
    return lambda needs, offers: table[rows[needs]][:, columns[offers]]


def same(asked: Sequence[Hashable], offered: Sequence[Hashable]) -> Mask:
    """The same label on both sides, however many labels there are."""
    number = {label: place for place, label in enumerate(dict.fromkeys([*asked, *offered]))}
    left = np.array([number[label] for label in asked], dtype=np.int64)
    right = np.array([number[label] for label in offered], dtype=np.int64)
    return lambda needs, offers: left[needs][:, None] == right[offers][None, :]


def _numbered(labels: Sequence[Hashable]) -> tuple[list, np.ndarray]:
    number = {label: place for place, label in enumerate(dict.fromkeys(labels))}
    return list(number), np.array([number[label] for label in labels], dtype=np.int64)


def item_blocks(
    asked: Sequence[str], offered: Sequence[str]
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Needs × offers of one item, in pieces of at most ``PAIRS_AT_ONCE`` pairs."""
    needs, offers = _places(asked), _places(offered)
    for item in sorted(needs.keys() & offers.keys()):
        rows, columns = needs[item], offers[item]
        step = max(1, PAIRS_AT_ONCE // len(columns))
        for start in range(0, len(rows), step):
            yield rows[start : start + step], columns


def _places(items: Sequence[str]) -> dict[str, np.ndarray]:
    found: dict[str, list[int]] = {}
    for place, item in enumerate(items):
        found.setdefault(item, []).append(place)
    return {item: np.array(places, dtype=np.int64) for item, places in found.items()}
