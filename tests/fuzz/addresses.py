"""Every address that the resolver knows, filled with values of one's choice."""

import re
from itertools import product

from django.urls import get_resolver
from django.urls.resolvers import URLPattern

NAMED = {"part": "director", "what": "stock", "sort": "credential"}
KINDS = ("equipment", "medicine", "information", "staff")
ARGUMENT = re.compile(r"<(?:(\w+):)?(\w+)>")


def patterns(resolver=None, prefix=""):
    """Routes such as ``at/<slug:institution>/requests/<int:pk>/``, the admin's excepted."""
    for entry in (resolver or get_resolver()).url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield route
        elif not route.startswith("admin"):
            yield from patterns(entry, route)


def filled(route, slug, values):
    """The route's addresses: the institution's slug, and each value for the other arguments."""
    if not ARGUMENT.search(route):
        return ["/" + route.lstrip("^")]
    found = []
    kinds = KINDS if ":kind>" in route else KINDS[:1]
    for value, kind in product(values, kinds):

        def fill(match, value=value, kind=kind):
            if match[2] == "kind":
                return kind
            if match[2] == "institution":
                return slug
            if match[2] in NAMED:
                return NAMED[match[2]]
            return str(value)

        found.append("/" + ARGUMENT.sub(fill, route))
    return sorted(set(found))
