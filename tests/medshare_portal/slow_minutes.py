"""Working hours minute by minute: slow, and too plain to be wrong."""

from datetime import UTC, datetime, timedelta

MINUTE = timedelta(minutes=1)


def is_worked(moment: datetime, zone, week, days) -> bool:
    """What the clock on the wall shows in this minute."""
    wall = moment.astimezone(zone)
    hours = days.get(wall.date(), week[wall.weekday()])
    minute = wall.hour * 60 + wall.minute
    return any(first <= minute < last for first, last in hours)


def add(moment: datetime, minutes: int, zone, week, days) -> datetime:
    moment = moment.astimezone(UTC)
    while minutes:
        minutes -= is_worked(moment, zone, week, days)
        moment += MINUTE
    return moment


def between(earlier: datetime, later: datetime, zone, week, days) -> int:
    moment, worked = earlier.astimezone(UTC), 0
    while moment < later:
        worked += is_worked(moment, zone, week, days)
        moment += MINUTE
    return worked
