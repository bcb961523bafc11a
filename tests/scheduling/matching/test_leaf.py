"""The matcher stands alone: no Django, no other app, only the packages it was given."""

import ast
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[3] / "scheduling" / "matching"
PACKAGES = {"numpy", "scipy", "ortools"}
OWN = "scheduling.matching"


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def strangers(path: Path) -> set[str]:
    return {
        name
        for name in imported(path)
        if name.split(".")[0] not in sys.stdlib_module_names | PACKAGES
        and not f"{name}.".startswith(f"{OWN}.")
    }


@pytest.mark.parametrize(
    "path", sorted(FOLDER.rglob("*.py")), ids=lambda p: str(p.relative_to(FOLDER))
)
def test_a_module_imports_nothing_from_outside(path):
    assert strangers(path) == set()


def test_a_module_that_imports_django_would_be_seen(tmp_path):
    path = tmp_path / "x.py"
    path.write_text("from django.utils import timezone\nimport scheduling.models\nimport numpy\n")

    assert strangers(path) == {"django.utils", "django.utils.timezone", "scheduling.models"}
