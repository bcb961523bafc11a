"""Months by the city's calendar: a leaf of pure functions."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def month_of(moment: datetime, zone: ZoneInfo) -> date:
    """The first day of the month in which a moment lies there."""
    return moment.astimezone(zone).date().replace(day=1)


def following(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1)


def preceding(month: date) -> date:
    return (month - timedelta(days=1)).replace(day=1)


def beginning(day: date, zone: ZoneInfo) -> datetime:
    """Midnight there at the start of a day; of two midnights (a clock set back) the first."""
    return datetime.combine(day, time(), zone)


def months_over(now: datetime, number: int, zone: ZoneInfo) -> list[date]:
    """The last so many months that are over, the oldest first."""
    found, month = [], month_of(now, zone)
    for _turn in range(number):
        month = preceding(month)
        found.append(month)
    return found[::-1]
