"""The forecast stands alone: numpy and the standard library, no Django, no other app."""

from pathlib import Path

import pytest

from tests.reports.leaves import strangers

FOLDER = Path(__file__).resolve().parents[3] / "reports" / "forecast"
ALLOWED = frozenset({"numpy"})


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.py")), ids=lambda path: path.stem)
def test_a_module_imports_nothing_from_outside(path):
    assert strangers(path, own="reports.forecast", allowed=ALLOWED) == set()


def test_a_module_that_imports_django_would_be_seen(tmp_path):
    path = tmp_path / "x.py"
    path.write_text("from django.utils import timezone\nimport reports.models\nimport numpy\n")
    found = strangers(path, own="reports.forecast", allowed=ALLOWED)
    assert found == {"django.utils", "reports.models"}
