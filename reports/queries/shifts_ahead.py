"""How many shifts an institution needs by day, profession and specialty, and how many are on the
roster.  A shift counts for its profession, and for the first specialty of who works it."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from reports.forecast import Forecast, Series, Step, forecast
from reports.queries.days_off import days_off
from resources.enums_staff import Employer
from resources.intervals import instant_of
from resources.kinds.staff.badges import public_names
from resources.models import Category, CommittedShift, StaffMember
from scheduling.models import SharingRequest
from scheduling.states import State

KIND = "staff"
# Three years, so that the time of the year is known; the methods without dates look at its end.
DAYS_BACK, DAYS_AHEAD = 3 * 365, 14
DAYS_KEPT = DAYS_AHEAD + 3


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A series: ``specialty`` is its code, nothing for all of the profession."""

    category: Category
    specialty: str
    names: tuple[str, str]
    known_days: int
    made: Forecast


@dataclass(kw_only=True)
class Counted:
    """``days``: (profession, code of the specialty or "") → day → shifts; ``codes``: the
    specialties by their code."""

    days: dict[tuple[int, str], dict[date, int]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(int))
    )
    codes: dict = field(default_factory=dict)


def foreseen(institution, *, today: date, zone: ZoneInfo) -> Iterator[Wanted]:
    """What the days from today on will need; of each profession its specialties first.  One that
    all of its shifts have is no series of its own."""
    worked = shifts_by_day(institution, today - timedelta(days=DAYS_BACK), today, zone)
    holidays = days_off(institution)
    professions = Category.objects.in_bulk({category for category, _specialty in worked.days})
    for key in sorted(worked.days, key=lambda key: (professions[key[0]].path, not key[1], key[1])):
        category, specialty = professions[key[0]], key[1]
        days = worked.days[key]
        if specialty and days == worked.days[category.pk, ""]:
            continue
        first = min(days)
        values = np.zeros((today - first).days)
        for day, number in days.items():
            values[(day - first).days] = number
        yield Wanted(
            category=category,
            specialty=specialty,
            names=public_names(category, [worked.codes[specialty]] if specialty else []),
            known_days=len(values),
            made=forecast(Series(values, Step.DAY, first, holidays), DAYS_KEPT),
        )


def rostered(institution, *, today: date, zone: ZoneInfo) -> dict[tuple[int, str], dict]:
    """(profession, specialty) → day → shifts, of the days after today."""
    first = today + timedelta(days=1)
    return shifts_by_day(institution, first, first + timedelta(days=DAYS_AHEAD), zone).days


def shifts_by_day(institution, first: date, last: date, zone: ZoneInfo) -> Counted:
    """Shifts that begin on these days (half-open): worked for the institution by its own people,
    or by people of others that it booked.  Three statements."""
    since, until = (instant_of(datetime.combine(day, time()), zone) for day in (first, last))
    own = CommittedShift.objects.owned_by(institution).filter(employer=Employer.HOME)
    hosted = SharingRequest.objects.borrowed_by(institution).filter(
        kind=KIND, state__in=State.BOOKED
    )
    shifts = [
        row
        for rows in (own, hosted)
        for row in rows.filter(starts_at__gte=since, starts_at__lt=until).values_list(
            "resource", "resource__category", "starts_at"
        )
    ]
    first_of = _first_specialties({person for person, _category, _at in shifts})
    found = Counted(codes={code.code: code for code in first_of.values()})
    for person, category, starts_at in shifts:
        day = starts_at.astimezone(zone).date()
        found.days[category, ""][day] += 1
        if person in first_of:
            found.days[category, first_of[person].code][day] += 1
    return found


def _first_specialties(people: set[int]) -> dict:
    """Person → the code by which others know it."""
    rows = StaffMember.specialties.through.objects.filter(staffmember__in=people)
    links = rows.select_related("code").order_by("-code__code", "-pk")
    return {link.staffmember_id: link.code for link in links}
