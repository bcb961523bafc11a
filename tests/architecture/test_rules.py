"""Every rule of the tables (domain.md 4.1 to 4.5) is in the code, and a test names it."""

import re
from pathlib import Path

from tests.architecture.source import ROOT, sources

CODE = re.compile(r"\b(?:GEN|OFR|EQ|MED|STF|INF)-\d\d\b")
ROWS = {"GEN": 11, "EQ": 15, "MED": 18, "STF": 14, "INF": 14}
TABLES = {f"{table}-{row:02d}" for table, rows in ROWS.items() for row in range(1, rows + 1)}


def named_in(texts) -> set[str]:
    return {code for text in texts for code in CODE.findall(text)}


def in_code() -> set[str]:
    return named_in(source.text for source in sources() if source.app != "demo")


def in_tests() -> set[str]:
    files = (path for path in sorted((ROOT / "tests").rglob("*.py")) if path != Path(__file__))
    return named_in(path.read_text(encoding="utf-8") for path in files)


def test_every_rule_of_the_tables_is_in_the_code():
    assert TABLES - in_code() == set()


def test_every_rule_of_the_code_is_named_by_a_test():
    assert in_code() - in_tests() == set()
