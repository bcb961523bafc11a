"""Times of the made-up city as whole minutes since ``BASE``: cheap to add, compare and sort.

The city lies in Asia/Shanghai, which has no clock changes: local time is UTC + 8 h throughout.
"""

from datetime import UTC, date, datetime, timedelta

BASE = datetime(2020, 1, 1, tzinfo=UTC)
QUARTER, HOUR, DAY, WEEK = 15, 60, 24 * 60, 7 * 24 * 60
LOCAL = 8 * HOUR


def to_minutes(moment: datetime) -> int:
    return int((moment - BASE).total_seconds()) // 60


def to_datetime(minutes: int) -> datetime:
    return BASE + timedelta(minutes=minutes)


def local_date(minutes: int) -> date:
    return (BASE + timedelta(minutes=minutes + LOCAL)).date()


def local_midnight(minutes: int) -> int:
    """Start of the local day in which the minute lies."""
    return (minutes + LOCAL) // DAY * DAY - LOCAL


def local_hour(minutes: int) -> int:
    return (minutes + LOCAL) % DAY // HOUR


def weekday(minutes: int) -> int:
    """Local weekday, Monday 0 (the first of January 2020 was a Wednesday)."""
    return ((minutes + LOCAL) // DAY + 2) % 7


def to_quarter(minutes: int) -> int:
    """The whole quarter of an hour before: nobody plans a use for 00:42."""
    return minutes // QUARTER * QUARTER


def into_daytime(minutes: int) -> int:
    """The same moment, or 08:00 of the day when it lies before 07:00 or after 19:00 local."""
    if 7 <= local_hour(minutes) <= 19:
        return minutes // HOUR * HOUR
    return local_midnight(minutes) + 8 * HOUR
