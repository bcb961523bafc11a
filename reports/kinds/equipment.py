"""Devices: the hours of the wall clock in which their owner needs them itself."""

from collections.abc import Iterator
from datetime import date, datetime
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medshare_portal.local_times import describe_date
from reports.forecast.idle import HOURS_A_DAY, Idle
from reports.kinds import AheadKind, register
from reports.models import Forecast
from reports.queries.ahead import stored, warn
from reports.queries.offered_week import offered_units, offered_weeks
from reports.queries.own_use import Capacity, DayAhead, days_of, foreseen
from reports.warned import Warned
from resources.enums import Weekday
from resources.forms.windows import in_address

PAGE = "reports:own-use"
LEAST, MOST = 5, 25  # how severe unused hours are: less than any shortage
SHORT, A_UNIT, SHORT_MOST = 50, 10, 90  # how severe: one unit short, each further one


def foresee(institution, now: datetime, zone: ZoneInfo) -> Iterator[Forecast]:
    today = now.astimezone(zone).date()
    weeks, there = offered_weeks(institution), Capacity(institution, today, zone)
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
        _warn(row, days_of(row, of, offered_units(weeks, of.units_of), there.of(of), today))
        yield row


def _warn(row: Forecast, days: list[DayAhead]) -> None:
    """When most units will lack; else the longest time of the week that could be offered besides
    what is on offer."""
    worst = max(
        ((day, short) for day in days for short in day.short),
        key=lambda pair: pair[1].units,
        default=None,
    )
    if worst is not None:
        day, short = worst
        severity = min(SHORT + A_UNIT * (short.units - 1), SHORT_MOST)
        times = {"first": short.first, "last": short.last}
        warn(row, Warned.SHORTAGE, severity, day=day.day.isoformat(), units=short.units, **times)
        return
    best = longest(days)
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
    if row.warned == Warned.SHORTAGE:
        return _short(row)
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


def _short(row: Forecast) -> str:
    figures = row.figures
    text = _("%(name)s: %(n)s too few on %(day)s, %(time)s")
    return text % {
        "name": row.name,
        "n": figures["units"],
        "day": describe_date(date.fromisoformat(figures["day"])),
        "time": clock(figures["first"], figures["last"]),
    }


def address(row: Forecast, slug: str, may_offer: bool) -> str:
    """Idle time leads into the form of an offer: the page finds out of which device."""
    query = {"category": row.category_id}
    if may_offer and row.warned == Warned.SURPLUS:
        query["offer"] = in_address(*(row.figures[name] for name in ("weekday", "first", "last")))
    return f"{reverse(PAGE, args=[slug])}?{urlencode(query)}"


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
