"""Texts that live in two columns, ``<name>_en`` and ``<name>_zh``."""

from collections.abc import Callable

from django.utils import translation
from django.utils.translation import get_language


def is_chinese() -> bool:
    """Whether the active language is Chinese."""
    return (get_language() or "").startswith("zh")


def localised(row, field: str = "name") -> str:
    """The column in the reader's language, or the other one when that is empty."""
    mine, other = ("zh", "en") if is_chinese() else ("en", "zh")
    return getattr(row, f"{field}_{mine}") or getattr(row, f"{field}_{other}")


def in_both(name: str, words: Callable[[], object]) -> dict[str, str]:
    """``name_en`` and ``name_zh``: what ``words()`` says in either language."""
    said = {}
    for suffix, language in (("en", "en"), ("zh", "zh-hans")):
        with translation.override(language):
            said[f"{name}_{suffix}"] = str(words())
    return said


class BilingualName:
    """Mixin for models with ``name_en`` and ``name_zh``."""

    @property
    def name(self) -> str:
        return localised(self)

    def __str__(self) -> str:
        return self.name
