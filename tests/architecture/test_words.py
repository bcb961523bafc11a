"""What the glossary tells to avoid, and no other meaning excuses, is written nowhere."""

import re

import pytest

from tests.architecture.source import ROOT

FOLDERS = ("medshare_portal", "resources", "scheduling", "reports", "demo", "templates", "static")
WRITTEN = {".py", ".html", ".txt", ".css", ".js", ".toml"}
AVOIDED = {"at risk": re.compile("threat", re.IGNORECASE)}


@pytest.mark.parametrize("word", AVOIDED)
def test_one_word_per_thing(word):
    avoided = AVOIDED[word]
    found = [
        f"{path.relative_to(ROOT)}: say “{word}”"
        for folder in FOLDERS
        for path in (ROOT / folder).rglob("*")
        if path.suffix in WRITTEN
        and not {"migrations", "vendor"} & set(path.parts)
        and avoided.search(path.read_text(encoding="utf-8"))
    ]
    assert found == []
