"""Until when a step must be answered, in the hours of the site that decides."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from medshare_portal import policy
from scheduling.deadlines import (
    Step,
    answer_due,
    answer_time_words,
    consent_due,
    counter_due,
    due,
)
from tests import make
from tests.medshare_portal import slow_minutes

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


FRIDAY_NIGHT = at("2026-11-27T20:00")


@pytest.mark.parametrize(
    ("priority", "by"),
    [
        ("routine", "2026-12-02T09:00"),  # 16 h: Monday and Tuesday have 7.5 each
        ("urgent", "2026-11-30T12:00"),
        ("asap", "2026-11-27T22:00"),
        ("stat", "2026-11-27T21:00"),
    ],
)
def test_an_answer_is_due_in_working_hours_unless_it_cannot_wait(priority, by):
    site = make.institution().sites.get()
    assert answer_due(site=site, priority=priority, now=FRIDAY_NIGHT) == at(by)


def test_the_hours_are_those_of_the_site_and_its_holidays():
    site = make.institution().sites.get()
    for weekday in range(7):
        make.working_time(site, weekday, "06:00", "00:00")
    make.special_day(date(2026, 11, 28), "holiday", institution=site.institution)
    assert answer_due(site=site, priority="urgent", now=at("2026-11-27T23:00")) == (
        at("2026-11-29T09:00")
    )


def test_a_site_elsewhere_counts_on_its_own_clock():
    site = make.site(make.institution(with_site=False), time_zone="Europe/Berlin", is_main=True)
    friday = datetime(2026, 3, 27, 16, 30, tzinfo=ZoneInfo("Europe/Berlin"))
    assert answer_due(site=site, priority="urgent", now=friday) == (
        datetime(2026, 3, 30, 11, 0, tzinfo=ZoneInfo("Europe/Berlin"))
    )


def test_the_borrower_answers_in_the_hours_of_its_own_site():
    owner, borrower = make.institution("owner"), make.institution("borrower")
    request = make.sharing_request(make.equipment(owner), borrower)
    for weekday in range(7):
        make.working_time(borrower.sites.get(), weekday, "00:00", "00:00")
    assert counter_due(request, now=FRIDAY_NIGHT) == at("2026-11-28T04:00")
    assert consent_due(request, "borrower", now=FRIDAY_NIGHT) == at("2026-11-28T12:00")
    assert consent_due(request, "owner", now=FRIDAY_NIGHT) == at("2026-12-02T09:00")


OFFICE = ((8 * 60, 12 * 60), (14 * 60, 17 * 60 + 30))
# The evening before, the first morning and the last of every holiday of the year, and a Saturday
# and a Sunday that are worked for one.
AROUND_HOLIDAYS = [
    "2026-02-14T17:00",
    "2026-02-15T09:00",
    "2026-02-23T09:00",
    "2026-02-28T16:00",
    "2026-04-03T17:29",
    "2026-04-30T17:00",
    "2026-05-05T23:00",
    "2026-05-09T11:00",
    "2026-06-18T16:00",
    "2026-09-20T10:00",
    "2026-09-24T17:00",
    "2026-09-30T13:00",
    "2026-10-07T09:00",
    "2026-10-10T17:00",
    "2026-12-31T17:00",
]


@pytest.mark.parametrize("moment", AROUND_HOLIDAYS)
def test_over_chinas_holidays_it_is_what_counting_every_minute_says(moment):
    """The second opinion knows the notice's days and the office hours, and no code of ours."""
    site, start = make.institution().sites.get(), at(moment)
    week = (OFFICE,) * 5 + ((), ())
    days = {
        day: () if row["sort"] == "holiday" else OFFICE for day, row in policy.days("CN").items()
    }
    hours = {"routine": 16, "urgent": 4}
    for priority, allowed in hours.items():
        counted = slow_minutes.add(start, allowed * 60, SHANGHAI, week, days)
        assert answer_due(site=site, priority=priority, now=start) == counted


def test_without_a_site_the_hours_are_those_of_the_day():
    assert due(Step.EXTENSION, site=None, priority="urgent", now=FRIDAY_NIGHT) == (
        at("2026-11-28T00:00")
    )


def test_the_time_to_answer_is_said_in_words():
    assert [answer_time_words(priority) for priority in ("routine", "stat", "asap")] == [
        "16 working hours",
        "1 hour, day or night",
        "2 hours, day or night",
    ]


def test_asking_costs_two_short_looks_at_the_hours(django_assert_num_queries):
    site = make.institution().sites.get()
    with django_assert_num_queries(2):
        answer_due(site=site, priority="routine", now=FRIDAY_NIGHT)
    with django_assert_num_queries(0):
        answer_due(site=site, priority="stat", now=FRIDAY_NIGHT)
