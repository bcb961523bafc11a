"""A kind is added by writing its modules: the toy in ``tests/ambulances`` proves it.

It runs in a process of its own, because a kind brings a table, rights and addresses along.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.long
def test_a_toy_kind_goes_from_offer_to_closed_with_no_change_elsewhere():
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-q", "-n0", "-p", "no:cacheprovider"),
            *("--ds", "tests.ambulances.settings", "-o", "python_files=offer_to_closed.py"),
            "tests/ambulances",
        ],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.ambulances.settings"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    assert "3 passed" in done.stdout
