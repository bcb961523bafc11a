"""Days that know their date: what it gains, and that nothing is made up where nothing is."""

from datetime import date, timedelta

import numpy as np
import pytest

from reports.forecast import Series, Step, forecast
from reports.forecast.calendar import calendar, knows_dates

FIRST = date(2018, 1, 1)
WEEK = np.array([1.1, 1.1, 1.1, 1.1, 1.1, 0.75, 0.75])  # from Monday on


def days(count: int) -> list[date]:
    return [FIRST + timedelta(days=number) for number in range(count)]


def is_fourth_thursday_of_november(day: date) -> bool:
    return day.month == 11 and day.weekday() == 3 and 22 <= day.day <= 28


def arrivals(count: int, closed=lambda day: False, seed: int = 1) -> np.ndarray:
    """More in winter, and by the week; little on days that are ``closed``."""
    random = np.random.default_rng(seed)
    mean = [
        200
        * WEEK[day.weekday()]
        * (1 + 0.15 * np.cos(2 * np.pi * day.timetuple().tm_yday / 365.25))
        * (0.4 if closed(day) else 1)
        for day in days(count)
    ]
    return random.poisson(mean).astype(float)


def christmas(day: date) -> bool:
    return (day.month, day.day) == (12, 25)


@pytest.mark.parametrize("closed", [christmas, is_fourth_thursday_of_november])
def test_a_day_that_comes_every_year_is_foretold_on_its_day_and_no_other(closed):
    count = (date(2023, 11, 20) - FIRST).days
    history = arrivals(count, closed)
    ahead = calendar(FIRST).predict(history, 7, 42)
    plain = calendar(FIRST).predict(arrivals(count), 7, 42)
    coming = [FIRST + timedelta(days=count + step) for step in range(42)]
    low = {day for day, here, usual in zip(coming, ahead, plain, strict=True) if here < 0.7 * usual}
    assert low == {day for day in coming if closed(day)}


def is_last_monday_of_may(day: date) -> bool:
    return day.month == 5 and day.weekday() == 0 and day.day > 24


def test_the_last_monday_is_foretold_and_not_the_fourth_which_it_mostly_was():
    """2018 to 2022: four times of five the last one was the fourth; 2023 it is the fifth."""
    count = (date(2023, 5, 20) - FIRST).days
    ahead = calendar(FIRST).predict(arrivals(count, is_last_monday_of_may), 7, 14)
    fourth, last = ahead[2], ahead[9]
    assert last < 0.6 * fourth
    assert fourth > 190


def test_a_holiday_comes_to_the_same_height_on_a_sunday():
    """It took most from weekdays; on a day that is low anyhow it takes little."""
    count = (date(2022, 12, 20) - FIRST).days
    history = arrivals(count)
    for day in filter(christmas, days(count)):
        history[(day - FIRST).days] = 120.0
    ahead = calendar(FIRST).predict(history, 7, 7)
    assert date(2022, 12, 25).weekday() == 6
    assert ahead[5] == pytest.approx(120, rel=0.08)


@pytest.mark.parametrize("count", [21, 28, 29, 40])
def test_a_short_past_is_enough_to_go_on(count):
    """Shorter than what is looked at around a day."""
    given = frozenset(days(count)[place] for place in (2, 9, 17))
    ahead = calendar(FIRST, given).predict(arrivals(count, given.__contains__), 7, 14)
    assert ahead.shape == (14,)
    assert 100 < ahead.mean() < 300


def test_given_holidays_are_foretold_within_the_first_year():
    """They need not fall on the same date: a moon's year does not."""
    history_days = days(330)
    given = frozenset(history_days[place] for place in (40, 93, 120, 177, 260))
    coming = FIRST + timedelta(days=337)
    history = arrivals(330, given.__contains__)
    ahead = calendar(FIRST, given | {coming}).predict(history, 7, 14)
    without = calendar(FIRST, given).predict(history, 7, 14)
    assert ahead[7] < 0.6 * without[7]
    assert np.delete(ahead, 7) == pytest.approx(np.delete(without, 7))


def test_of_chance_alone_no_day_is_made_unlike():
    history = arrivals(4 * 365)
    ahead = calendar(FIRST).predict(history, 7, 365)
    coming = days(5 * 365)[-365:]
    angle = np.array([2 * np.pi * day.timetuple().tm_yday / 365.25 for day in coming])
    true = 200 * WEEK[[day.weekday() for day in coming]] * (1 + 0.15 * np.cos(angle))
    assert np.abs(ahead / true - 1).mean() < 0.04
    assert np.mean(np.abs(ahead / true - 1) > 0.15) < 0.02


def test_it_is_chosen_where_years_repeat_themselves_and_better_than_without_dates():
    history = arrivals(5 * 365, lambda day: day.day == 1)
    dated = forecast(Series(history, Step.DAY, FIRST))
    undated = forecast(Series(history, Step.DAY))
    assert dated.method == "calendar"
    assert undated.method.startswith("seasonal")
    assert dated.backtest.mase < 0.95 * undated.backtest.mase
    assert 0.75 <= dated.backtest.coverage <= 0.88


@pytest.mark.parametrize(
    ("count", "first", "holidays", "known"),
    [
        (2 * 365, FIRST, 0, True),
        (2 * 365 - 1, FIRST, 2, False),
        (100, FIRST, 3, True),
        (3 * 365, None, 9, False),
    ],
)
def test_dates_are_known_after_two_years_or_three_holidays(count, first, holidays, known):
    given = frozenset(days(90)[10 : 10 + holidays])
    assert knows_dates(np.ones(count), first, given) == known


def test_hours_and_what_is_mostly_zero_are_left_to_their_own_methods():
    seldom = np.resize([0.0, 0, 0, 5, 0, 0, 0, 0, 2, 0], 3 * 365)
    assert forecast(Series(seldom, Step.DAY, FIRST)).method in {"TSB", "Croston SBA"}
    hours = np.resize(np.arange(24.0), 24 * 7 * 6)
    assert forecast(Series(hours, Step.HOUR, FIRST), 24).method != "calendar"


def test_an_empty_year_is_forecast_without_a_fault():
    ahead = calendar(FIRST).predict(np.zeros(3 * 365), 7, 14)
    assert ahead.shape == (14,)
    assert np.isfinite(ahead).all()
    assert ahead.max() < 1e-3
