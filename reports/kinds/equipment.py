"""Devices: the hours of the wall clock in which their owner needs them itself."""

from collections.abc import Iterator
from datetime import date, datetime
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import numpy as np
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports.forecast.idle import HOURS_A_DAY, Idle
from reports.kinds import AheadKind, register
from reports.models import Forecast
from reports.queries.ahead import stored, warn
from reports.queries.offered_week import offered_units, offered_weeks
from reports.queries.own_use import DayAhead, DeviceClass, days_of, foreseen
from reports.warned import Warned
from resources.enums import Weekday

PAGE = "reports:own-use"
LEAST, MOST = 5, 25  # how severe unused hours are: less than any shortage


def foresee(institution, now: datetime, zone: ZoneInfo) -> Iterator[Forecast]:
    today = now.astimezone(zone).date()
    weeks = offered_weeks(institution)
    for of, known_days, made in foreseen(institution, now=now, zone=zone):
        row = stored(
            made,
            institution=institution,
            category=of.category,
            first_day=today,
            known_days=known_days,
            now=now,
            until=now,
        )
        _warn(row, of, offered_units(weeks, of.units_of), today)
        yield row


def _warn(row: Forecast, of: DeviceClass, offered: np.ndarray, today: date) -> None:
    """The longest time of the week that could be offered besides what is on offer."""
    best = longest(days_of(row, of, offered, today))
    if best is None:
        return
    day, idle = best
    warn(
        row,
        Warned.SURPLUS,
        LEAST + min(idle.hours // 2, MOST - LEAST),
        hours=idle.last - idle.first,
        weekday=day.day.weekday(),
        first=idle.first,
        last=idle.last,
    )


def longest(days: list[DayAhead]) -> tuple[DayAhead, Idle] | None:
    """By unit hours; of several the first."""
    found = [(day, idle) for day in days for idle in day.fresh]
    return max(found, key=lambda pair: pair[1].hours, default=None)


def clock(first: int, last: int) -> str:
    """'18:00–24:00'."""
    return f"{first:02d}:00–{last:02d}:00"


def words(row: Forecast) -> str:
    figures = row.figures
    whole_day = figures["last"] - figures["first"] == HOURS_A_DAY
    values = {
        "name": row.name,
        "hours": figures["hours"],
        "weekday": Weekday(figures["weekday"]).label,
        "time": clock(figures["first"], figures["last"]),
    }
    if whole_day:
        return _("%(name)s: free all day on %(weekday)s, you could offer it") % values
    return _("%(name)s: %(hours)s h free on %(weekday)s, %(time)s, you could offer it") % values


def address(row: Forecast, slug: str, may_offer: bool) -> str:
    return f"{reverse(PAGE, args=[slug])}?{urlencode({'category': row.category_id})}"


register(
    AheadKind(
        code="equipment",
        label=gettext_lazy("Devices"),
        page=PAGE,
        foresee=foresee,
        words=words,
        address=address,
    )
)
