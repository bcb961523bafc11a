"""Repeating uses against slow references: day by day for rules, minute by minute for clocks."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduling.recurrence import (
    WEEKDAYS,
    BadRule,
    Hours,
    Rule,
    days_of,
    parse,
    use_on,
    uses_on,
)
from tests.scheduling.slow_recurrence import LIMITS, moment_of, slowly

BERLIN, SHANGHAI = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Shanghai")
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")  # changes by half an hour


def expand(text, first_on, *, starts=time(8), zone=BERLIN, limits=LIMITS):
    return days_of(parse(text), first_on=first_on, starts=starts, zone=zone, limits=limits)


weekdays = st.integers(0, 6)
ends = st.one_of(
    st.builds(lambda n: {"count": n}, st.integers(1, 60)),
    st.builds(lambda n: {"days": n}, st.integers(0, 364)),
)
daily = st.fixed_dictionaries({"frequency": st.just("DAILY")})
weekly = st.fixed_dictionaries(
    {
        "frequency": st.just("WEEKLY"),
        "by_day": st.lists(weekdays, max_size=4, unique=True).map(
            lambda days: tuple((day, 0) for day in days)
        ),
        "week_start": weekdays,
    }
)
monthly = st.one_of(
    st.fixed_dictionaries(
        {
            "frequency": st.just("MONTHLY"),
            "by_month_day": st.lists(
                st.integers(-31, 31).filter(bool), max_size=3, unique=True
            ).map(tuple),
        }
    ),
    st.fixed_dictionaries(
        {
            "frequency": st.just("MONTHLY"),
            "by_day": st.lists(
                st.tuples(weekdays, st.sampled_from([1, 2, 3, 4, 5, -1, -2])),
                min_size=1,
                max_size=3,
                unique=True,
            ).map(tuple),
        }
    ),
    st.fixed_dictionaries(
        {
            "frequency": st.just("MONTHLY"),
            "by_day": st.just(tuple((day, 0) for day in range(5))),
            "by_position": st.lists(
                st.integers(-20, 20).filter(bool), min_size=1, max_size=2, unique=True
            ).map(tuple),
        }
    ),
)


@settings(max_examples=300, deadline=None)
@given(
    parts=st.one_of(daily, weekly, monthly),
    interval=st.integers(1, 14),
    end=ends,
    # Both leap years' February and month ends are in it.
    first=st.dates(date(2026, 1, 1), date(2029, 1, 31)),
)
def test_a_rule_meets_the_days_that_a_look_at_each_day_finds(parts, interval, end, first):
    until = {"until": first + timedelta(days=end["days"])} if "days" in end else end
    rule = Rule(interval=interval, **parts, **until)
    expected = slowly(rule, first)
    if not expected:
        with pytest.raises(BadRule):
            days_of(rule, first_on=first, starts=time(8), zone=BERLIN, limits=LIMITS)
        return
    found = days_of(rule, first_on=first, starts=time(8), zone=BERLIN, limits=LIMITS)
    assert found == expected
    assert parse(str(rule)) == rule


@pytest.mark.parametrize(
    ("text", "first", "days"),
    [
        ("FREQ=MONTHLY;COUNT=3", date(2028, 1, 31), ["2028-01-31", "2028-03-31", "2028-05-31"]),
        (
            "FREQ=MONTHLY;BYMONTHDAY=29;COUNT=3",
            date(2028, 1, 29),
            ["2028-01-29", "2028-02-29", "2028-03-29"],
        ),
        ("FREQ=MONTHLY;BYMONTHDAY=29;COUNT=2", date(2027, 1, 29), ["2027-01-29", "2027-03-29"]),
        (
            "FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=3",
            date(2028, 1, 1),
            ["2028-01-31", "2028-02-29", "2028-03-31"],
        ),
        ("FREQ=DAILY;COUNT=3", date(2028, 2, 28), ["2028-02-28", "2028-02-29", "2028-03-01"]),
        ("rrule:freq=weekly;byday=tu;count=2", date(2026, 12, 2), ["2026-12-08", "2026-12-15"]),
        ("FREQ=WEEKLY;UNTIL=20261208", date(2026, 12, 1), ["2026-12-01", "2026-12-08"]),
    ],
)
def test_month_ends_and_leap_days(text, first, days):
    assert [day.isoformat() for day in expand(text, first)] == days


def test_an_end_in_utc_is_a_moment_not_a_day():
    """23:00 UTC of the 7th is already the 8th in Shanghai: 07:00 is within, 08:00 is not."""
    text = "FREQ=WEEKLY;UNTIL=20261207T230000Z"
    first = date(2026, 12, 1)
    assert len(expand(text, first, starts=time(7), zone=SHANGHAI)) == 2
    assert len(expand(text, first, starts=time(8), zone=SHANGHAI)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        "every tuesday",
        "FREQ=SECONDLY;COUNT=5",
        "FREQ=MINUTELY;COUNT=5",
        "FREQ=HOURLY;COUNT=5",
        "FREQ=YEARLY;COUNT=2",
        "FREQ=DAILY",
        "FREQ=DAILY;COUNT=1000000",
        "FREQ=DAILY;COUNT=0",
        "FREQ=DAILY;COUNT=-3",
        "FREQ=DAILY;COUNT=1e3",
        "FREQ=DAILY;COUNT=" + "9" * 400,
        "FREQ=DAILY;UNTIL=99991231",
        "FREQ=DAILY;UNTIL=00000000",
        "FREQ=DAILY;UNTIL=20261301",
        "FREQ=DAILY;UNTIL=20261201T250000Z",
        "FREQ=DAILY;COUNT=5;COUNT=6",
        "FREQ=DAILY;INTERVAL=0;COUNT=2",
        "FREQ=DAILY;INTERVAL=1000;COUNT=2",
        "FREQ=DAILY;BYDAY=MO;COUNT=2",
        "FREQ=DAILY;BYHOUR=1,2,3;COUNT=2",
        "FREQ=DAILY;BYSECOND=0;COUNT=2",
        "FREQ=WEEKLY;BYDAY=1TU;COUNT=2",
        "FREQ=WEEKLY;BYDAY=XX;COUNT=2",
        "FREQ=WEEKLY;BYMONTHDAY=1;COUNT=2",
        "FREQ=WEEKLY;BYEASTER=0;COUNT=2",
        "FREQ=MONTHLY;BYMONTHDAY=0;COUNT=2",
        "FREQ=MONTHLY;BYMONTHDAY=32;COUNT=2",
        "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=31;COUNT=2",
        "FREQ=MONTHLY;BYSETPOS=1;COUNT=2",
        "FREQ=MONTHLY;BYDAY=5MO;BYMONTHDAY=1;COUNT=1",
        "FREQ=MONTHLY;COUNT=60",
        "FREQ=WEEKLY;WKST=XX;COUNT=2",
        "FREQ=WEEKLY;UNTIL=20200101",
        "FREQ=WEEKLY;COUNT=２",
        "\x00FREQ=WEEKLY;COUNT=2",
        "DTSTART:20261201T080000\nRRULE:FREQ=WEEKLY;COUNT=2",
    ],
)
def test_what_is_no_rule_is_said_in_words_at_once(text):
    before = datetime.now(UTC)
    with pytest.raises(BadRule) as refused:
        expand(text, date(2026, 12, 1))
    assert refused.value.message
    assert datetime.now(UTC) - before < timedelta(seconds=2)


@settings(max_examples=300, deadline=timedelta(seconds=2))
@given(st.lists(st.sampled_from([
    "FREQ=DAILY", "FREQ=WEEKLY", "FREQ=MONTHLY", "COUNT=7", "UNTIL=20270301", "INTERVAL=12",
    "INTERVAL=99", "BYDAY=MO", "BYDAY=5MO,-5TU", "BYMONTHDAY=31", "BYMONTHDAY=-31,29",
    "BYSETPOS=5", "BYSETPOS=-1", "WKST=SU", "BYMONTH=2", "X", "=", "",
]), max_size=6).map(";".join))  # fmt: skip
def test_no_rule_takes_long_or_gives_more_than_the_limit(text):
    try:
        found = expand(text, date(2027, 2, 1))
    except BadRule:
        return
    assert 0 < len(found) <= LIMITS.most_dates


# --- The wall clock ---

NIGHTS = [
    (BERLIN, date(2027, 3, 28)),
    (BERLIN, date(2027, 10, 31)),
    (SHANGHAI, date(2027, 3, 28)),
    (SHANGHAI, date(2027, 10, 31)),
    (LORD_HOWE, date(2027, 4, 4)),
    (LORD_HOWE, date(2027, 10, 3)),
]


@settings(max_examples=60, deadline=None)
@given(
    night=st.sampled_from(NIGHTS),
    before=st.integers(0, 1),
    starts=st.integers(0, 24 * 12 - 1),
    ends=st.integers(0, 24 * 12 - 1),
    later=st.integers(0, 2),
)
def test_a_use_over_a_clock_change_is_what_the_wall_says(night, before, starts, ends, later):
    zone, change = night
    later = later or int(ends <= starts)
    day = change - timedelta(days=before)
    hours = Hours(starts=_clock(starts), ends=_clock(ends), days_later=later)
    use = use_on(day, hours, zone)
    assert use.starts_at == moment_of(datetime.combine(day, hours.starts), zone)
    end = moment_of(datetime.combine(day + timedelta(days=later), hours.ends), zone)
    assert use.ends_at == (end if end > use.starts_at else use.starts_at + hours.length)
    assert use.ends_at > use.starts_at


def _clock(five_minutes: int) -> time:
    return time(five_minutes // 12, five_minutes % 12 * 5)


@pytest.mark.parametrize(
    ("day", "starts", "ends", "length"),
    [
        (date(2027, 3, 27), time(22), time(6), 7),  # an hour is skipped
        (date(2027, 10, 30), time(22), time(6), 9),  # an hour comes twice
        (date(2027, 3, 20), time(22), time(6), 8),
    ],
)
def test_a_night_is_shorter_or_longer_when_the_clocks_change(day, starts, ends, length):
    use = use_on(day, Hours(starts=starts, ends=ends, days_later=1), BERLIN)
    assert use.ends_at - use.starts_at == timedelta(hours=length)


def test_a_start_in_the_gap_keeps_the_length_of_the_use():
    use = use_on(date(2027, 3, 28), Hours(starts=time(2, 30), ends=time(3)), BERLIN)
    assert use.starts_at == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)
    assert use.ends_at - use.starts_at == timedelta(minutes=30)


def test_eight_o_clock_stays_eight_o_clock():
    days = expand("FREQ=WEEKLY;BYDAY=TU;COUNT=52", date(2027, 1, 5))
    uses = uses_on(days, Hours(starts=time(8), ends=time(16)), BERLIN)
    assert {use.starts_at.astimezone(BERLIN).time() for use in uses} == {time(8)}
    assert {use.starts_at.time() for use in uses} == {time(6), time(7)}
    assert {WEEKDAYS[use.day.weekday()] for use in uses} == {"TU"}
