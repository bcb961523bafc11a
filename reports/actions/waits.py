"""Keep the waits of the city: a histogram of each day, counted from the answers that were given on
it – of what has ended since, and of what runs – and from the handovers of what ended on it.

Facts of a day that is over and settled come and go no more, but for those that are written
afterwards: these leave a mark, as everywhere (``CITY`` stands for the institution).
"""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import chain
from zoneinfo import ZoneInfo

from reports.models import Step, UsageFact, WaitsOfDay
from reports.queries.open_answers import open_answers
from reports.rollups.digest import bucket
from scheduling.models import SharingRequest

REASON = "the waits of the city are counted by the system; no institution is in them"
CITY = 0  # in DayMark and CountedDays: no institution has this key
DAY, WIDE = timedelta(days=1), timedelta(days=2)  # wide: beyond any zone's day
AT_ONCE = 1000
Key = tuple[date, str, str, str, int]  # day, kind, urgency, step, bucket
KEYS = ("day", "kind", "priority", "step", "bucket")
Wait = tuple[str, str, str, datetime, Step, int]  # kind, urgency, zone, moment, step, seconds


def handover_steps(answer: int | None, start: int | None) -> Iterator[tuple[Step, int]]:
    """The waits of one request that has ended, in seconds; its answer counts by itself."""
    if start is not None:
        yield Step.WHOLE, start
        if answer is not None:
            yield Step.START, max(start - answer, 0)


def count(first: date, last: date) -> Counter[Key]:
    """What these days come to; they must be over everywhere."""
    since = datetime.combine(first, time(), UTC) - WIDE
    until = datetime.combine(last, time(), UTC) + WIDE
    found: Counter[Key] = Counter()
    for kind, priority, zone, moment, step, seconds in _all(since, until):
        day = moment.astimezone(ZoneInfo(zone)).date()
        if first <= day <= last:
            found[day, kind, priority, step.value, bucket(seconds)] += 1
    return found


def _all(since: datetime, until: datetime) -> Iterator[Wait]:
    yield from _answers(since, until)
    yield from _handovers(since, until)


def _facts():
    return UsageFact.objects.everywhere(reason=REASON).filter(version=1)  # none corrects a wait


def _answers(since: datetime, until: datetime) -> Iterator[Wait]:
    rows = _facts().filter(decided_at__gte=since, decided_at__lt=until)
    values = rows.values_list("kind", "priority", "time_zone", "decided_at", "answer_seconds")
    running = open_answers(SharingRequest.objects.everywhere(reason=REASON), since, until)
    for kind, priority, zone, decided, seconds in chain(values.iterator(AT_ONCE), running):
        yield kind, priority, zone, decided, Step.ANSWER, seconds


def _handovers(since: datetime, until: datetime) -> Iterator[Wait]:
    rows = _facts().filter(ended_at__gte=since, ended_at__lt=until, start_seconds__isnull=False)
    values = rows.values_list(
        "kind", "priority", "time_zone", "ended_at", "answer_seconds", "start_seconds"
    )
    for *said, answer, start in values.iterator(AT_ONCE):
        for step, seconds in handover_steps(answer, start):
            yield *said, step, seconds


def stored(first: date, last: date) -> dict[Key, WaitsOfDay]:
    rows = WaitsOfDay.objects.everywhere(reason=REASON).filter(day__range=(first, last))
    return {(row.day, row.kind, row.priority, row.step, row.bucket): row for row in rows}


def replace(first: date, last: date) -> int:
    """Make the rows of these days what they come to; returns how many were changed."""
    counted, kept = count(first, last), stored(first, last)
    gone = [row.pk for key, row in kept.items() if counted[key] != row.number]
    fresh = [
        WaitsOfDay(number=number, **dict(zip(KEYS, key, strict=True)))
        for key, number in sorted(counted.items())
        if key not in kept or kept[key].number != number
    ]
    if gone:
        WaitsOfDay.objects.everywhere(reason=REASON).filter(pk__in=gone).delete()
    WaitsOfDay.objects.bulk_create(fresh, batch_size=AT_ONCE)
    return len(gone) + len(fresh)
