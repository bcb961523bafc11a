from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from resources.intervals import Window
from resources.queries.low_use import busy_hours, default_windows, low_use_windows, propose_windows
from scheduling.states import State
from tests import make

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 22, 16, tzinfo=UTC)  # Monday 00:00 in Shanghai


def mondays(first, last, weeks):
    """From ``first`` to ``last`` o'clock local time on Mondays of the past weeks."""
    start = NOW - timedelta(weeks=12)
    hour = timedelta(hours=1)
    return [
        (start + timedelta(weeks=n) + first * hour, start + timedelta(weeks=n) + last * hour)
        for n in range(weeks)
    ]


def test_hours_that_are_often_busy_are_not_proposed():
    windows = low_use_windows(mondays(9, 17, weeks=12), SHANGHAI)
    assert windows[:3] == [
        Window(0, time(0), time(9)),
        Window(0, time(17), time(0)),
        Window(1, time(0), time(0)),
    ]


def test_hours_that_are_rarely_busy_are_proposed():
    assert low_use_windows(mondays(9, 17, weeks=2), SHANGHAI)[0] == Window(0, time(0), time(0))


def test_gaps_too_short_to_lend_are_not_proposed():
    busy = mondays(0, 10, weeks=12) + mondays(13, 20, weeks=12)
    assert low_use_windows(busy, SHANGHAI)[0] == Window(0, time(20), time(0))


def test_an_hour_is_busy_once_a_day_however_it_is_cut():
    start = NOW + timedelta(hours=9, minutes=30)
    busy = [
        (start, start + timedelta(hours=1)),
        (start + timedelta(minutes=10), start + timedelta(minutes=20)),
    ]
    assert busy_hours(busy, SHANGHAI) == {(0, 9): 1, (0, 10): 1}


@pytest.mark.django_db
def test_without_history_nights_and_weekends_are_proposed():
    device = make.equipment(make.institution())
    assert propose_windows(device, now=NOW) == (default_windows(), False)


@pytest.mark.django_db
def test_bookings_and_blocks_are_history():
    owner, borrower = make.institution(), make.institution()
    device = make.equipment(owner)
    make.offer(device, now=NOW)
    person = make.user()
    for number, (first, last) in enumerate(mondays(9, 17, weeks=12)):
        if number % 2:
            make.block(device, first, last, by=person)
        else:
            make.sharing_request(
                device,
                borrower,
                state=State.FINISHED,
                starts_at=first,
                ends_at=last,
                by=person,
                decided_by=person,
            )
    windows, from_history = propose_windows(device, now=NOW)
    assert from_history
    assert windows[:2] == [Window(0, time(0), time(9)), Window(0, time(17), time(0))]
