"""Days that know their date: the time of the year, how it bends the week, and days that are unlike
their weekday – the same date each year, the fourth Thursday of a month, or a given holiday.

A regression on what each day was of its year's level, recent days counting more; then the level is
followed day by day.
"""

from collections.abc import Iterator
from dataclasses import dataclass
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
        usual = np.maximum(usual + _unlike(days, usual, short, kept, holidays), 1e-6)
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


def _unlike(days, usual, short: np.ndarray, kept: np.ndarray, holidays: frozenset[date]):
    """What is added on days whose like were surely unlike the usual.  First comes what must agree
    each time, then whatever agreed best, and what one explains is gone for the others: the fourth
    Monday of May is no holiday where it is not the last one."""
    noise, left, added = _spread(short[kept]), short.copy(), np.zeros(len(days))
    far = np.abs(short) > UNLIKE * noise
    likes = [row for row in _likes(days, far, holidays) if _change(row, usual, short, noise)]
    likes.sort(key=lambda row: (not row.all_of_them, _change(row, usual, short, noise).apart))
    for like in likes:
        change = _change(like, usual + added, left, noise)
        if change is None:
            continue
        added[like.places] += change.amount
        past = like.places < len(left)
        left[like.places[past]] -= change.amount[past]
    return added


@dataclass(frozen=True)
class _Like:
    """``places`` of days that are alike; how many of them must have been; whether all of them must
    agree (the last Thursday of a month is mostly the fourth); whether they come to the same
    ``height`` whatever weekday they are."""

    places: np.ndarray
    least: int
    all_of_them: bool = False
    height: bool = False


@dataclass(frozen=True)
class _Change:
    """``amount``: per place; ``apart``: by how much those of the past did not agree."""

    amount: np.ndarray
    apart: float


def _change(like: _Like, usual: np.ndarray, short: np.ndarray, noise: float) -> _Change | None:
    places = like.places
    known = places[places < len(short)]
    if len(known) < like.least:
        return None
    past = short[known]
    middle = float(np.median(past))
    apart = _apart(past)
    if like.all_of_them and (past * middle < middle**2 / 2).any():
        return None
    if abs(middle) <= max(SURE * max(apart, noise) / np.sqrt(len(past)), UNLIKE * noise):
        return None
    heights = usual[known] + past
    if like.height and _apart(heights) < apart:
        return _Change(float(np.median(heights)) - usual[places], _apart(heights))
    return _Change(np.full(len(places), middle), apart)


def _apart(values: np.ndarray) -> float:
    few = len(values) <= 3
    return float(np.ptp(values)) / 2 if few else _spread(values - np.median(values))


def _likes(days: np.ndarray, far: np.ndarray, holidays: frozenset[date]) -> Iterator[_Like]:
    """``far``: which days of the past were unlike the usual."""
    month = days.astype("datetime64[M]")
    number, weekday = month.astype(np.int64) % 12, _weekday(days)
    day = (days - month.astype("datetime64[D]")).astype(np.int64)
    left = ((month + 1).astype("datetime64[D]") - days).astype(np.int64)
    yield from _named(number * 31 + day, far, 2, height=True)
    yield from _named((number * 5 + day // 7) * 7 + weekday, far, 2)
    yield from _named(np.where(left <= 7, number * 7 + weekday, -1), far, 2, all_of_them=True)
    if holidays:
        given = np.array([row in holidays for row in days.astype(object)], dtype=bool)
        yield from _named(np.where(given, weekday >= 5, -1), far, LEAST_GIVEN)


def _named(names: np.ndarray, far: np.ndarray, least: int, **more) -> Iterator[_Like]:
    """Days of one name are alike; those of -1 are like no other.  Where fewer than half were far
    from the usual, no median is."""
    known, size = names[: len(far)], int(names.max(initial=0)) + 2
    often = 2 * np.bincount(known[far] + 1, minlength=size) >= np.bincount(
        known + 1, minlength=size
    )
    often &= np.bincount(known[far] + 1, minlength=size) > 0
    for name in np.flatnonzero(often[1:]).tolist():
        yield _Like(np.flatnonzero(names == name), least, **more)
