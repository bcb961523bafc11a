"""Cards on an institution's home page that parts of the workflow add, such as its wait-list."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from medshare_portal.models import User
from medshare_portal.registry import Registry
from medshare_portal.roles import Rights

cards: Registry["HomeCard"] = Registry("home card")
MAIN, ASIDE = "main", "aside"  # below what waits; in the narrow column


@dataclass(frozen=True, kw_only=True)
class Visit:
    """Whose home page is opened, and by whom."""

    institution: object
    user: User
    rights: Rights
    now: datetime


@dataclass(frozen=True, kw_only=True)
class HomeCard:
    """``context(visit)`` returns what the template needs, or None to stay away.  A card of what
    waits for the reader says how much (``waits``) and when the first must be answered (``until``,
    or None).

    It reads in a number of statements that does not grow with the rows, and at most one where it
    stays away.  The template is included with ``card`` (that context) and the page's own context.
    """

    name: str
    template: str
    context: Callable[[Visit], dict | None]
    place: str = ASIDE
    order: int = 50


def register(card: HomeCard) -> HomeCard:
    return cards.add(card.name, card)


def cards_for(visit: Visit) -> dict[str, list[dict]]:
    """Place → the cards that have something to show there, in order."""
    found: dict[str, list[dict]] = {MAIN: [], ASIDE: []}
    for card in sorted(cards, key=lambda entry: entry.order):
        context = card.context(visit)
        if context is not None:
            found[card.place].append({"template": card.template, "context": context})
    return found
