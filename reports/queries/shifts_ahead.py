"""How many shifts an institution needs by day and profession, and how many are on the roster."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from reports.forecast import Series, Step, forecast
from reports.queries.days_off import days_off
from resources.enums_staff import Employer
from resources.intervals import instant_of
from resources.models import Category, CommittedShift
from scheduling.models import SharingRequest
from scheduling.states import State

KIND = "staff"
DAYS_BACK, DAYS_AHEAD = 26 * 7, 14
DAYS_KEPT = DAYS_AHEAD + 3


def foreseen(institution, *, today: date, zone: ZoneInfo) -> Iterator[tuple]:
    """(profession, known days, what the days from today on will need)."""
    worked = shifts_by_day(institution, today - timedelta(days=DAYS_BACK), today, zone)
    holidays = days_off(institution)
    for category in Category.objects.filter(pk__in=worked).order_by("path"):
        days = worked[category.pk]
        first = min(days)
        values = np.zeros((today - first).days)
        for day, number in days.items():
            values[(day - first).days] = number
        yield category, len(values), forecast(Series(values, Step.DAY, first, holidays), DAYS_KEPT)


def rostered(institution, *, today: date, zone: ZoneInfo) -> dict[int, dict[date, int]]:
    """{profession: {day: shifts}} of the days after today."""
    first = today + timedelta(days=1)
    return shifts_by_day(institution, first, first + timedelta(days=DAYS_AHEAD), zone)


def shifts_by_day(institution, first: date, last: date, zone: ZoneInfo) -> dict:
    """Shifts that begin on these days (half-open): worked for the institution by its own people,
    or by people of others that it booked."""
    since, until = (instant_of(datetime.combine(day, time()), zone) for day in (first, last))
    own = CommittedShift.objects.owned_by(institution).filter(employer=Employer.HOME)
    hosted = SharingRequest.objects.borrowed_by(institution).filter(
        kind=KIND, state__in=State.BOOKED
    )
    found: dict[int, dict[date, int]] = defaultdict(lambda: defaultdict(int))
    for rows in (own, hosted):
        in_time = rows.filter(starts_at__gte=since, starts_at__lt=until)
        for category, starts_at in in_time.values_list("resource__category", "starts_at"):
            found[category][starts_at.astimezone(zone).date()] += 1
    return found
