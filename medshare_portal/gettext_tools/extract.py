"""Finds every translatable text in our Python and templates."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation.template import templatize

PACKAGES = ("medshare_portal", "resources", "scheduling", "reports", "demo")
TEMPLATE_SUFFIXES = {".html", ".txt", ".svg", ".xml"}

# What each function's leading arguments mean.
ARGUMENTS = {
    "gettext": ("msgid",),
    "gettext_lazy": ("msgid",),
    "gettext_noop": ("msgid",),
    "ngettext": ("msgid", "plural"),
    "ngettext_lazy": ("msgid", "plural"),
    "pgettext": ("context", "msgid"),
    "pgettext_lazy": ("context", "msgid"),
    "npgettext": ("context", "msgid", "plural"),
    "npgettext_lazy": ("context", "msgid", "plural"),
}
STRING = r"""u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
TEMPLATE_CALL = re.compile(
    rf"(?<!\w)(_|gettext|ngettext|pgettext|npgettext)\(\s*({STRING}(?:\s*,\s*{STRING})*)", re.DOTALL
)


@dataclass(frozen=True, order=True)
class Text:
    """One translatable text; `plural` and `context` are empty where there is none."""

    msgid: str
    context: str = ""
    plural: str = ""

    @property
    def key(self) -> tuple[str, str]:
        return self.context, self.msgid


def texts(root: Path) -> dict[Text, set[str]]:
    """Return each text below `root` with the files it stands in."""
    found: dict[Text, set[str]] = {}
    for path in _sources(root):
        read = from_python if path.suffix == ".py" else from_template
        for text in read(path.read_text(encoding="utf-8")):
            found.setdefault(text, set()).add(path.relative_to(root).as_posix())
    return found


def _sources(root: Path) -> Iterator[Path]:
    for package in PACKAGES:
        for path in sorted((root / package).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path
    for folder in [root / "templates", *(root / package / "templates" for package in PACKAGES)]:
        for path in sorted(folder.rglob("*")):
            if path.suffix in TEMPLATE_SUFFIXES:
                yield path


def from_python(source: str) -> Iterator[Text]:
    tree = ast.parse(source)
    names = _imported_names(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and (function := _called(node, names)):
            values = [a.value if isinstance(a, ast.Constant) else None for a in node.args]
            yield from _text(function, values)


def _imported_names(tree: ast.Module) -> dict[str, str]:
    """Return what the file calls each translation function: `_` is `gettext_lazy`, and so on."""
    return {
        alias.asname or alias.name: alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
        if alias.name in ARGUMENTS
    }


def _called(node: ast.Call, names: dict[str, str]) -> str | None:
    if isinstance(node.func, ast.Name):
        return names.get(node.func.id)
    if isinstance(node.func, ast.Attribute) and node.func.attr in ARGUMENTS:
        return node.func.attr
    return None


def from_template(source: str) -> Iterator[Text]:
    for function, arguments in TEMPLATE_CALL.findall(templatize(source)):
        values = ast.literal_eval(f"({arguments},)")
        yield from _text("gettext" if function == "_" else function, values)


def _text(function: str, values) -> Iterator[Text]:
    """Yield the call's text, unless it is computed: then it is translated where it is written."""
    wanted = ARGUMENTS[function]
    given = values[: len(wanted)]
    if len(given) == len(wanted) and all(isinstance(value, str) for value in given):
        yield Text(**dict(zip(wanted, given, strict=True)))
