"""A test that commits is followed by Django's ``flush``, which our own guards refuse.

They are taken away when such a test ends; the flush ends with ``post_migrate``, which installs
them again for the next one.
"""

import pytest

from medshare_portal.db.guarantees import let_be_emptied


def _commits(item) -> bool:
    marker = item.get_closest_marker("django_db")
    return "transactional_db" in item.fixturenames or bool(
        marker and marker.kwargs.get("transaction")
    )


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_teardown(item):
    if _commits(item):
        let_be_emptied()
