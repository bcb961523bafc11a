"""Furniture: parts of a page that many people share, rendered once and filled in per request.

A ``Furniture`` renders its template from ``shared`` alone, whose value and the language are the
key under which the text is kept: nothing that is not in the key can stand in the text.  What
differs from request to request (a count, a name, a token) is a ``place`` in that template.
"""

import re
import secrets
from collections.abc import Callable, Hashable, Mapping
from functools import lru_cache, wraps

from django.conf import settings
from django.core.signals import setting_changed
from django.template.loader import render_to_string
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

# Nobody outside this process knows it, so no text of a person can pass for a place.
MARK = secrets.token_hex(16)
INDENTATION = re.compile(r"\s*\n\s*")
FEW = 32
MANY = 1024


def remembered(most: int) -> Callable:
    """``lru_cache``, but forgotten when a test changes settings and unused under DEBUG."""

    def decorate(function):
        kept = lru_cache(most)(function)
        setting_changed.connect(lambda **_change: kept.cache_clear(), weak=False)

        @wraps(function)
        def answer(*values):
            return function(*values) if settings.DEBUG else kept(*values)

        return answer

    return decorate


def place(name: str) -> SafeString:
    """Stands in a template for what ``Furniture.filled`` gets under this name."""
    return mark_safe(f"{MARK}{name}{MARK}")  # noqa: S308 - hexadecimal and a name of ours


class Furniture:
    """A template with places; ``most`` bounds how many of its texts a process keeps."""

    def __init__(self, template_name: str, most: int):
        self.template_name = template_name
        self._parts = remembered(most)(self._rendered)

    def filled(self, shared: Hashable, places: Mapping[str, object]) -> SafeString:
        """The text for those who share this; ``shared.context()`` is what the template reads."""
        parts = list(self._parts(get_language(), shared))
        parts[1::2] = [conditional_escape(places[name]) for name in parts[1::2]]
        return mark_safe("".join(parts))  # noqa: S308 - a template's text and escaped values

    def _rendered(self, language, shared) -> tuple[str, ...]:
        """Texts and names of places in turn; ``language`` is the active one."""
        text = render_to_string(self.template_name, shared.context())
        return tuple(INDENTATION.sub("\n", text).split(MARK))
