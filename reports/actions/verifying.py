"""Whether the numbers of days are what counting them again comes to."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from reports.actions import waits
from reports.actions.counting import chunks, numbers_of, stored_rows
from reports.models import CountedDays, UsageFact
from reports.queries.day_numbers import count
from reports.rollups.columns import COLUMNS, Key
from scheduling.models import SharingRequest
from scheduling.states import State

REASON = "the numbers of days are verified by the system, of every institution"
EMPTY = [0] * len(COLUMNS)


@dataclass(frozen=True)
class Difference:
    """A column of a row that is stored as one number and counted as another."""

    key: Key
    column: str
    stored: int
    counted: int

    def __str__(self) -> str:
        key = self.key
        where = f"{key.day} institution {key.institution_key} {key.side} {key.kind}"
        what = f"{key.category_code} {key.currency} {self.column}"
        return f"{where} {what}: stored {self.stored}, counted {self.counted}"


def differences(first: date | None = None, last: date | None = None) -> Iterator[Difference]:
    """Of the days that are counted, or of a part of them.  Nothing is changed.

    Days that are marked may differ until the job has run.
    """
    rows = CountedDays.objects.everywhere(reason=REASON).order_by("institution_key")
    for row in rows:
        since = max(first or row.first_day, row.first_day)
        until = min(last or row.last_day, row.last_day)
        for span in chunks(since, until):
            yield from _of(row.institution_key, *span)


@transaction.atomic
def _of(institution: int, first: date, last: date) -> list[Difference]:
    if institution == waits.CITY:
        return _of_city(first, last)
    stored = {key: numbers_of(row) for key, row in stored_rows(institution, first, last).items()}
    counted = count(institution, first, last)
    return [
        Difference(key, name, was, now)
        for key in sorted({*stored, *counted})
        for name, was, now in zip(
            COLUMNS, stored.get(key, EMPTY), counted.get(key, EMPTY), strict=True
        )
        if was != now
    ]


def _of_city(first: date, last: date) -> list[Difference]:
    stored = {key: row.number for key, row in waits.stored(first, last).items()}
    counted = waits.count(first, last)
    return [
        Difference(
            Key(day, waits.CITY, step, kind, "", ""),
            f"waits of length {place}",
            stored.get((day, kind, step, place), 0),
            counted[day, kind, step, place],
        )
        for day, kind, step, place in sorted({*stored, *counted})
        if stored.get((day, kind, step, place), 0) != counted[day, kind, step, place]
    ]


def without_fact() -> int:
    """How many requests have ended without leaving a fact of use."""
    ended = SharingRequest.objects.everywhere(reason=REASON).filter(
        state__in=State.ENDED, submitted_at__isnull=False
    )
    facts = UsageFact.objects.everywhere(reason=REASON).filter(version=1)
    return ended.count() - facts.count()
