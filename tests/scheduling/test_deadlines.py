"""Until when a step must be answered, in the hours of the site that decides."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from scheduling.deadlines import (
    Step,
    answer_due,
    answer_time_words,
    consent_due,
    counter_due,
    due,
)
from tests import make

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
