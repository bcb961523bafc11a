"""SQLite plans by statistics: they are there again after a migration, and renewed by a job."""

import pytest
from django.db import connection

from medshare_portal.db.statistics import refresh_after_migration
from medshare_portal.jobs import registry
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
TABLE = "medshare_portal_institution"


def known() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1'")
        if cursor.fetchone() is None:
            return False
        cursor.execute("SELECT 1 FROM sqlite_stat1 WHERE tbl = %s", [TABLE])
        return cursor.fetchone() is not None


@pytest.fixture(autouse=True)
def forgotten():
    """As a migration leaves a table that it has rebuilt."""
    make.institution("renhe")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        cursor.execute("DELETE FROM sqlite_stat1 WHERE tbl = %s", [TABLE])


def test_after_a_migration_the_planner_knows_the_tables_again():
    assert not known()
    refresh_after_migration(using="default", plan=["a migration"])
    assert known()


def test_a_migrate_with_nothing_to_do_looks_at_nothing():
    refresh_after_migration(using="default", plan=[])
    assert not known()


def test_the_job_renews_them():
    registry["statistics"].run(None)
    assert known()
