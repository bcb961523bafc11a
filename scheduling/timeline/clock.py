"""Moments in the words of one clock, for pages that word hundreds of them."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from medshare_portal.local_times import day_words, in_chinese


class Clock:
    """Says what ``local_times.describe_period`` says, but names each day once.

    For one page: the language is that of its making.
    """

    def __init__(self, zone: ZoneInfo):
        self.zone = zone
        self.gap = " " if in_chinese() else ", "
        self._days: dict[date, str] = {}

    def day(self, day: date) -> str:
        if day not in self._days:
            self._days[day] = day_words(day)
        return self._days[day]

    def moment(self, local: datetime) -> str:
        return f"{self.day(local.date())}{self.gap}{local.hour:02}:{local.minute:02}"

    def period(self, starts_at: datetime, ends_at: datetime) -> str:
        start, end = starts_at.astimezone(self.zone), ends_at.astimezone(self.zone)
        if start.date() == end.date():
            return f"{self.moment(start)} – {end.hour:02}:{end.minute:02}"
        return f"{self.moment(start)} – {self.moment(end)}"
