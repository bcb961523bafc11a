"""What the home page shows: tasks by urgency, the coming days, what is out, what comes in."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import DateField, DateTimeField, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from medshare_portal.db.prepared import Bind
from medshare_portal.local_times import ZH_WEEKDAYS, in_chinese
from medshare_portal.models import Site
from reports.queries.moving import HERE, Section, moves
from resources.enums import ResourceStatus
from resources.models import Equipment, Offer
from resources.queries.offers import confirmed_lately, unconfirmed
from scheduling.states import State
from scheduling.timeline.axis import local_date, local_midnight
from scheduling.verdicts import verdict, verdict_of_dates

SOON = timedelta(hours=2)
DAYS = 7
MAINTENANCE_DAYS = 30


def zone_of(institution) -> ZoneInfo:
    """The clock of the institution's main site."""
    site = Site.objects.owned_by(institution).order_by("-is_main", "pk").first()
    return ZoneInfo(site.time_zone if site else "UTC")


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """A task as a row: its badge and its heading; ``dates``: of how many of a series it is the
    first."""

    task: object
    dates: int
    status: str
    words: str
    title: str


def grouped(rows, *, now: datetime, zone: ZoneInfo) -> list[tuple[str, list[Waiting]]]:
    """Within two hours, later today, later; empty groups are left out.  ``rows``: the tasks of
    each row, several where they are dates of one series."""
    midnight = local_midnight(local_date(now, zone) + timedelta(days=1), zone)
    groups = {_("Within 2 hours"): [], _("Later today"): [], _("Later"): []}
    soon, today, later = groups.values()
    for tasks in rows:
        task = tasks[0]
        place = soon if task.due_at - now < SOON else today if task.due_at < midnight else later
        status, words = verdict(task) if len(tasks) == 1 else verdict_of_dates(tasks)
        place.append(
            Waiting(task=task, dates=len(tasks), status=status, words=words, title=_title(task))
        )
    return [(label, rows) for label, rows in groups.items() if rows]


TITLES = {
    "decide": _("%(resource)s for %(borrower)s"),
    "answer_counter": _("%(owner)s's counter-offer, %(resource)s"),
    "answer_extension": _("More time for %(borrower)s, %(resource)s"),
    "post_check": _("%(resource)s is back from %(borrower)s"),
}


def _title(task) -> str:
    request = task.request
    return str(TITLES[task.step]) % {
        "resource": request.resource.name,
        "borrower": request.borrower.name,
        "owner": request.owner.name,
    }


@dataclass(kw_only=True)
class Day:
    """A day of the strip."""

    day: date
    name: str
    out: int = 0
    into: int = 0
    clash: bool = False


def next_days(institution, *, now: datetime, zone: ZoneInfo) -> list[Day]:
    """Seven days: devices that leave us and devices that reach us.  One query."""
    first = local_date(now, zone)
    days = {first + timedelta(days=n): None for n in range(DAYS)}
    strip = {day: Day(day=day, name=_weekday(day)) for day in days}
    until = local_midnight(first + timedelta(days=DAYS), zone)
    rows = moves(institution, until)
    late = set()
    for row in rows:
        ours = row.owner_id == institution.pk
        if row.state == State.UNDERWAY and row.ends_at < now:
            late.add(row.resource_id)
        if row.state == State.APPROVED:
            _count(strip, max(row.starts_at, now), zone, "out" if ours else "into")
        _count(strip, max(row.ends_at, now), zone, "into" if ours else "out")
    for row in rows:
        if row.state == State.APPROVED and row.resource_id in late:
            day = strip.get(local_date(max(row.starts_at, now), zone))
            if day:
                day.clash = True
    return list(strip.values())


def _count(strip, moment, zone, name) -> None:
    day = strip.get(local_date(moment, zone))
    if day is not None:
        setattr(day, name, getattr(day, name) + 1)


def _weekday(day: date) -> str:
    return ZH_WEEKDAYS[day.weekday()] if in_chinese() else f"{day:%a}"


def maintenance_due(institution, *, today: date) -> tuple[list[Equipment], int]:
    """Devices whose maintenance, calibration or safety test falls due soon or is late: the first
    ones, and how many."""
    until = today + timedelta(days=MAINTENANCE_DAYS)
    return _MAINTENANCE.read(here=institution.pk, day=until)


def _maintenance() -> QuerySet:
    day = Bind("day", DateField())
    return (
        Equipment.objects.owned_by(HERE)
        .filter(
            Q(next_pm_due__lte=day) | Q(calibration_due__lte=day) | Q(safety_test_due__lte=day),
            resource__status__in=[ResourceStatus.LISTED, ResourceStatus.PAUSED],
        )
        .select_related("resource")
        .order_by("next_pm_due", "resource__code")
    )


_MAINTENANCE = Section(_maintenance)
_UNCONFIRMED = Section(lambda: unconfirmed(HERE, Bind("oldest", DateTimeField())))


def offers_to_confirm(institution, *, now: datetime) -> tuple[list[Offer], int]:
    """The first of our offers that nobody confirmed lately, and how many."""
    return _UNCONFIRMED.read(here=institution.pk, oldest=confirmed_lately(now))
