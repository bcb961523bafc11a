"""Addresses of the request form and of the search, with the wish filled in."""

from datetime import datetime
from functools import cache
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.urls import reverse

from medshare_portal.forms.moments import written


@cache
def beginning(name: str, slug: str) -> str:
    """What the addresses of an institution's rows begin with, up to the row's key."""
    return reverse(name, args=[slug, 0]).removesuffix("0/")


def query(values: dict, zone: ZoneInfo) -> str:
    """Values as an address writes them; moments in the clock of ``zone``."""
    return urlencode(texts_of(values, zone))


def texts_of(values: dict, zone: ZoneInfo) -> dict:
    """What is said of the values; moments in the clock of ``zone``."""
    return {
        name: written(value, zone) if isinstance(value, datetime) else value
        for name, value in values.items()
        if value not in (None, "")
    }


def request_address(institution, resource, zone: ZoneInfo, **wish) -> str:
    """The request form for a resource; ``wish``: starts_at, ends_at, units, priority,
    instead_of (the request whose purpose and place are filled in)."""
    path = reverse("scheduling:request-create", args=[institution.slug, resource.pk])
    return f"{path}?{query(wish, zone)}"


def find_address(institution, category, zone: ZoneInfo, **wish) -> str:
    """The search for devices of a category."""
    path = reverse("scheduling:find", args=[institution.slug])
    return f"{path}?{query({'what': category.name} | wish, zone)}"
