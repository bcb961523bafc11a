"""Whose hours hold at a site: its own or the pack's, with the days that are otherwise."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from medshare_portal.models import SpecialDay, WorkingTime
from medshare_portal.site_hours import hours_of
from tests import make

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 9, 18, 4, tzinfo=UTC)
FRIDAY, SUNDAY, NATIONAL_DAY = date(2026, 9, 18), date(2026, 9, 20), date(2026, 10, 1)
PACK = ((480, 720), (840, 1050))  # 08:00 to 12:00 and 14:00 to 17:30, as the pack of China says


@pytest.fixture
def site():
    return make.institution("renhe").sites.get()


def hours(site, *days):
    calendar = hours_of(site, NOW)
    return [calendar.hours_on(day) for day in days]


def test_a_site_without_hours_has_the_packs_with_its_holidays_and_make_up_days(site):
    assert hours(site, FRIDAY, SUNDAY, NATIONAL_DAY) == [PACK, PACK, ()]


def test_a_site_has_its_own_hours_and_works_mondays_on_a_make_up_day(site):
    make.working_time(site, 0, "07:00", "11:00")
    make.working_time(site, 0, "22:00", "00:00")
    assert hours(site, date(2026, 9, 21), FRIDAY, SUNDAY, NATIONAL_DAY) == [
        ((420, 660), (1320, 1440)),
        (),
        ((420, 660), (1320, 1440)),
        (),
    ]


def test_the_institutions_day_stands_above_the_citys_and_that_above_the_packs(site):
    make.special_day(NATIONAL_DAY, "ordinary")
    make.special_day(SUNDAY, "holiday")
    make.special_day(FRIDAY, "holiday")
    assert hours(site, FRIDAY, SUNDAY, NATIONAL_DAY) == [(), (), PACK]
    make.special_day(FRIDAY, "working", institution=site.institution, as_weekday=2)
    make.special_day(SUNDAY, "ordinary", institution=make.institution("xihu"))
    assert hours(site, FRIDAY, SUNDAY) == [PACK, ()]


@pytest.mark.parametrize(
    ("statement", "values", "name"),
    [
        (
            "INSERT INTO medshare_portal_workingtime (site_id, weekday, starts, ends)"
            " VALUES (%s, 1, '12:00:00', '08:00:00')",
            ["site"],
            "working_time_ends_after_it_starts",
        ),
        (
            "INSERT INTO medshare_portal_workingtime (site_id, weekday, starts, ends)"
            " VALUES (%s, 7, '08:00:00', '12:00:00')",
            ["site"],
            "working_time_weekday_known",
        ),
        (
            "INSERT INTO medshare_portal_specialday (day, sort, as_weekday, name_en, name_zh)"
            " VALUES ('2026-09-20', 'festival', 0, '', '')",
            [],
            "special_day_sort_known",
        ),
        (
            "INSERT INTO medshare_portal_specialday (day, sort, as_weekday, name_en, name_zh)"
            " VALUES ('2026-09-20', 'working', 9, '', '')",
            [],
            "special_day_weekday_known",
        ),
    ],
)
def test_the_database_keeps_hours_true(site, statement, values, name):
    with (
        pytest.raises(IntegrityError, match=name),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement, [site.pk for _value in values])


def test_a_day_is_there_once_for_the_city_and_once_for_an_institution(site):
    make.special_day(SUNDAY, "holiday")
    make.special_day(SUNDAY, "holiday", institution=site.institution)
    for institution in (None, site.institution):
        with pytest.raises(IntegrityError), transaction.atomic():
            make.special_day(SUNDAY, "ordinary", institution=institution)


def test_hours_that_end_before_they_begin_are_an_error_in_words(site):
    row = WorkingTime(site=site, weekday=1, starts="12:00", ends="08:00")
    with pytest.raises(ValidationError, match="The hours end before they begin"):
        row.full_clean()
    assert str(SpecialDay(day=SUNDAY, sort="working", name_en="Day worked")) == (
        "2026-09-20 Day worked"
    )
