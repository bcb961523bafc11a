"""Cards on a resource's page that upper apps fill in, such as the timeline of bookings."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from medshare_portal.registry import Registry

panels: Registry["Panel"] = Registry("resource panel")


@dataclass(frozen=True, kw_only=True)
class Panel:
    """``context(request, resource, now)`` returns what the template needs, or None to stay away.

    The template is included with ``panel`` (that context), ``resource``, ``institution``, ``now``.
    """

    name: str
    template: str
    context: Callable[..., dict | None]
    order: int = 50


def register(panel: Panel) -> Panel:
    return panels.add(panel.name, panel)


def panels_for(request, resource, now: datetime) -> list[dict]:
    """The panels that have something to show, in order."""
    found = []
    for panel in sorted(panels, key=lambda entry: entry.order):
        context = panel.context(request, resource, now)
        if context is not None:
            found.append({"template": panel.template, "context": context})
    return found
