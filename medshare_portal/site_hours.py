"""The working hours of a site: its own week or the policy pack's, and the days that are otherwise.

A day of the institution stands above one of the city, that above the pack's.
"""

from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from django.db.models import BigIntegerField, DateField

from medshare_portal import policy
from medshare_portal.db.prepared import Bind, Prepared
from medshare_portal.models import SpecialDay, WorkingTime
from medshare_portal.working_hours import Hours, WorkingHours, minutes_of

BACK = timedelta(days=40)  # how long before a moment hours are asked for
TIMES = Prepared(
    lambda: (
        WorkingTime.objects.of(Bind("site", BigIntegerField()))
        .order_by("weekday", "starts")
        .values_list("weekday", "starts", "ends")
    )
)
DAYS = Prepared(
    lambda: (
        SpecialDay.objects.holding_at(Bind("institution", BigIntegerField()))
        .filter(day__gte=Bind("since", DateField()))
        .values_list("day", "sort", "as_weekday")
    )
)


class Calendars:
    """The hours of several sites around one moment, each read once: two statements a site."""

    def __init__(self, now: datetime):
        self.since = (now - BACK).date()
        self._known: dict[int, WorkingHours] = {}

    def of(self, site) -> WorkingHours:
        if site.pk not in self._known:
            self._known[site.pk] = self._read(site)
        return self._known[site.pk]

    def _read(self, site) -> WorkingHours:
        week = _own_week(TIMES.rows(site=site.pk)) or _usual_week()
        days = {
            day: _hours(row["sort"], SpecialDay._meta.get_field("as_weekday").default, day, week)
            for day, row in policy.current_days().items()
        }
        found = DAYS.rows(institution=site.institution_id, since=self.since)
        days |= {day: _hours(sort, like, day, week) for day, sort, like in found}
        return WorkingHours(ZoneInfo(site.time_zone), week, days)


def hours_of(site, now: datetime) -> WorkingHours:
    """The working hours of one site around a moment."""
    return Calendars(now).of(site)


def _own_week(rows: list[tuple]) -> list[Hours] | None:
    week: list[Hours] = [()] * 7
    for weekday, starts, ends in rows:
        week[weekday] += (minutes_of(starts, ends),)
    return week if rows else None


@cache
def _week_of(pack: tuple[tuple[str, ...], ...]) -> list[Hours]:
    return [tuple(_span(text) for text in day) for day in pack]


def _usual_week() -> list[Hours]:
    return _week_of(tuple(tuple(day) for day in policy.current().working_hours.week))


def _span(text: str) -> tuple[int, int]:
    starts, ends = (time.fromisoformat(part) for part in text.split("-"))
    return minutes_of(starts, ends)


def _hours(sort: str, as_weekday: int, day: date, week: list[Hours]) -> Hours:
    if sort == SpecialDay.Sort.HOLIDAY:
        return ()
    return week[as_weekday if sort == SpecialDay.Sort.WORKING else day.weekday()]
