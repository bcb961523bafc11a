"""Keep the sums of the numbers of days (``RollupSum``) equal to the rows that they sum.

An institution's are written in the transaction that writes its days, of every month of which a
day was counted; the city's by the city's own count, for which a changed day leaves a mark.  Like
everything counted they are made anew and compared: nothing is added to what was there.
"""

from collections.abc import Collection, Iterable
from datetime import date, datetime

from django.db.models import QuerySet
from django.db.models.functions import TruncMonth

from reports.actions import marks
from reports.actions.stored import Stored
from reports.actions.waits import CITY
from reports.models import DailyRollup, RollupSum
from reports.periods import A_DAY, next_month
from reports.queries.day_numbers import Numbers
from reports.queries.summed import Summed
from reports.rollups.columns import COLUMNS, KEYS, SUM_KEYS
from reports.rollups.levels import Level

REASON = "sums of days are made by the system; sums per institution come out"
SUMS = Stored(RollupSum, SUM_KEYS)
SumKey = tuple  # the values of SUM_KEYS
Sums = dict[SumKey, list[int]]


def of_institution(institution: int, counted: Numbers, first: date, last: date) -> Sums:
    """What the sums of these days come to, and of the months they lie in: those months' other
    days are read."""
    days, months = _by_day(counted), _by_month(counted)
    rows = _rows().filter(institution_key=institution, day__range=_months(first, last))
    _add_read(months, rows.exclude(day__range=(first, last)), Level.CLASS_MONTH)
    houses = _of_all_categories(months)
    return days | months | houses


def replace(institution: int, counted: Numbers, first: date, last: date) -> None:
    stored = SUMS.read(_of(institution, first, last))
    SUMS.write(of_institution(institution, counted, first, last), stored)


def of_city(first: date, last: date) -> Sums:
    """Of all institutions: of these days, and of the months they lie in."""
    found: Sums = {}
    _add_read(found, _rows().filter(day__range=(first, last)), Level.CITY_DAY)
    months = _summed(
        ((Level.CITY_MONTH, key[1].replace(day=1), *key[2:]), row) for key, row in found.items()
    )
    _add_read(months, _other_days(first, last), Level.CITY_MONTH)
    return found | months


def _other_days(first: date, last: date) -> QuerySet:
    """The city's days, summed before, that lie in the same months."""
    rows = RollupSum.objects.everywhere(reason=REASON).filter(
        institution_key=CITY, level=Level.CITY_DAY, day__range=_months(first, last)
    )
    return rows.exclude(day__range=(first, last))


def replace_city(first: date, last: date) -> int:
    return len(SUMS.write(of_city(first, last), SUMS.read(_of(CITY, first, last))))


def _rows() -> QuerySet:
    return DailyRollup.objects.everywhere(reason=REASON)


def stored(institution: int, first: date, last: date) -> Sums:
    found = SUMS.read(_of(institution, first, last))
    return {key: list(numbers) for key, (_pk, numbers) in found.items()}


def tell_city(days: Collection[date], *, now: datetime) -> None:
    """Of these days of an institution something is not what it was."""
    if days:
        marks.leave(CITY, first=min(days), last=max(days), cause="summed", now=now)


def _months(first: date, last: date) -> tuple[date, date]:
    return first.replace(day=1), next_month(last) - A_DAY


def _of(institution: int, first: date, last: date) -> QuerySet:
    """Sums of days of the span, and of the months they lie in."""
    rows = RollupSum.objects.everywhere(reason=REASON).filter(institution_key=institution)
    days = rows.filter(level__in=[Level.HOUSE_DAY, Level.CITY_DAY], day__range=(first, last))
    return days | rows.filter(
        level__in=[Level.HOUSE_MONTH, Level.CLASS_MONTH, Level.CITY_MONTH],
        day__range=_months(first, last),
    )


def _by_day(counted: Numbers) -> Sums:
    return _summed(
        ((Level.HOUSE_DAY, k.day, k.institution_key, k.side, k.kind, "", k.currency), row)
        for k, row in counted.items()
    )


def _by_month(counted: Numbers) -> Sums:
    return _summed(
        (
            (Level.CLASS_MONTH, k.day.replace(day=1), k.institution_key, k.side, k.kind,
             k.category_code, k.currency),
            row,
        )
        for k, row in counted.items()
    )  # fmt: skip


def _of_all_categories(months: Sums) -> Sums:
    return _summed(((Level.HOUSE_MONTH, *key[1:5], "", key[6]), row) for key, row in months.items())


def _summed(rows: Iterable[tuple[SumKey, list[int]]]) -> Sums:
    found: Sums = {}
    for key, row in rows:
        found[key] = _plus(found.get(key), row)
    return found


def _plus(known: list[int] | None, row: Iterable[int]) -> list[int]:
    return list(row) if known is None else [a + b for a, b in zip(known, row, strict=True)]


def _add_read(found: Sums, rows: QuerySet, level: Level) -> None:
    """By the database: rows of days by what ``level`` keeps."""
    of_city = level in Level.OF_CITY
    month = {} if level == Level.CITY_DAY else {"month": TruncMonth("day")}
    day = "month" if month else "day"
    keys = [name for name in KEYS if name not in ("day", "institution_key")]
    house = [] if of_city else ["institution_key"]
    read = rows.order_by().annotate(**month).values_list(day, *house, *keys)
    for values in read.annotate(sums=Summed(COLUMNS)):
        cut = len(house) + len(keys) + 1
        head, numbers = values[:cut], values[cut:]
        key = (level, head[0], *(() if house else (CITY,)), *head[1:])
        found[key] = _plus(found.get(key), numbers)
