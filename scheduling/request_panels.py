"""Cards on a request's page that parts of the workflow add, such as its conversation or basket."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from medshare_portal.models import User
from medshare_portal.registry import Registry
from medshare_portal.roles import Permission
from scheduling.models import SharingRequest
from scheduling.states import Side

panels: Registry["RequestPanel"] = Registry("request panel")
LEAD, MAIN, ASIDE = "lead", "main", "aside"  # above the columns; in the wide one; in the narrow one


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Who looks at which request: it was found through a scope, ``rights`` are those over its
    kind at ``institution``."""

    sharing_request: SharingRequest
    institution: object
    side: Side
    user: User
    rights: frozenset[Permission]
    now: datetime


@dataclass(frozen=True, kw_only=True)
class RequestPanel:
    """``context(asked)`` returns what the template needs, or None to stay away.

    The template is included with ``panel`` (that context), ``sharing_request``, ``institution``,
    ``zone``, ``now`` and the page's own context.
    """

    name: str
    template: str
    context: Callable[[Asked], dict | None]
    place: str = MAIN
    order: int = 50


def register(panel: RequestPanel) -> RequestPanel:
    return panels.add(panel.name, panel)


def panels_for(asked: Asked) -> dict[str, list[dict]]:
    """Place → the panels that have something to show there, in order."""
    found: dict[str, list[dict]] = {LEAD: [], MAIN: [], ASIDE: []}
    for panel in sorted(panels, key=lambda entry: entry.order):
        context = panel.context(asked)
        if context is not None:
            found[panel.place].append({"template": panel.template, "context": context})
    return found
