"""Keep the waits of the city: a histogram of each day, counted from the facts of what ended on it.

Facts of a day that is over and settled come and go no more, but for those that are written
afterwards: these leave a mark, as everywhere (``CITY`` stands for the institution).
"""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from reports.models import Step, UsageFact, WaitsOfDay
from reports.rollups.digest import bucket

REASON = "the waits of the city are counted by the system; no institution is in them"
CITY = 0  # in DayMark and CountedDays: no institution has this key
DAY, WIDE = timedelta(days=1), timedelta(days=2)  # wide: beyond any zone's day
AT_ONCE = 1000
Key = tuple[date, str, str, int]  # day, kind, step, bucket


def steps(answer: int | None, start: int | None) -> Iterator[tuple[Step, int]]:
    """The waits of one request, in seconds."""
    if answer is not None:
        yield Step.ANSWER, answer
    if start is not None:
        yield Step.WHOLE, start
        if answer is not None:
            yield Step.START, max(start - answer, 0)


def count(first: date, last: date) -> Counter[Key]:
    """What these days come to; they must be over everywhere."""
    rows = UsageFact.objects.everywhere(reason=REASON).filter(
        version=1,  # no correction changes a wait
        ended_at__gte=datetime.combine(first, time(), UTC) - WIDE,
        ended_at__lt=datetime.combine(last, time(), UTC) + WIDE,
    )
    found: Counter[Key] = Counter()
    values = ("kind", "time_zone", "ended_at", "answer_seconds", "start_seconds")
    for kind, zone, ended, answer, start in rows.values_list(*values).iterator(AT_ONCE):
        day = ended.astimezone(ZoneInfo(zone)).date()
        if first <= day <= last:
            for step, seconds in steps(answer, start):
                found[day, kind, step.value, bucket(seconds)] += 1
    return found


def stored(first: date, last: date) -> dict[Key, WaitsOfDay]:
    rows = WaitsOfDay.objects.everywhere(reason=REASON).filter(day__range=(first, last))
    return {(row.day, row.kind, row.step, row.bucket): row for row in rows}


def replace(first: date, last: date) -> int:
    """Make the rows of these days what they come to; returns how many were changed."""
    counted, kept = count(first, last), stored(first, last)
    gone = [row.pk for key, row in kept.items() if counted[key] != row.number]
    fresh = [
        WaitsOfDay(day=key[0], kind=key[1], step=key[2], bucket=key[3], number=number)
        for key, number in sorted(counted.items())
        if key not in kept or kept[key].number != number
    ]
    if gone:
        WaitsOfDay.objects.everywhere(reason=REASON).filter(pk__in=gone).delete()
    WaitsOfDay.objects.bulk_create(fresh, batch_size=AT_ONCE)
    return len(gone) + len(fresh)
