"""STF rules on hours, rest and lending (domain.md 4.4) where a host invites: each at its limit, in
the packs that set it.

The rules on papers (STF-01, 02, 03, 05, 13) are in ``test_rules.py``, the consents (STF-04) in
``test_a_shift.py``, the arithmetic in ``tests/resources/staff/test_working_time.py``.
"""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from scheduling.actions._rules import ReasonMissing, RulesBlock
from scheduling.kinds.staff.actions.invitations import Invitation, invite
from scheduling.kinds.staff.queries.facts import facts_of
from scheduling.queries.rule_facts import Wish
from tests import make

HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(days=7)
HALF = 30 * timedelta(minutes=1)


def said(lending, starts_at, hours, *, pause=30):
    """[(code, severity)] by which an invitation for so many hours of work is refused; [] where it
    is sent.  The break is added to the hours."""
    minutes = timedelta(minutes=pause)
    invitation = Invitation(
        starts_at=starts_at,
        ends_at=starts_at + hours * HOUR + minutes,
        asked=lending.asked(break_minutes=pause),
        accepted={},
    )
    try:
        invite(
            resource=lending.nurse, host=lending.host, invitation=invitation, by=lending.head,
            now=lending.now,
        )  # fmt: skip
    except (RulesBlock, ReasonMissing) as refusal:
        return sorted((finding.code, finding.severity.value) for finding in refusal.findings)
    return []


def eight_of(day) -> datetime:
    """Eight in the morning, local time."""
    return timezone.make_aware(datetime(day.year, day.month, day.day, 8))  # noqa: DTZ001


@pytest.fixture
def saturday(lending):
    """The next one from the day after tomorrow on, at eight."""
    day = timezone.localdate(lending.now + 2 * DAY)
    return eight_of(day + (5 - day.weekday()) % 7 * DAY)


@pytest.fixture
def works(lending):
    """Shifts at home on so many days of a week, Monday first, each from eight."""

    def put(monday, hours, *weekdays):
        for weekday in weekdays:
            make.shift(lending.nurse, monday + weekday * DAY, hours, by=lending.manager)

    return put


def test_a_day_of_an_idle_person_is_nothing(lending, saturday):
    assert said(lending, saturday, 8) == []


@pytest.mark.parametrize(("minutes", "expected"), [(9, [("STF-06", "block")]), (10, [])])
def test_the_way_between_two_shifts_is_nobodys_time(lending, saturday, minutes, expected):
    """STF-06: it takes ten minutes from one hospital to the other."""
    before = saturday - timedelta(minutes=minutes) - 8 * HOUR
    make.shift(lending.nurse, before, 8, by=lending.manager)
    assert said(lending, saturday, 1) == expected


@pytest.mark.parametrize(
    ("hours", "severity"), [(9, None), (9.5, "warn"), (11, "warn"), (11.5, "block")]
)
def test_overtime_of_a_day_is_one_hour_and_three_at_most(lending, saturday, hours, severity):
    """STF-07"""
    assert said(lending, saturday, hours) == ([("STF-07", severity)] if severity else [])


# Pack, weeks before, hours of a day at home, days of the last week, hours that just fit, severity.
AVERAGES = [
    ("CN", 3, 8, 3, 8, "block"),  # 3 x 48 + 24 + 8 = 4 x 44
    ("EU", 16, 8, 5, 8, "block"),  # 16 x 48 + 40 + 8 = 17 x 48
    ("UK", 16, 8, 5, 8, "warn"),
    ("generic", 3, 9, 3, 3, "warn"),  # 3 x 54 + 27 + 3 = 4 x 48
]


@pytest.mark.parametrize(("pack", "weeks", "daily", "days", "fits", "severity"), AVERAGES)
def test_the_weeks_of_a_reference_period_are_not_too_long_on_average(
    lending, saturday, works, settings, pack, weeks, daily, days, fits, severity
):
    """STF-08: over all employers, blocked or remarked on as the pack says."""
    settings.POLICY_PACK = pack
    monday = saturday - 5 * DAY
    for back in range(1, weeks + 1):
        works(monday - back * WEEK, daily, *range(6))
    works(monday, daily, *range(days))
    assert said(lending, saturday, fits + 1) == [("STF-08", severity)]
    assert said(lending, saturday, fits) == []


@pytest.mark.parametrize(
    ("pack", "expected"), [("EU", []), ("UK", []), ("generic", [("STF-08", "warn")])]
)
def test_a_hard_month_passes_where_seventeen_weeks_are_looked_at(
    lending, saturday, works, settings, pack, expected
):
    """STF-08: three weeks of 60 hours and one of 16 are 49 a week."""
    settings.POLICY_PACK = pack
    monday = saturday - 5 * DAY
    for back in (1, 2, 3):
        works(monday - back * WEEK, 10, *range(6))
    works(monday, 8, 0)
    assert said(lending, saturday, 8) == expected


