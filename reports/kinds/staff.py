"""People: the shifts that an institution needs by day, profession and specialty."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import ceil, floor
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medshare_portal.local_times import describe_date
from reports.kinds import AheadKind, register
from reports.models import Forecast
from reports.queries.ahead import stored, warn, warn_not
from reports.queries.shifts_ahead import DAYS_AHEAD, foreseen, rostered
from reports.warned import Warned

PAGE = "reports:shifts-ahead"
SHORT, A_SHIFT, SPARE = 55, 10, 15  # how severe: one shift short, each further one; some to lend


@dataclass(frozen=True, kw_only=True)
class DayAhead:
    """``rostered`` is None where no shift of the profession is entered for the day."""

    day: date
    expected: float
    low: float
    high: float
    rostered: int | None

    @property
    def missing(self) -> int:
        """Fewer than nine days in ten need."""
        return 0 if self.rostered is None else max(floor(self.low + 1e-6) - self.rostered, 0)

    @property
    def spare(self) -> int:
        """More than nine days in ten need."""
        return 0 if self.rostered is None else max(self.rostered - ceil(self.high - 1e-6), 0)


def days_of(row: Forecast, roster: dict[date, int], today: date) -> list[DayAhead]:
    """The days after today that were worked out; none without a band."""
    days = []
    for number in range(1, DAYS_AHEAD + 1):
        day = today + timedelta(days=number)
        place = (day - row.first_day).days
        if 0 <= place < len(row.high):
            values = {name: getattr(row, name)[place] for name in ("expected", "low", "high")}
            days.append(DayAhead(day=day, rostered=roster.get(day), **values))
    return days


def foresee(institution, now: datetime, zone: ZoneInfo) -> Iterator[Forecast]:
    today = now.astimezone(zone).date()
    roster = rostered(institution, today=today, zone=zone)
    told: set[tuple[int, str]] = set()
    for found in foreseen(institution, today=today, zone=zone):
        row = stored(
            found.made,
            institution=institution,
            category=found.category,
            first_day=today,
            known_days=found.known_days,
            now=now,
            until=now,
            subject=found.specialty,
            name_en=found.names[0],
            name_zh=found.names[1],
        )
        _warn(row, days_of(row, roster.get(series_of(row), {}), today))
        if (row.category_id, row.warned) in told:
            warn_not(row)  # one of its specialties says so more precisely
        told.add((row.category_id, row.warned))
        yield row


def series_of(row: Forecast) -> tuple[int, str]:
    return row.category_id, row.subject


def _warn(row: Forecast, days: list[DayAhead]) -> None:
    short = max(days, key=lambda day: day.missing, default=None)
    if short is not None and short.missing:
        figures = {"rostered": short.rostered, "needed": floor(short.low + 1e-6)}
        severity = min(SHORT + A_SHIFT * (short.missing - 1), 95)
        warn(row, Warned.SHORTAGE, severity, day=short.day.isoformat(), **figures)
        return
    over = max(days, key=lambda day: day.spare, default=None)
    if over is not None and over.spare:
        warn(row, Warned.SURPLUS, SPARE, day=over.day.isoformat(), shifts=over.spare)


def words(row: Forecast) -> str:
    figures = row.figures
    day = describe_date(date.fromisoformat(figures["day"]))
    if row.warned == Warned.SURPLUS:
        return _("%(name)s: shifts on the roster of %(day)s beyond what you will need: %(n)s") % {
            "name": row.name,
            "n": figures["shifts"],
            "day": day,
        }
    return _("%(name)s: shifts on the roster of %(day)s: %(n)s, needed at least %(needed)s") % {
        "name": row.name,
        "n": figures["rostered"],
        "needed": figures["needed"],
        "day": day,
    }


def address(row: Forecast, slug: str, may_offer: bool) -> str:
    return f"{reverse(PAGE, args=[slug])}?{urlencode(query_of(row))}"


def query_of(row: Forecast) -> dict:
    """How an address names the series."""
    specialty = {"specialty": row.subject} if row.subject else {}
    return {"category": row.category_id} | specialty


register(
    AheadKind(
        code="staff",
        label=gettext_lazy("People"),
        page=PAGE,
        foresee=foresee,
        words=words,
        address=address,
    )
)
