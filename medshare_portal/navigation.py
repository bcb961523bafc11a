"""The side navigation: entries that apps register, shown to those who may follow them."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from urllib.parse import parse_qsl

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from medshare_portal.furniture import place
from medshare_portal.registry import Registry
from medshare_portal.roles import Permission

entries: Registry["NavEntry"] = Registry("navigation entry")
GROUPS = {"": "", "share": _("Share"), "account": _("Account for")}
CURRENT = mark_safe(' aria-current="page"')


@dataclass(frozen=True, kw_only=True)
class NavEntry:
    """One entry.  ``count`` gets the request and returns a number (None: no number shown).  The
    phone's bar shows the first few ``at_hand``."""

    name: str
    label: Promise
    icon: str
    url_name: str
    permission: Permission
    group: str = ""
    order: int = 50
    query: str = ""
    count: Callable | None = None
    at_hand: bool = True


def register(entry: NavEntry) -> NavEntry:
    return entries.add(entry.name, entry)


def navigation(permissions, slug: str | None, counted: Collection[str]) -> list[dict]:
    """Groups of entries for the institution with this slug, or for the city's pages.

    For furniture: which entry is the page's and the numbers of the ``counted`` are places.
    """
    allowed = allowed_to(permissions)
    groups = []
    for code, label in GROUPS.items():
        items = [_item(entry, slug, counted) for entry in allowed if entry.group == code]
        if items:
            groups.append({"label": label, "items": items})
    return groups


def allowed_to(permissions) -> list[NavEntry]:
    allowed = (entry for entry in entries if entry.permission in permissions)
    return sorted(allowed, key=lambda entry: entry.order)


def _item(entry: NavEntry, slug: str | None, counted: Collection[str]) -> dict:
    return {
        "label": entry.label,
        "icon": entry.icon,
        "url": reverse(entry.url_name, args=[slug] if slug else []) + entry.query,
        "count": place(_count(entry)) if entry.name in counted else None,
        "current": place(_current(entry)),
        "at_hand": entry.at_hand,
    }


def counts_for(request) -> dict[str, int]:
    """What waits, by the name of the entry that shows it."""
    counting = (entry for entry in entries if entry.count)
    return {e.name: e.count(request) for e in counting if e.permission in request.permissions}


def places_of_entries(request, counts: dict[str, int]) -> dict[str, object]:
    """What stands in the places of ``navigation`` on this page."""
    here = _entry_of(request)
    places = {_current(entry): CURRENT if entry is here else "" for entry in entries}
    return places | {_count(entries[name]): count for name, count in counts.items()}


def _entry_of(request) -> NavEntry | None:
    """The entry whose page this is: of several that lead to one address, by what they ask of it."""
    match = request.resolver_match
    here = match.view_name if match else None
    leading = sorted((e for e in entries if e.url_name == here), key=lambda entry: entry.order)
    asked = [entry for entry in leading if _asks_for(entry, request.GET)]
    return next(iter(asked or leading), None)


def _asks_for(entry: NavEntry, query) -> bool:
    return all(query.get(name) == value for name, value in parse_qsl(entry.query.lstrip("?")))


def _count(entry: NavEntry) -> str:
    return f"count of {entry.name}"


def _current(entry: NavEntry) -> str:
    return f"current {entry.name}"
