"""What the database refuses of alerts and their limits, past every form."""

import pytest

from tests.reports.alerts.conftest import MORNING
from tests.scheduling.guarantees.raw_sql import refused, rows, run

LIMITS = (
    "INSERT INTO reports_alertlimits (institution_id, utilisation, overdue, lots, changed_at) "
    "VALUES (%s, %s, %s, %s, %s)"
)
ALERT = (
    'INSERT INTO reports_alert (institution_id, sort, figure, "limit", told, since) '
    "VALUES (%s, %s, %s, %s, %s, '2026-03-11')"
)


@pytest.mark.parametrize(
    "values",
    [(0, 1, 1), (101, 1, 1), (-1, 1, 1), (1, 0, 1), (1, 100_001, 1), (1, 1, 0), (1, 1, -5)],
)
def test_a_limit_lies_in_its_range(town, values):
    assert "check" in refused(LIMITS, town.renhe.pk, *values, MORNING).lower()
    run(LIMITS, town.renhe.pk, None, 100_000, 1, MORNING)


def test_limits_are_one_row_of_each_and_one_of_the_city(town):
    for owner in (None, town.renhe.pk, town.xihu.pk):
        run(LIMITS, owner, 1, None, None, MORNING)
        assert "unique" in refused(LIMITS, owner, 2, None, None, MORNING).lower()
    assert rows("SELECT count(*) FROM reports_alertlimits") == [(3,)]


@pytest.mark.parametrize(
    "values",
    [
        ("weather", 1, 1, 1),
        ("utilisation", 40, 40, 40),
        ("utilisation", -1, 40, 1),
        ("overdue", 2, 3, 2),
        ("lots", 0, 0, 0),
    ],
)
def test_an_alert_is_of_a_known_sort_and_beyond_its_limit(town, values):
    assert "alert_" in refused(ALERT, town.renhe.pk, *values)


def test_there_is_one_alert_of_a_sort(town):
    run(ALERT, town.renhe.pk, "overdue", 3, 3, 3)
    run(ALERT, town.xihu.pk, "overdue", 3, 3, 3)
    assert "unique" in refused(ALERT, town.renhe.pk, "overdue", 4, 3, 4).lower()
