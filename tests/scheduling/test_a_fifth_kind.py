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
@pytest.mark.once
def test_a_toy_kind_goes_from_offer_to_closed_with_no_change_elsewhere():
    # It has tables of its own: the suite's migrated database would lack them.
    variables = {name: value for name, value in os.environ.items() if name != "MEDSHARE_MIGRATED"}
    variables |= {"DJANGO_SETTINGS_MODULE": "tests.ambulances.settings"}
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-q", "-n0", "-p", "no:cacheprovider"),
            *("--ds", "tests.ambulances.settings", "-o", "python_files=offer_to_closed.py"),
            "tests/ambulances",
        ],
        cwd=ROOT,
        env=variables,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    assert "3 passed" in done.stdout
