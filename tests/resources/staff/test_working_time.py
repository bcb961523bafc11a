"""Hours and rest: examples that a staffing manager knows, and every minute of made-up rosters."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from medshare_portal import policy
from resources.kinds.staff.working_time import Duty, Measure, assess, limits_of, needed
from tests.resources.staff.slow_hours import MINUTE, Minutes

SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")
ZONES = [SHANGHAI, BERLIN, ZoneInfo("America/New_York"), ZoneInfo("Australia/Lord_Howe")]
PACKS = {name: limits_of(policy.load(name).staff) for name in policy.PACKS}


def local(zone, *parts):
    return datetime(*parts, tzinfo=zone).astimezone(UTC)


def shift(zone, day, first, last, **more):
    """A duty on a day of November 2026 from one local hour to another (24 and more: next day)."""
    start = local(zone, 2026, 11, day, first)
    end = local(zone, 2026, 11, day + last // 24, last % 24)
    return Duty(starts_at=start, ends_at=end, **more)


def found(duty, others, pack, zone=SHANGHAI):
    breaches = assess(duty, others, PACKS[pack], zone).breaches
    return {(each.measure, each.level.value): each for each in breaches}


def test_twelve_hours_by_day_are_too_long_in_china_unless_two_breaks_are_taken():
    assert (Measure.DAY, "block") in found(shift(SHANGHAI, 25, 8, 20), [], "CN")
    rested = found(shift(SHANGHAI, 25, 8, 20, break_minutes=60), [], "CN")
    assert rested[Measure.DAY, "warn"].value == timedelta(hours=11)


def test_a_night_belongs_to_two_days_each_of_which_is_short_enough():
    assert found(shift(SHANGHAI, 25, 20, 32), [], "CN") == {}


def test_rest_counts_the_ways_and_is_a_block_in_the_union_only():
    before = shift(SHANGHAI, 24, 12, 20)
    duty = shift(SHANGHAI, 25, 8, 16, travel_minutes=90, at_home=False)
    short = found(duty, [before], "EU")[Measure.DAILY_REST, "block"]
    assert (short.value, short.on) == (timedelta(hours=10, minutes=30), date(2026, 11, 24))
    assert (Measure.DAILY_REST, "warn") in found(duty, [before], "CN")
    near = shift(SHANGHAI, 25, 8, 16, travel_minutes=60, break_minutes=20)
    assert found(near, [before], "EU") == {}


def test_the_way_to_a_shift_of_twelve_hours_does_not_make_it_too_long():
    duty = shift(SHANGHAI, 25, 8, 20, travel_minutes=50, break_minutes=60)
    assert Measure.DAILY_REST not in {measure for measure, _level in found(duty, [], "EU")}
    far = shift(SHANGHAI, 25, 8, 20, travel_minutes=75, break_minutes=60)
    assert found(far, [], "EU")[Measure.DAILY_REST, "block"].value == timedelta(minutes=645)


def test_ways_that_meet_another_shift_overlap_it():
    before = shift(SHANGHAI, 25, 8, 16)
    duty = shift(SHANGHAI, 25, 16, 20, travel_minutes=30)
    assert found(duty, [before], "CN")[Measure.OVERLAP, "block"].value == timedelta(minutes=30)


def test_forty_eight_hours_in_each_of_four_weeks_break_the_chinese_average():
    others = [
        shift(SHANGHAI, day, 8, 16) for day in range(2, 28) if day % 7 != 1 and day not in (27,)
    ]
    duty = shift(SHANGHAI, 27, 8, 16)
    assert found(duty, others, "CN")[Measure.WEEK, "block"].on == date(2026, 11, 23)


def test_overtime_of_a_month_is_what_days_and_weeks_have_beyond_their_standard():
    others = [shift(SHANGHAI, day, 8, 18) for day in range(2, 28) if day % 7 not in (0, 1)]
    duty = shift(SHANGHAI, 28, 8, 16)
    month = found(duty, others, "CN")[Measure.MONTH, "block"]
    assert month.value == timedelta(hours=20 * 2 + 8)


def test_a_week_without_a_free_day_is_refused_and_its_rest_may_reach_into_the_next():
    others = [shift(SHANGHAI, day, 8, 16) for day in range(23, 28)]
    sunday = [*others, shift(SHANGHAI, 29, 8, 16)]
    duty = shift(SHANGHAI, 28, 8, 16)
    assert (Measure.WEEKLY_REST, "block") in found(duty, sunday, "CN")
    monday = shift(SHANGHAI, 30, 8, 16)
    assert (Measure.WEEKLY_REST, "block") not in found(duty, [*others, monday], "EU")


@pytest.mark.parametrize(
    ("month", "day", "hours"), [(3, 28, 11), (10, 24, 13)], ids=["spring", "autumn"]
)
def test_a_night_over_a_clock_change_lasts_what_it_lasts(month, day, hours):
    duty = Duty(
        starts_at=local(BERLIN, 2026, month, day, 20),
        ends_at=local(BERLIN, 2026, month, day + 1, 8),
    )
    summed = assess(duty, [], PACKS["EU"], BERLIN)
    assert summed.week_with_duty == timedelta(hours=hours)


def test_rest_over_a_clock_change_is_real_time():
    before = Duty(starts_at=local(BERLIN, 2026, 3, 28, 13), ends_at=local(BERLIN, 2026, 3, 28, 21))
    duty = Duty(starts_at=local(BERLIN, 2026, 3, 29, 8), ends_at=local(BERLIN, 2026, 3, 29, 16))
    short = found(duty, [before], "EU", BERLIN)[Measure.DAILY_REST, "block"]
    assert short.value == timedelta(hours=10)


def test_a_long_shift_without_a_break_and_long_nights_are_remarked_on_in_europe():
    day = found(shift(SHANGHAI, 25, 8, 16), [], "UK")
    assert day[Measure.BREAK, "warn"].limit == timedelta(minutes=20)
    night = found(shift(SHANGHAI, 25, 20, 32, break_minutes=60), [], "UK")
    assert night[Measure.NIGHT, "warn"].value == timedelta(hours=11)
    assert found(shift(SHANGHAI, 25, 20, 32), [], "generic") == {}


def test_the_two_employers_are_told_apart_and_summed():
    home, away = shift(SHANGHAI, 23, 8, 16), shift(SHANGHAI, 24, 8, 14, at_home=False)
    summed = assess(shift(SHANGHAI, 26, 20, 32), [home, away], PACKS["CN"], SHANGHAI)
    hours = [summed.week_at_home, summed.week_elsewhere, summed.week_with_duty, summed.average]
    assert [each / timedelta(hours=1) for each in hours] == [8, 6, 26, 6.5]
    assert (summed.rest_before, summed.rest_after) == (timedelta(hours=54), None)
    assert summed.least_rest == timedelta(hours=54)


def test_what_touches_only_other_days_is_no_breach_of_this_duty():
    long_ago = shift(SHANGHAI, 10, 6, 22)
    assert found(shift(SHANGHAI, 25, 8, 16), [long_ago], "EU").keys() == {(Measure.BREAK, "warn")}


@st.composite
def rosters(draw):
    """A duty and up to 25 others within five weeks around a clock change or none."""
    zone = draw(st.sampled_from(ZONES))
    month = draw(st.sampled_from([(2026, 3, 1), (2026, 9, 27), (2026, 6, 10)]))
    opening = local(zone, *month)

    def duty():
        start = opening + draw(st.integers(0, 35 * 96)) * 15 * MINUTE
        length = draw(st.integers(1, 56)) * 15
        return Duty(
            starts_at=start,
            ends_at=start + length * MINUTE,
            break_minutes=draw(st.integers(0, min(60, length - 1))),
            travel_minutes=draw(st.sampled_from([0, 0, 20, 95])),
            at_home=draw(st.booleans()),
        )

    return duty(), [duty() for _number in range(draw(st.integers(0, 25)))], zone


@pytest.mark.parametrize("pack", policy.PACKS)
@settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(roster=rosters())
def test_the_quick_answer_is_that_of_every_minute(pack, roster):
    duty, others, zone = roster
    limits = PACKS[pack]
    first, last = needed(duty, limits, zone)
    starts = [*(each.bound[0] for each in [duty, *others]), first]
    ends = [*(each.bound[1] for each in [duty, *others]), last]
    slow = Minutes(duty, others, limits, zone, min(starts), max(ends) + timedelta(days=9))
    quick = {
        (each.measure.value, each.level.value, each.value / MINUTE, each.limit / MINUTE, each.on)
        for each in assess(duty, others, limits, zone).breaches
    }
    assert quick == slow.breaches()


@settings(max_examples=40, deadline=None, derandomize=True)
@given(roster=rosters(), pack=st.sampled_from(policy.PACKS))
def test_only_what_meets_the_needed_time_changes_the_answer(pack, roster):
    duty, others, zone = roster
    first, last = needed(duty, PACKS[pack], zone)
    near = [each for each in others if each.bound[0] < last and each.bound[1] > first]
    whole, part = (assess(duty, some, PACKS[pack], zone) for some in (others, near))
    assert whole.breaches == part.breaches
    assert first < duty.starts_at < duty.ends_at < last
