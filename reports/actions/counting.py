"""Keep the numbers of days: what is marked, the day that ended, everything anew, and whether they
are right.

One institution at a time, month by month, each month in a transaction of its own under the lock
of the institution's row in ``CountedDays``: who counts at the same time waits, finds no marks and
changes nothing.  A mark is taken away by the transactions that count its days; one that was left
meanwhile stays.  The city comes last: its sums are of what was counted before.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from medshare_portal.models import Institution, Site
from reports.actions import people_days, summing, unmet_days, waits
from reports.actions.breathing import Breath
from reports.actions.stored import Stored
from reports.actions.waits import CITY
from reports.models import CountedDays, DailyRollup, DayMark
from reports.periods import A_DAY, next_month
from reports.queries.day_numbers import Numbers, count
from reports.rollups.columns import KEYS, Key

REASON = "the numbers of days are counted by the system, of every institution"
# After midnight: what was begun before it has been committed or taken back by then.
SETTLED = timedelta(minutes=30)
ROWS = Stored(DailyRollup, KEYS)
Tell = Callable[[int], None]


def nobody(*_numbers: int) -> None:
    """Who wants to hear nothing."""


def last_day_over(now: datetime) -> date:
    """The last day that is over, and settled, at every site of the city."""
    zones = set(
        Site.objects.everywhere(reason=REASON)
        .order_by()
        .values_list("time_zone", flat=True)
        .distinct()
    )
    moment = now - SETTLED
    days = [moment.astimezone(ZoneInfo(zone)).date() for zone in zones] or [moment.date()]
    return min(days) - A_DAY


def institutions() -> list[int]:
    """Whoever takes part or took part once."""
    return list(
        Institution.objects.everywhere(reason=REASON).order_by("pk").values_list("pk", flat=True)
    )


def everybody() -> list[int]:
    """The institutions, then the city as a whole: its waits and sums are days of its own."""
    return [*institutions(), CITY]


def count_days(*, now: datetime, tell: Tell = nobody) -> int:
    """The job: the days that ended since, and those that are marked; returns rows changed."""
    last, changed = last_day_over(now), 0
    for institution in _to_count(last):
        for more in _count_one(institution, last, now):
            changed += more
            tell(changed)
    return changed


def _to_count(last: date) -> Iterator[int]:
    """Those with a mark, or with a day that ended since; the city if anybody left it one."""
    known = dict(_counted().values_list("institution_key", "last_day"))
    marked = set(_marks(last).values_list("institution_key", flat=True))
    for pk in everybody():
        behind = pk not in known or known[pk] < last
        if pk == CITY:  # asked now: the institutions have left it marks meanwhile
            behind |= _marks(last).filter(institution_key=pk).exists()
        if behind or pk in marked:
            yield pk


def _counted():
    return CountedDays.objects.everywhere(reason=REASON)


def _marks(last: date):
    return DayMark.objects.everywhere(reason=REASON).filter(first_day__lte=last)


def _count_one(institution: int, last: date, now: datetime) -> Iterator[int]:
    """Month by month until nothing is due: rows changed."""
    breath = Breath()
    while (changed := _count_month(institution, last, now)) is not None:
        yield changed
        breath.take()


@transaction.atomic
def _count_month(institution: int, last: date, now: datetime) -> int | None:
    """The first month of which a day is due; None where none is.

    A new institution begins with the day that ended last: what was before is rebuilt.
    """
    row = _locked(institution, last=last, now=now)
    marks = list(_marks(last).filter(institution_key=institution))
    due = _joined(_due(row, marks, last))
    if not due:
        _marks(last).filter(pk__in=[mark.pk for mark in marks]).delete()
        return None
    until = min(_month_end(due[0][0]), last)
    spans = [(since, min(to, until)) for since, to in due if since <= until]
    changed = sum(recount(institution, *span, now=now) for span in spans)
    _take_away(marks, until, last)
    row.last_day, row.counted_at = max(row.last_day, until), now
    row.save(update_fields=["last_day", "counted_at"])
    return changed


def _due(row: CountedDays, marks: Iterable[DayMark], last: date) -> list[tuple[date, date]]:
    spans = [(row.last_day + A_DAY, last)] if row.last_day < last else []
    return [
        *spans,
        *((max(mark.first_day, row.first_day), min(mark.last_day, last)) for mark in marks),
    ]


def _take_away(marks: Iterable[DayMark], until: date, last: date) -> None:
    """The days of these marks up to ``until``; what is after ``last`` is counted once over."""
    done = [mark.pk for mark in marks if min(mark.last_day, last) <= until]
    begun = [mark.pk for mark in marks if mark.first_day <= until]
    rows = DayMark.objects.everywhere(reason=REASON)
    rows.filter(pk__in=done).delete()
    rows.filter(pk__in=begun).update(first_day=until + A_DAY)


def _locked(institution: int, *, last: date, now: datetime) -> CountedDays:
    _counted().get_or_create(
        institution_key=institution,
        defaults={"first_day": last, "last_day": last - A_DAY, "counted_at": now},
    )
    return _counted().select_for_update().get(pk=institution)


def _joined(spans: Iterable[tuple[date, date]]) -> list[tuple[date, date]]:
    """In order, without overlaps: each day once."""
    joined: list[tuple[date, date]] = []
    for first, last in sorted(span for span in spans if span[0] <= span[1]):
        if joined and first <= joined[-1][1] + A_DAY:
            joined[-1] = (joined[-1][0], max(joined[-1][1], last))
        else:
            joined.append((first, last))
    return joined


def recount(institution: int, first: date, last: date, *, now: datetime) -> int:
    """Make the rows of these days what they come to; returns how many were changed."""
    if institution == CITY:
        own = (waits, unmet_days, people_days)  # days of the city, of no institution
        return sum(one.replace(first, last) for one in own) + summing.replace_city(first, last)
    counted = count(institution, first, last)
    changed = ROWS.write(counted, ROWS.read(_stored(institution, first, last)))
    summing.replace(institution, counted, first, last)
    summing.tell_city({key[0] for key in changed}, now=now)
    return len(changed)


def _stored(institution: int, first: date, last: date):
    rows = DailyRollup.objects.everywhere(reason=REASON)
    return rows.filter(institution_key=institution, day__range=(first, last))


def stored_rows(institution: int, first: date, last: date) -> Numbers:
    found = ROWS.read(_stored(institution, first, last))
    return {Key(*key): numbers for key, (_pk, numbers) in found.items()}


def months(first: date, last: date) -> Iterator[tuple[date, date]]:
    """So much of an institution as is in memory, and in a transaction, at once."""
    while first <= last:
        until = min(_month_end(first), last)
        yield first, until
        first = until + A_DAY


def _month_end(day: date) -> date:
    return next_month(day) - A_DAY


def rebuild_one(institution: int, *, first: date, last: date, now: datetime) -> int:
    """Count a span of days anew, and those between it and what was counted before: none is left
    out.  What was counted grows month by month from both its ends, so that it never has a gap."""
    with transaction.atomic():
        row = _locked(institution, last=last, now=now)
    first, last = min(first, row.last_day + A_DAY), max(last, row.first_day - A_DAY)
    later = months(max(first, row.first_day), last)
    earlier = list(months(first, min(last, row.first_day - A_DAY)))
    breath, changed = Breath(), 0
    for span in (*later, *reversed(earlier)):
        changed += _rebuild_month(institution, *span, now)
        breath.take()
    return changed


@transaction.atomic
def _rebuild_month(institution: int, first: date, last: date, now: datetime) -> int:
    row = _locked(institution, last=last, now=now)
    rows = DayMark.objects.everywhere(reason=REASON).filter(institution_key=institution)
    rows.filter(first_day__gte=first, last_day__lte=last).delete()
    rows.filter(first_day__range=(first, last)).update(first_day=last + A_DAY)
    rows.filter(last_day__range=(first, last)).update(last_day=first - A_DAY)
    changed = recount(institution, first, last, now=now)
    row.first_day, row.last_day = min(first, row.first_day), max(last, row.last_day)
    row.counted_at = now
    row.save(update_fields=["first_day", "last_day", "counted_at"])
    return changed
