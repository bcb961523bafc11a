"""What is promised ahead is idle, nearly always."""

import numpy as np
import pytest

from reports.forecast import Series, Step, forecast
from reports.forecast.idle import Idle, idle_times

ALL_DAY = [5.0] * 24


def test_units_beyond_the_high_end_are_idle():
    high = np.array([2.0] * 8 + ALL_DAY[:10] + [3.0] * 6)
    assert idle_times(high, 5) == [Idle(0, 8, 3), Idle(18, 24, 2)]


def test_less_than_one_unit_in_use_is_none():
    assert idle_times(np.full(24, 0.9), 1) == [Idle(0, 24, 1)]
    assert idle_times(np.full(24, 1.0), 1) == []


def test_a_time_ends_at_midnight_and_lasts_four_hours():
    high = np.array([*ALL_DAY[:21], *[0.0] * 3, *[0.0] * 4, *ALL_DAY[:20]])
    assert idle_times(high, 5) == [Idle(24, 28, 5)]


def test_the_least_of_its_hours_counts():
    high = np.array([1.0, 1, 3, 1, *ALL_DAY[:20]])
    (found,) = idle_times(high, 5)
    assert (found, found.hours) == (Idle(0, 4, 2), 8)


def test_more_in_use_than_there_is_leaves_nothing():
    assert idle_times(np.full(24, 9.0), 5) == []


@pytest.mark.parametrize(("units", "by_day", "by_night"), [(1, 0.7, 0.02), (3, 0.6, 0.05)])
def test_of_what_is_promised_less_than_a_tenth_is_needed_after_all(units, by_day, by_night):
    hours = np.arange(168 * 26)
    at_work = (hours % 168 < 120) & (hours % 24 >= 8) & (hours % 24 < 18)
    chance = np.where(at_work, by_day, by_night)
    use = np.random.default_rng(1).binomial(units, chance).astype(float)
    needed = promised = 0
    for now in range(168 * 16, len(use) - 192, 168):
        ahead = forecast(Series(use[:now], Step.HOUR), 192)
        for idle in idle_times(ahead.high, units):
            came = use[now + idle.first : now + idle.last]
            needed += int((came > units - idle.units).sum())
            promised += len(came)
    assert promised > 500
    assert needed < promised / 10
