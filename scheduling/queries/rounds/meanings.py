"""What a need means to the matcher: a category, though it may have been said in words.

Devices and people form classes that a need may name at any height of the tree.  The matcher
compares one word, so the highest categories that are asked for become the classes; what lies
deeper is a capability within its class.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from resources.models import Resource
from resources.search import says
from scheduling.models import Need

UNCLEAR, NOBODY = "unclear", "nobody_has_it"


@dataclass(frozen=True)
class Meaning:
    """``item``: the class; ``deeper``: the category within it that was asked for, if any."""

    item: str
    deeper: str = ""


class Classes:
    """The classes of one kind in one round."""

    def __init__(self, paths: Iterable[str]):
        self.roots: list[str] = []
        for path in sorted(set(paths)):  # what lies above sorts before what lies below
            if not any(path.startswith(root) for root in self.roots):
                self.roots.append(path)

    def of(self, path: str) -> str | None:
        """The class in which a category lies."""
        return next((root for root in self.roots if path.startswith(root)), None)

    def meaning(self, path: str) -> Meaning:
        root = self.of(path) or path
        return Meaning(root, "" if root == path else path)

    @staticmethod
    def within(path: str) -> set[str]:
        """A category and all above it: what something of this category can be asked for as."""
        parts = path.strip("/").split("/")
        return {"/".join(parts[: number + 1]) + "/" for number in range(len(parts))}


def paths_meant(
    needs: list[Need], resources: Iterable[Resource]
) -> tuple[dict[int, str], dict[int, str]]:
    """Need → category path, and need → why there is none.  ``resources`` are those of the kind:
    words mean the one category whose resources they name."""
    found = {need.pk: need.category.path for need in needs if need.category_id}
    worded = [need for need in needs if not need.category_id]
    if not worded:
        return found, {}
    rows = [(row.search_text, row.category.path) for row in resources]
    unclear: dict[int, str] = {}
    for need in worded:
        named = {path for text, path in rows if says(text, need.what)}
        if len(named) == 1:
            found[need.pk] = named.pop()
        else:
            unclear[need.pk] = UNCLEAR if named else NOBODY
    return found, unclear
