"""Keep the numbers of days: what is marked, the day that ended, everything anew, and whether they
are right.

One institution at a time, each in a transaction of its own under the lock of its row in
``CountedDays``: who counts at the same time waits, finds no marks and changes nothing.  A mark is
taken away by the transaction that counted its days; one that was left meanwhile stays.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from medshare_portal.models import Institution, Site
from reports.actions import waits
from reports.actions.waits import CITY
from reports.models import CountedDays, DailyRollup, DayMark
from reports.queries.day_numbers import count
from reports.rollups.columns import COLUMNS, KEYS, Key

REASON = "the numbers of days are counted by the system, of every institution"
DAY = timedelta(days=1)
# After midnight: what was begun before it has been committed or taken back by then.
SETTLED = timedelta(minutes=30)
CHUNK = timedelta(days=92)  # of one institution at once in memory
AT_ONCE = 500


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
    return min(days) - DAY


def institutions() -> list[int]:
    """Whoever takes part or took part once."""
    return list(
        Institution.objects.everywhere(reason=REASON).order_by("pk").values_list("pk", flat=True)
    )


def everybody() -> list[int]:
    """The institutions, and the city as a whole, whose waits are counted as days of its own."""
    return [CITY, *institutions()]


def count_days(*, now: datetime) -> int:
    """The job: the days that ended since, and those that are marked; returns rows changed."""
    last = last_day_over(now)
    return sum(_count_one(pk, last, now) for pk in _to_count(last))


def _to_count(last: date) -> list[int]:
    """Those with a mark, or with a day that ended since."""
    known = dict(_counted().values_list("institution_key", "last_day"))
    behind = {pk for pk in everybody() if pk not in known or known[pk] < last}
    marked = DayMark.objects.everywhere(reason=REASON).filter(first_day__lte=last)
    return sorted(behind | set(marked.values_list("institution_key", flat=True)))


def _counted():
    return CountedDays.objects.everywhere(reason=REASON)


@transaction.atomic
def _count_one(institution: int, last: date, now: datetime) -> int:
    """A new institution begins with the day that ended last: what was before is rebuilt."""
    row = _locked(institution, last=last, now=now)
    marks = list(
        DayMark.objects.everywhere(reason=REASON).filter(
            institution_key=institution, first_day__lte=last
        )
    )
    spans = [(row.last_day + DAY, last)] if row.last_day < last else []
    spans += [(max(mark.first_day, row.first_day), min(mark.last_day, last)) for mark in marks]
    changed = sum(recount(institution, *span) for span in _joined(spans))
    DayMark.objects.everywhere(reason=REASON).filter(pk__in=[mark.pk for mark in marks]).delete()
    row.last_day, row.counted_at = max(row.last_day, last), now
    row.save(update_fields=["last_day", "counted_at"])
    return changed


def _locked(institution: int, *, last: date, now: datetime) -> CountedDays:
    _counted().get_or_create(
        institution_key=institution,
        defaults={"first_day": last, "last_day": last - DAY, "counted_at": now},
    )
    return _counted().select_for_update().get(pk=institution)


def _joined(spans: Iterable[tuple[date, date]]) -> list[tuple[date, date]]:
    """In order, without overlaps: each day once."""
    joined: list[tuple[date, date]] = []
    for first, last in sorted(span for span in spans if span[0] <= span[1]):
        if joined and first <= joined[-1][1] + DAY:
            joined[-1] = (joined[-1][0], max(joined[-1][1], last))
        else:
            joined.append((first, last))
    return joined


def recount(institution: int, first: date, last: date) -> int:
    """Make the rows of these days what they come to; returns how many were changed."""
    spans = chunks(first, last)
    if institution == CITY:
        return sum(waits.replace(*span) for span in spans)
    return sum(_replace(institution, *span) for span in spans)


def chunks(first: date, last: date) -> Iterator[tuple[date, date]]:
    """So much of an institution as is in memory at once."""
    while first <= last:
        yield first, min(first + CHUNK - DAY, last)
        first += CHUNK


def _replace(institution: int, first: date, last: date) -> int:
    counted, stored = count(institution, first, last), stored_rows(institution, first, last)
    gone = [row.pk for key, row in stored.items() if key not in counted]
    fresh, changed = [], []
    for key, numbers in sorted(counted.items()):
        row = stored.get(key)
        if row is None:
            fresh.append(_row(key, numbers))
        elif numbers_of(row) != numbers:
            _set(row, numbers)
            changed.append(row)
    rows = DailyRollup.objects.everywhere(reason=REASON)
    if gone:
        rows.filter(pk__in=gone).delete()
    DailyRollup.objects.bulk_create(fresh, batch_size=AT_ONCE)
    if changed:
        DailyRollup.objects.everywhere(reason=REASON).bulk_update(
            changed, COLUMNS, batch_size=AT_ONCE // 10
        )
    return len(gone) + len(fresh) + len(changed)


def stored_rows(institution: int, first: date, last: date) -> dict[Key, DailyRollup]:
    rows = DailyRollup.objects.everywhere(reason=REASON).filter(
        institution_key=institution, day__range=(first, last)
    )
    return {Key(*(getattr(row, name) for name in KEYS)): row for row in rows}


def numbers_of(row: DailyRollup) -> list[int]:
    return [getattr(row, name) for name in COLUMNS]


def _row(key: Key, numbers: list[int]) -> DailyRollup:
    row = DailyRollup(**{name: getattr(key, name) for name in KEYS})
    _set(row, numbers)
    return row


def _set(row: DailyRollup, numbers: list[int]) -> None:
    for name, number in zip(COLUMNS, numbers, strict=True):
        setattr(row, name, number)


def rebuild(
    *,
    first: date,
    last: date,
    now: datetime,
    tell: Callable[[int, int], None] = lambda done, of: None,
) -> int:
    """Count all days of a span anew, institution by institution; returns the rows changed.

    It may be stopped and begun again; ``tell`` hears how many institutions of how many are done.
    """
    last = min(last, last_day_over(now))
    rows, changed = institutions(), _rebuild_one(CITY, first, last, now)
    for done, institution in enumerate(rows, start=1):
        changed += _rebuild_one(institution, first, last, now)
        tell(done, len(rows))
    return changed


@transaction.atomic
def _rebuild_one(institution: int, first: date, last: date, now: datetime) -> int:
    """Also the days between the span and what was counted before: none is left out."""
    row = _locked(institution, last=last, now=now)
    first, last = min(first, row.last_day + DAY), max(last, row.first_day - DAY)
    done = DayMark.objects.everywhere(reason=REASON).filter(
        institution_key=institution, first_day__gte=first, last_day__lte=last
    )
    done.delete()
    changed = recount(institution, first, last)
    row.first_day, row.last_day = min(first, row.first_day), max(last, row.last_day)
    row.counted_at = now
    row.save(update_fields=["first_day", "last_day", "counted_at"])
    return changed
