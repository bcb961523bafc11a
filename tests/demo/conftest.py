"""The small city of one Monday morning."""

from datetime import UTC, datetime

import pytest
from django.db import transaction

from demo.flush import flush_everything
from demo.scale import SCALES
from demo.seeding import seed

NOW = datetime(2026, 11, 23, 1, 12, tzinfo=UTC)  # 09:12 in Asia/Shanghai


@pytest.fixture
def var(settings, tmp_path):
    """A folder of the test's own for the password and the uploads."""
    settings.VAR_DIR = tmp_path
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path


@pytest.fixture(scope="module")
def seeded(django_db_setup, django_db_blocker):
    """Made once for all tests of a module, and taken back after them."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield seed(SCALES["small"], number=1, now=NOW, password="a password for tests")
        transaction.set_rollback(True)


@pytest.fixture
def city(seeded, db):
    """The city; what a test changes in it is taken back."""
    return seeded


@pytest.fixture
def emptied(transactional_db):
    """For tests that commit: keys count from 1 (what they leave goes by tests/plugins/emptied)."""
    flush_everything()
