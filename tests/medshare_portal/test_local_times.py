"""The words for moments, periods and durations, in both languages."""

from datetime import UTC, date, datetime, timedelta
from math import ceil, floor
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone, translation

from medshare_portal import local_times

WEDNESDAY = datetime(2026, 11, 25, 0, 0, tzinfo=UTC)
SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture(autouse=True)
def _english_in_shanghai():
    with translation.override("en"), timezone.override(SHANGHAI):
        yield


def test_a_moment_is_told_in_the_readers_zone():
    assert local_times.describe_moment(WEDNESDAY) == "Wed 25 Nov, 08:00"


def test_a_moment_is_told_in_the_zone_of_the_site_that_is_named():
    assert (
        local_times.describe_moment(WEDNESDAY, tz=ZoneInfo("Europe/London")) == "Wed 25 Nov, 00:00"
    )


def test_a_moment_in_chinese_has_month_day_and_weekday():
    with translation.override("zh-hans"):
        assert local_times.describe_moment(WEDNESDAY) == "11/25 周三 08:00"


def test_a_period_within_a_day_names_the_day_once():
    words = local_times.describe_period(WEDNESDAY, WEDNESDAY + timedelta(hours=12))
    assert words == "Wed 25 Nov, 08:00 – 20:00"


def test_a_period_over_days_names_both():
    words = local_times.describe_period(WEDNESDAY, WEDNESDAY + timedelta(hours=60))
    assert words == "Wed 25 Nov, 08:00 – Fri 27 Nov, 20:00"


def test_a_date_of_expiry_is_moved_by_no_zone():
    with timezone.override(ZoneInfo("America/St_Johns")):
        assert local_times.describe_date(date(2026, 12, 18)) == "18 Dec 2026"


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(minutes=38), "38 min"),
        (timedelta(hours=2), "2 h"),
        (timedelta(hours=4, minutes=5), "4 h 05"),
        (timedelta(days=1, hours=3, minutes=50), "1 d 3 h"),
        (timedelta(days=6), "6 d"),
        (timedelta(0), "0 min"),
    ],
)
def test_a_duration_has_two_units_at_most(span, words):
    assert local_times.describe_duration(span) == words


def test_time_that_has_passed_is_called_late():
    assert local_times.describe_left(timedelta(hours=-1, minutes=-12)) == "1 h 12 late"


@pytest.mark.parametrize(
    ("left", "level"),
    [
        (timedelta(minutes=-1), "bad"),
        (timedelta(minutes=59), "bad"),
        (timedelta(minutes=60), "warn"),
        (timedelta(hours=2), "plain"),
    ],
)
def test_the_level_rises_as_time_runs_out(left, level):
    assert local_times.due_level(left) == level


@pytest.mark.parametrize(
    ("left", "total", "percent"),
    [
        (timedelta(hours=1), timedelta(hours=4), 25),
        (timedelta(hours=-1), timedelta(hours=4), 0),
        (timedelta(hours=9), timedelta(hours=4), 100),
        (timedelta(hours=1), None, 0),
    ],
)
def test_the_share_left_stays_between_0_and_100(left, total, percent):
    assert local_times.share_left(left, total) == percent


def test_hours_are_rounded_towards_what_breaks_a_limit():
    almost = timedelta(hours=11) - timedelta(minutes=2)
    assert local_times.describe_hours(almost) == "11 h"
    assert local_times.describe_hours(almost, to=floor) == "10.9 h"
    assert local_times.describe_hours(timedelta(hours=9, minutes=1), to=ceil) == "9.1 h"
    exact = timedelta(hours=10, minutes=42)
    assert (
        local_times.describe_hours(exact, to=floor)
        == local_times.describe_hours(exact, to=ceil)
        == "10.7 h"
    )
