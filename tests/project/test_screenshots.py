"""The pictures of docs/screenshots.md are there and small."""

import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.once
DOCS = Path(__file__).resolve().parents[2] / "docs"
MOST_BYTES = 2_000_000


def test_each_picture_of_the_page_is_there_and_all_together_are_small():
    page = (DOCS / "screenshots.md").read_text(encoding="utf-8")
    named = re.findall(r"!\[[^\]]+\]\((pictures/[a-z]+\.webp)\)", page)
    assert len(named) == len(set(named)) >= 10
    kept = {f"pictures/{path.name}" for path in (DOCS / "pictures").glob("*.webp")}
    assert set(named) == kept
    assert sum((DOCS / name).stat().st_size for name in named) < MOST_BYTES
