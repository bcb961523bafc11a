"""The small city of one Monday morning."""

from datetime import UTC, datetime

import pytest

from demo.scale import SCALES
from demo.seeding import seed
from tests.plugins.copies import connected_to

NOW = datetime(2026, 11, 23, 1, 12, tzinfo=UTC)  # 09:12 in Asia/Shanghai
TODAY = ("--scale", "small", "--today", "2026-11-23")


@pytest.fixture
def var(settings, tmp_path):
    """A folder of the test's own for the password and the uploads."""
    settings.VAR_DIR = tmp_path
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path


@pytest.fixture(scope="session")
def city_database(database_copies, django_db_blocker):
    """A database with the city, made once: seeding takes ten seconds of a processor."""
    _url, name = database_copies.make()
    with django_db_blocker.unblock(), connected_to(name):
        world = seed(SCALES["small"], number=1, now=NOW, password="a password for tests")
    yield name, world
    database_copies.remove(name)


@pytest.fixture(scope="module")
def seeded(city_database, django_db_setup, django_db_blocker):
    """The city, for all tests of a module; the suite's own database is as empty as ever."""
    name, world = city_database
    with django_db_blocker.unblock(), connected_to(name):
        yield world


@pytest.fixture
def city(seeded, db):
    """The city; what a test changes in it is taken back."""
    return seeded
