"""The night's job: what it stores, once and in turn, and what the database refuses."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from reports.actions import forecasts
from reports.actions.forecasts import compute, compute_due, last_night
from reports.kinds import AheadKind, ahead, register
from reports.models import Forecast, ForecastNight
from resources.enums_medicine import MovementSort
from tests import make
from tests.reports.ahead.conftest import DAY, SHANGHAI

pytestmark = pytest.mark.django_db


def test_the_job_runs_once_a_night_and_takes_who_waited_longest(house, monkeypatch):
    other = make.institution("other")
    noon = datetime(2026, 11, 30, 4, 0, tzinfo=UTC)
    monkeypatch.setattr(forecasts, "AT_ONCE", 1)
    assert compute_due(now=noon, zone=SHANGHAI) == 1
    assert compute_due(now=noon, zone=SHANGHAI) == 1
    assert compute_due(now=noon + timedelta(hours=1), zone=SHANGHAI) == 0
    assert set(ForecastNight.unscoped.values_list("institution__slug", flat=True)) == {
        house.owner.slug,
        other.slug,
    }
    after_one = noon + timedelta(hours=14)
    assert compute_due(now=after_one, zone=SHANGHAI) == 1
    assert ForecastNight.unscoped.filter(computed_at=after_one).count() == 1


@pytest.mark.once
def test_a_night_begins_at_one_by_the_clock_of_the_place():
    before, after = (datetime(2026, 11, 29, hour, 30, tzinfo=UTC) for hour in (16, 17))
    assert last_night(before, SHANGHAI) == datetime(2026, 11, 28, 17, tzinfo=UTC)
    assert last_night(after, SHANGHAI) == datetime(2026, 11, 29, 17, tzinfo=UTC)


def test_run_again_it_changes_nothing_and_what_is_gone_is_removed(house):
    compute(institution=house.owner, now=house.now)
    first = Forecast.unscoped.values().get()
    compute(institution=house.owner, now=house.now)
    assert Forecast.unscoped.values().get() == first
    house.lot.refresh_from_db()
    make.movement(house.lot, MovementSort.WRITE_OFF, house.lot.on_hand)
    compute(institution=house.owner, now=house.now + DAY)
    assert not Forecast.unscoped.exists()


def test_one_institution_that_fails_keeps_nobody_waiting(house, logged_errors):
    other = make.institution("other")

    def broken(institution, now, zone):
        if institution == house.owner:
            raise ValueError("broken rows")
        return []

    words = {"words": str, "address": lambda *_: "", "page": "reports:own-use", "label": "Toys"}
    register(AheadKind(code="toy", foresee=broken, **words))
    try:
        assert compute_due(now=house.now, zone=SHANGHAI) == 2
    finally:
        ahead.remove("toy")
    nights = ForecastNight.unscoped.order_by("pk")
    assert [night.institution for night in nights] == [house.owner, other]
    assert [record.getMessage() for record in logged_errors] == ["forecasts of owner failed"]


def test_the_command_runs_the_job(house):
    call_command("jobs", once=True, verbosity=0)
    assert Forecast.unscoped.filter(institution=house.owner).count() == 1


@pytest.mark.parametrize(
    ("column", "value"),
    [("severity", 101), ("warned", "panic"), ("coverage", 1.5), ("computed_at", "2000-01-01")],
)
def test_the_database_refuses_a_forecast_that_cannot_be(house, column, value):
    compute(institution=house.owner, now=house.now)
    with (
        pytest.raises(IntegrityError),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"UPDATE reports_forecast SET {column} = %s", [value])
