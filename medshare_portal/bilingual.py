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


def names_of(row) -> dict[str, str]:
    """Both names of a row, for where only plain values can be kept; ``name_in`` reads them."""
    return {"en": row.name_en, "zh": row.name_zh}


def name_in(names: dict[str, str]) -> str:
    """The one in the reader's language, or the other one where that is empty."""
    mine, other = ("zh", "en") if is_chinese() else ("en", "zh")
    return names.get(mine) or names.get(other, "")


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
