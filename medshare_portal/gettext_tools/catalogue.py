"""Reads, merges, judges and compiles PO files."""

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import polib

from medshare_portal.gettext_tools.extract import Text

HEADER = {
    "Project-Id-Version": "MedShare",
    "Language": "zh_Hans",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=1; plural=0;",
}
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd]|\{\w*\}")


def translations(paths: Iterable[Path]) -> dict[tuple[str, str], str]:
    """Return translations by (context, msgid); a later file wins over an earlier one."""
    found = {}
    for path in paths:
        for entry in polib.pofile(str(path), encoding="utf-8"):
            if not entry.obsolete and not entry.fuzzy and (translated := _translation(entry)):
                found[entry.msgctxt or "", entry.msgid] = translated
    return found


def _translation(entry: polib.POEntry) -> str:
    return entry.msgstr_plural.get(0, "") if entry.msgid_plural else entry.msgstr


def merged(texts: dict[Text, set[str]], known: dict[tuple[str, str], str]) -> polib.POFile:
    """Return a catalogue of exactly these texts, sorted, with what is known of them."""
    catalogue = polib.POFile(wrapwidth=100)
    catalogue.metadata = dict(HEADER)
    for text in sorted(texts, key=lambda text: (text.msgid, text.context, text.plural)):
        if not (text.plural == "" and any(_same_with_plural(text, other) for other in texts)):
            catalogue.append(_entry(text, sorted(texts[text]), known.get(text.key, "")))
    return catalogue


def _same_with_plural(text: Text, other: Text) -> bool:
    return other.key == text.key and other.plural != ""


def _entry(text: Text, files: list[str], translation: str) -> polib.POEntry:
    singular = {"msgstr": translation} if not text.plural else {}
    plural = {"msgid_plural": text.plural, "msgstr_plural": {0: translation}} if text.plural else {}
    return polib.POEntry(
        msgid=text.msgid,
        msgctxt=text.context or None,
        occurrences=[(name, "") for name in files],
        flags=["python-format"] if re.search(r"%\(\w+\)[sd]|%[sd]", text.msgid) else [],
        **singular,
        **plural,
    )


def faults(catalogue: Iterable[polib.POEntry]) -> Iterator[str]:
    """Yield what is wrong: texts without a translation, or one with other placeholders."""
    for entry in catalogue:
        translation = _translation(entry)
        if entry.fuzzy or not translation:
            yield f"not translated: {entry.msgid!r}"
        elif placeholders(translation) not in _expected(entry):
            yield f"other placeholders: {entry.msgid!r} → {translation!r}"


def _expected(entry: polib.POEntry) -> list[set[str]]:
    return [placeholders(text) for text in (entry.msgid_plural or entry.msgid, entry.msgid)]


def placeholders(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text.replace("%%", "")))


def compile_folder(folder: Path) -> list[Path]:
    """Compile every catalogue below `folder` that changed; return those written.

    A file is replaced in one step: a server or a second test process may be reading it.
    """
    return [path for path in sorted(folder.glob("*/LC_MESSAGES/*.po")) if _compile(path)]


def _compile(source: Path) -> bool:
    target = source.with_suffix(".mo")
    if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
        return False
    beside = target.with_name(f"{target.name}.{os.getpid()}")
    polib.pofile(str(source), encoding="utf-8").save_as_mofile(str(beside))
    beside.replace(target)
    return True
