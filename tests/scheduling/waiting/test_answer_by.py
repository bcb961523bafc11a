"""Until when an offered place must be taken: working hours where it waits, unless it is urgent."""

from datetime import UTC, datetime, timedelta

import pytest

from scheduling.actions import promises
from tests import make
from tests.scheduling.waiting.test_waitlist import again, join

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
EVENING = datetime(2026, 12, 1, 11, 52, tzinfo=UTC)  # Tuesday 19:52 in Shanghai


@pytest.fixture
def now():
    return EVENING


@pytest.mark.parametrize(
    ("priority", "until"),
    [
        ("routine", datetime(2026, 12, 2, 4, 0, tzinfo=UTC)),  # 8 to 12 o'clock the next day
        ("urgent", datetime(2026, 12, 2, 1, 0, tzinfo=UTC)),
        ("asap", EVENING + timedelta(minutes=30)),
        ("stat", EVENING + timedelta(minutes=15)),
    ],
)
def test_the_time_to_answer_runs_in_working_hours_or_day_and_night(
    city, now, cancel, priority, until
):
    entry = join(city, now, priority=priority)
    cancel()
    promises.offer_freed(now=now)
    assert again(entry).offered_until == again(entry).promise.hold_expires_at == until


def test_the_site_that_waits_has_the_clock(city, now, cancel):
    berlin = make.site(city.first, time_zone="Europe/Berlin")
    entry = join(city, now, priority="urgent", site=berlin)
    cancel()
    promises.offer_freed(now=now)
    three_o_clock = datetime(2026, 12, 1, 14, 0, tzinfo=UTC)  # it is noon there: an hour from two
    assert again(entry).offered_until == three_o_clock


def test_no_place_is_held_beyond_the_begin_of_its_use(city, now):
    make.sharing_request(
        city.device, city.holder, state="approved",
        starts_at=now + 16 * HOUR, ends_at=now + 48 * HOUR, now=now,
    )  # fmt: skip
    entry = join(city, now, starts_at=now + 13 * HOUR, ends_at=now + 16 * HOUR, length=2 * HOUR)
    promises.offer_freed(now=now)
    offered = again(entry)
    assert offered.offered_until == offered.promise.starts_at
