"""Keys of a list that is too long to be read whole: how many are found, and some of them."""

from collections.abc import Callable
from dataclasses import dataclass

MOST = 2000  # a longer list is narrowed, not paged through


@dataclass(frozen=True)
class MoreKeys:
    """Keys that are more than were counted; ``first(n)`` reads as many as a page needs."""

    counted: int
    first: Callable[[int], list[int]]

    def __len__(self) -> int:
        return self.counted

    def __getitem__(self, wanted: slice) -> list[int]:
        return self.first(wanted.stop)[wanted]
