"""Days that know their date: the time of the year, how it bends the week, and days that are unlike
their weekday – the same date each year, the fourth Thursday of a month, or a given holiday.

A regression on what each day was of its year's level, recent days counting more; then the level is
followed day by day.
"""

from collections.abc import Iterator
from datetime import date

import numpy as np

from reports.forecast.methods import Method, smoothed

YEAR = 365
LONGEST = 8 * YEAR  # days of history that are looked at
LEAST = 2 * YEAR  # of history for a time of the year to be known
WAVES, WAVES_OF_WEEK = 6, 2  # of a year, and of each weekday's part in it
HALF_LIFE = 400  # days after which a day counts half
FOLLOWED = 0.15  # smoothing of the level
AROUND = 14  # days on each side, against which a day is unlike
UNLIKE, SURE = 2.0, 3.0  # of the usual spread, and of what the mean of so many could be by chance
LEAST_GIVEN = 3  # given holidays that were seen before their like is foretold
RIDGE, ROUNDS, FAR = 1.0, 4, 3.5


def knows_dates(history: np.ndarray, first: date | None, holidays: frozenset[date]) -> bool:
    if first is None:
        return False
    past = sum(0 <= (day - first).days < len(history) for day in holidays)
    return len(history) >= LEAST or past >= LEAST_GIVEN


def calendar(first: date, holidays: frozenset[date] = frozenset()) -> Method:
    """Of series whose first value is that of the day ``first``."""

    def predict(history: np.ndarray, season: int, horizon: int) -> np.ndarray:
        start = max(0, len(history) - LONGEST)
        known = history[start:]
        days = np.datetime64(first) + np.arange(start, len(history) + horizon)
        usual, kept, short = _usual(known, _columns(days, len(known)))
        usual = np.maximum(usual + _unlike(days, short, kept, holidays), 1e-6)
        seen = kept | (np.abs(usual[: len(known)] / np.maximum(known, 1e-6) - 1) < 0.5)
        ratio = known[seen] / usual[: len(known)][seen]
        return np.maximum(smoothed(ratio[-YEAR:], FOLLOWED) * usual[len(known) :], 0.0)

    return Method("calendar", predict)


def _weekday(days: np.ndarray) -> np.ndarray:
    return (days.astype(np.int64) + 3) % 7


def _columns(days: np.ndarray, known: int) -> np.ndarray:
    """The weekday; and, where two years are known, the waves of the year and of each weekday."""
    week = np.eye(7)[_weekday(days)]
    if known < LEAST:
        return week
    start = days.astype("datetime64[Y]").astype("datetime64[D]")
    angle = 2 * np.pi * (days - start).astype(np.int64) / 365.25
    waves = [turn(wave * angle) for wave in range(1, WAVES + 1) for turn in (np.sin, np.cos)]
    bends = [week[:, :6] * wave[:, None] for wave in waves[: 2 * WAVES_OF_WEEK]]
    return np.concatenate([week, np.stack(waves, axis=1), *bends], axis=1)


def _usual(known: np.ndarray, columns: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """What is usual on each day as a part of the level; which days were like that; and by how
    much each day was off its surroundings."""
    count = len(known)
    part = known / _level(known)
    weight = np.sqrt(0.5 ** (np.arange(count)[::-1] / HALF_LIFE))
    small = np.diag(np.where(np.arange(columns.shape[1]) < 7, RIDGE / 1000, RIDGE))
    kept = np.ones(count, dtype=bool)
    for _ in range(ROUNDS):
        rows = columns[:count][kept] * weight[kept, None]
        fit = columns @ np.linalg.solve(rows.T @ rows + small, rows.T @ (part * weight)[kept])
        off = part - fit[:count]
        near = _sums_around(kept.astype(np.float64))
        short = off - _sums_around(off * kept) / np.maximum(near, 1)
        kept = np.abs(short) <= FAR * _spread(short[kept])
    return fit, kept, short


def _sums_around(values: np.ndarray) -> np.ndarray:
    """Of each value and up to ``AROUND`` on each side of it."""
    return np.convolve(values, np.ones(2 * AROUND + 1))[AROUND : AROUND + len(values)]


def _level(known: np.ndarray) -> np.ndarray:
    """The mean of the year around each day, at the ends of the first and the last one."""
    window = min(52 * 7 if len(known) >= LEAST else 8 * 7, len(known))
    sums = np.concatenate([[0.0], np.cumsum(known)])
    low = np.clip(np.arange(len(known)) - window // 2, 0, len(known) - window)
    return np.maximum((sums[low + window] - sums[low]) / window, 1e-9)


def _spread(values: np.ndarray) -> float:
    return max(1e-9, 1.4826 * float(np.median(np.abs(values)))) if len(values) else 1e-9


def _unlike(days, short: np.ndarray, kept: np.ndarray, holidays: frozenset[date]) -> np.ndarray:
    """What is added on days whose like were surely unlike the usual; of several likes the one that
    agreed best."""
    noise, best = _spread(short[kept]), np.full(len(days), np.inf)
    added = np.zeros(len(days))
    for likes, least, all_of_them in _likes(days, holidays):
        order = np.argsort(likes, kind="stable")
        names, first = np.unique(likes[order], return_index=True)
        for name, places in zip(names.tolist(), np.split(order, first[1:]), strict=True):
            past = short[places[places < len(short)]]
            if name < 0 or len(past) < least:
                continue
            middle = float(np.median(past))
            apart = _spread(past - middle) if len(past) > 3 else float(np.ptp(past)) / 2
            if all_of_them and (past * middle < middle**2 / 2).any():
                continue
            sure = SURE * max(apart, noise) / np.sqrt(len(past))
            if abs(middle) > max(sure, UNLIKE * noise):
                here = places[apart < best[places]]
                added[here], best[here] = middle, apart
    return added


def _likes(days: np.ndarray, holidays: frozenset[date]) -> Iterator[tuple[np.ndarray, int, bool]]:
    """Per way of being alike a name for each day, -1 for none; how many must have been; whether
    all of them must agree (the last Thursday of a month is mostly the fourth)."""
    month = days.astype("datetime64[M]")
    number, weekday = month.astype(np.int64) % 12, _weekday(days)
    day = (days - month.astype("datetime64[D]")).astype(np.int64)
    left = ((month + 1).astype("datetime64[D]") - days).astype(np.int64)
    yield number * 31 + day, 2, False
    yield (number * 5 + day // 7) * 7 + weekday, 2, False
    yield np.where(left <= 7, number * 7 + weekday, -1), 2, True
    given = np.array([row in holidays for row in days.astype(object)], dtype=bool)
    yield np.where(given, weekday >= 5, -1), LEAST_GIVEN, False
