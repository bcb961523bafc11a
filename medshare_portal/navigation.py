"""The side navigation: entries that apps register, shown to those who may follow them."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from medshare_portal.registry import Registry
from medshare_portal.roles import Permission

entries: Registry["NavEntry"] = Registry("navigation entry")
GROUPS = {"": "", "share": _("Share"), "account": _("Account for")}


@dataclass(frozen=True, kw_only=True)
class NavEntry:
    """One entry.  ``count`` gets the request and returns a number (None: no number shown)."""

    name: str
    label: Promise
    icon: str
    url_name: str
    permission: Permission
    group: str = ""
    order: int = 50
    query: str = ""
    count: Callable | None = None


def register(entry: NavEntry) -> NavEntry:
    return entries.add(entry.name, entry)


def navigation(request) -> list[dict]:
    """Groups of entries for the institution in the address, or for the city's pages."""
    allowed = sorted(
        (entry for entry in entries if entry.permission in request.permissions),
        key=lambda entry: entry.order,
    )
    groups = []
    for code, label in GROUPS.items():
        items = [_item(entry, request) for entry in allowed if entry.group == code]
        if items:
            groups.append({"label": label, "items": items})
    return groups


def _item(entry: NavEntry, request) -> dict:
    arguments = [request.institution.slug] if request.institution else []
    match = request.resolver_match
    return {
        "label": entry.label,
        "icon": entry.icon,
        "url": reverse(entry.url_name, args=arguments) + entry.query,
        "count": entry.count(request) if entry.count else None,
        "active": match is not None and match.view_name == entry.url_name,
    }
