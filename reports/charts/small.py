"""Cells that rest on so few people that somebody could be recognised are not shown."""

from collections.abc import Sequence

FEWEST_PEOPLE = 5


def hidden(people: Sequence[int], k: int = FEWEST_PEOPLE) -> set[int]:
    """Places of cells with 1 to k − 1 people in a row that has a total beside it.

    Where one alone is hidden the total would give it back: the next smallest goes too.
    """
    found = {place for place, number in enumerate(people) if 0 < number < k}
    if len(found) == 1:
        rest = [(n, place) for place, n in enumerate(people) if n and place not in found]
        found |= {min(rest)[1]} if rest else set()
    return found
