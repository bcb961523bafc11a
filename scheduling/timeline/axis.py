"""An axis: a stretch of time on which every moment has a place in percent.

Lengths are elapsed time (UTC), so that a local day of 23 or 25 hours is drawn with its true
length; labels are the local clock of ``zone``.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from django.utils import timezone

from medshare_portal.local_times import ZH_WEEKDAYS, in_chinese, instants_of

DAY = timedelta(days=1)


def local_midnight(day: date, zone: ZoneInfo) -> datetime:
    """The UTC moment at which a local day begins."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def local_date(moment: datetime, zone: ZoneInfo) -> date:
    return moment.astimezone(zone).date()


def percent(value: float) -> str:
    """A number of percent as SVG wants it: '14.29%'."""
    return f"{round(value, 2):g}%"


@dataclass(frozen=True)
class Tick:
    """The beginning of a local day (or hour), and how it is called."""

    x: float
    at: datetime  # local
    name: str
    number: str
    today: bool = False
    asked: bool = False


@dataclass(frozen=True)
class Axis:
    """From ``first`` up to and without ``after``, whole local days of ``zone``."""

    first: date
    after: date
    zone: ZoneInfo

    @cached_property
    def starts_at(self) -> datetime:
        return local_midnight(self.first, self.zone)

    @cached_property
    def ends_at(self) -> datetime:
        return local_midnight(self.after, self.zone)

    @cached_property
    def seconds(self) -> float:
        return (self.ends_at - self.starts_at).total_seconds()

    @property
    def number_of_days(self) -> int:
        return (self.after - self.first).days

    def shows(self, moment: datetime) -> bool:
        return self.starts_at <= moment < self.ends_at

    def x(self, moment: datetime) -> float:
        """Percent from the left, kept between 0 and 100."""
        share = (moment - self.starts_at).total_seconds() / self.seconds
        return min(100.0, max(0.0, 100 * share))

    def span(self, starts_at: datetime, ends_at: datetime) -> tuple[float, float]:
        """Left edge and width in percent of what is seen of an interval."""
        left = self.x(starts_at)
        return left, self.x(ends_at) - left

    def days(self) -> list[date]:
        return [self.first + timedelta(days=n) for n in range(self.number_of_days)]

    def midnights(self) -> list[datetime]:
        return [local_midnight(day, self.zone) for day in self.days()]

    def day_ticks(self, *, now: datetime | None = None, asked=None) -> list[Tick]:
        """One per local day; ``asked`` is the interval whose days stand out."""
        today = local_date(now, self.zone) if now else None
        first, last = _asked_days(asked, self.zone)
        return [
            Tick(
                x=self.x(local_midnight(day, self.zone)),
                at=datetime.combine(day, time(), self.zone),
                name=weekday_name(day),
                number=str(day.day),
                today=day == today,
                asked=first is not None and first <= day <= last,
            )
            for day in self.days()
        ]

    def hour_ticks(self, every: int) -> list[Tick]:
        """Local clock hours; one that a clock change leaves out is not drawn."""
        ticks = []
        for day in self.days():
            for hour in range(0, 24, every):
                at = datetime.combine(day, time(hour), self.zone)
                if instants_of(at.replace(tzinfo=None), self.zone):
                    ticks.append(Tick(self.x(at), at, "", f"{hour:02}"))
        return ticks


def _asked_days(asked, zone):
    if asked is None:
        return None, None
    starts_at, ends_at = asked
    return local_date(starts_at, zone), local_date(ends_at - timedelta(seconds=1), zone)


def weekday_name(day: date) -> str:
    return ZH_WEEKDAYS[day.weekday()] if in_chinese() else f"{day:%a}"


def day_axis(day: date, zone: ZoneInfo) -> Axis:
    return Axis(day, day + DAY, zone)


def week_axis(day: date, zone: ZoneInfo) -> Axis:
    """Monday to Sunday around a day."""
    monday = day - timedelta(days=day.weekday())
    return Axis(monday, monday + 7 * DAY, zone)


def month_axis(day: date, zone: ZoneInfo) -> Axis:
    first = day.replace(day=1)
    return Axis(first, (first + 31 * DAY).replace(day=1), zone)


def axis_around(starts_at: datetime, ends_at: datetime, zone: ZoneInfo) -> Axis:
    """The asked days with one more on either side, for comparing offers."""
    first = local_date(starts_at, zone) - DAY
    after = local_date(ends_at - timedelta(seconds=1), zone) + 2 * DAY
    return Axis(first, after, zone)


def current_zone() -> ZoneInfo:
    return timezone.get_current_timezone()