def test_overtime_of_a_month_is_36_hours_at_most(lending, works):
    """STF-09: twelve days of three hours are that; a ninth hour of the shift is the 37th."""
    first = timezone.localdate(lending.now).replace(day=1) + 32 * DAY
    first = first.replace(day=1)
    monday = eight_of(first + (7 - first.weekday()) % 7 * DAY)
    for week in range(3):
        works(monday + week * WEEK, 11, 0, 1, 3, 4)
    saturday = monday + 2 * WEEK + 5 * DAY
    assert said(lending, saturday, 9) == [("STF-09", "block")]
    assert said(lending, saturday, 8) == []


@pytest.mark.parametrize(("sunday", "expected"), [(True, [("STF-10", "block")]), (False, [])])
def test_a_week_has_a_day_of_rest(lending, saturday, works, sunday, expected):
    """STF-10"""
    works(saturday - 5 * DAY, 8, *range(5), *([6] if sunday else []))
    assert said(lending, saturday, 8) == expected


@pytest.mark.parametrize(("pack", "severity"), [("CN", "warn"), ("EU", "block")])
def test_a_day_has_eleven_hours_of_rest(lending, saturday, settings, pack, severity):
    """STF-11: the way there, ten minutes, is none of it."""
    settings.POLICY_PACK = pack
    until = saturday - 11 * HOUR - timedelta(minutes=10)
    make.shift(lending.nurse, until - 8 * HOUR + HALF, 8, by=lending.manager)
    assert said(lending, saturday, 4) == [("STF-11", severity)]
    lending.nurse.shifts.all().delete()
    make.shift(lending.nurse, until - 8 * HOUR, 8, by=lending.manager)
    assert said(lending, saturday, 4) == []


@pytest.mark.parametrize(
    ("pack", "hours", "pause", "expected"),
    [
        ("EU", 6, 0, []),
        ("EU", 6.25, 0, [("STF-12", "warn")]),
        ("EU", 6.25, 19, [("STF-12", "warn")]),
        ("EU", 6.25, 20, []),
        ("UK", 6.25, 0, [("STF-12", "warn")]),
        ("CN", 6.25, 0, []),
    ],
)
def test_a_long_shift_has_its_break(lending, saturday, settings, pack, hours, pause, expected):
    """STF-12"""
    settings.POLICY_PACK = pack
    assert said(lending, saturday, hours, pause=pause) == expected


def test_nights_are_eight_hours_long_on_average(lending, saturday, works, settings):
    """STF-12: nine hours pass beside a night of six."""
    settings.POLICY_PACK = "EU"
    works(saturday - 5 * DAY, 8, 0, 1)
    night = saturday + 14 * HOUR
    assert said(lending, night, 9) == [("STF-12", "warn")]
    make.shift(lending.nurse, night - 3 * DAY, 6, by=lending.manager)
    assert said(lending, night, 9) == []


@pytest.mark.parametrize(("others", "expected"), [(3, [("STF-14", "warn")]), (2, [])])
def test_a_person_is_lent_to_three_hosts_at_most(lending, saturday, others, expected):
    """STF-14: within the reference period; what was longer ago is no matter."""
    for number, days in enumerate((*range(8, 8 + others), 80)):
        starts_at = saturday - days * DAY
        make.sharing_request(
            lending.nurse, make.institution(f"host-{number}"), state="closed", mode="",
            starts_at=starts_at, ends_at=starts_at + 4 * HOUR, now=lending.now,
        )  # fmt: skip
    assert said(lending, saturday, 4) == expected


def test_hosts_of_one_shift_are_not_counted_for_another_that_is_judged_with_it(lending, saturday):
    """STF-14: a list of requests loads the shifts of all of them at once."""
    make.sharing_request(
        lending.nurse, make.institution("third"), state="closed", mode="", now=lending.now,
        starts_at=saturday - 8 * DAY, ends_at=saturday - 8 * DAY + 4 * HOUR,
    )  # fmt: skip
    wishes = [
        Wish(
            resource=lending.nurse,
            borrower=lending.host,
            starts_at=day,
            ends_at=day + 8 * HOUR,
            asked=lending.asked(),
        )
        for day in (saturday, saturday + 60 * DAY)
    ]
    assert [facts.hosts for facts in facts_of(wishes, lending.now)] == [2, 1]


@pytest.mark.parametrize(("hours", "expected"), [(8, []), (8.5, [("STF-14", "warn")])])
def test_half_of_a_week_is_worked_at_home(lending, saturday, works, hours, expected):
    """STF-14"""
    works(saturday - 5 * DAY, 8, 0)
    assert said(lending, saturday, hours) == expected


def test_a_week_off_at_home_is_wholly_worked_at_hosts(lending, saturday, works):
    """STF-14: only of somebody whose shifts at home are not kept here nothing is said."""
    works(saturday - 5 * DAY - WEEK, 8, 0)
    assert said(lending, saturday, 4) == [("STF-14", "warn")]
