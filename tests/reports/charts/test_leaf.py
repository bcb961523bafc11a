"""Charts stand alone: the standard library, no Django, no other app."""

from pathlib import Path

import pytest

from tests.reports.leaves import strangers

pytestmark = pytest.mark.once
FOLDER = Path(__file__).resolve().parents[3] / "reports" / "charts"


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.py")), ids=lambda path: path.stem)
def test_a_module_imports_nothing_from_outside(path):
    assert strangers(path, own="reports.charts") == set()
