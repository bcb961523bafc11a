"""The forecast stands alone: numpy and the standard library, no Django, no other app."""

import ast
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[3] / "reports" / "forecast"


def strangers(path: Path) -> set[str]:
    names = {
        name
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
        )
    }
    return {
        name
        for name in names
        if name.split(".")[0] not in sys.stdlib_module_names | {"numpy"}
        and not name.startswith("reports.forecast")
    }


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.py")), ids=lambda path: path.stem)
def test_a_module_imports_nothing_from_outside(path):
    assert strangers(path) == set()


def test_a_module_that_imports_django_would_be_seen(tmp_path):
    path = tmp_path / "x.py"
    path.write_text("from django.utils import timezone\nimport reports.models\nimport numpy\n")
    assert strangers(path) == {"django.utils", "reports.models"}
