"""Whether the numbers of days, and their sums, are what counting them again comes to."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from reports.actions import people_days, summing, unmet_days, waits
from reports.actions.counting import months, stored_rows
from reports.models import CountedDays, UsageFact
from reports.queries.day_numbers import count
from reports.rollups.columns import COLUMNS, SUM_KEYS, Key
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
    level: str = ""

    def __str__(self) -> str:
        key = self.key
        where = f"{key.day} institution {key.institution_key} {key.side} {key.kind}"
        what = f"{key.category_code} {key.currency} {self.level} {self.column}"
        return f"{where} {' '.join(what.split())}: stored {self.stored}, counted {self.counted}"


def differences(first: date | None = None, last: date | None = None) -> Iterator[Difference]:
    """Of the days that are counted, or of a part of them.  Nothing is changed.

    Days that are marked may differ until the job has run.
    """
    rows = CountedDays.objects.everywhere(reason=REASON).order_by("institution_key")
    for row in rows:
        since = max(first or row.first_day, row.first_day)
        until = min(last or row.last_day, row.last_day)
        for span in months(since, until):
            yield from _of(row.institution_key, *span)


@transaction.atomic
def _of(institution: int, first: date, last: date) -> list[Difference]:
    stored = summing.stored(institution, first, last)
    if institution == waits.CITY:
        sums = _of_sums(stored, summing.of_city(first, last))
        return [*_of_city(first, last), *sums]
    counted = count(institution, first, last)
    sums = summing.of_institution(institution, counted, first, last)
    rows = stored_rows(institution, first, last)
    return [
        *(Difference(*found) for found in _between(rows, counted)),
        *_of_sums(stored, sums),
    ]


def _of_sums(stored: dict, counted: dict) -> list[Difference]:
    place = SUM_KEYS.index("level")
    return [
        Difference(Key(*key[place + 1 :]), *found, level=f"(sum: {key[place]})")
        for key, *found in _between(stored, counted)
    ]


def _between(stored: dict, counted: dict) -> Iterator[tuple]:
    for key in sorted({*stored, *counted}):
        pairs = zip(COLUMNS, stored.get(key, EMPTY), counted.get(key, EMPTY), strict=True)
        yield from ((key, name, was, now) for name, was, now in pairs if was != now)


def _of_city(first: date, last: date) -> list[Difference]:
    return [*_of_waits(first, last), *_of_unmet(first, last), *_of_people(first, last)]


def _of_people(first: date, last: date) -> list[Difference]:
    stored, counted = people_days.kept(first, last), people_days.count(first, last)
    return [
        Difference(
            Key(key[0], key[2], key[1], "", "", ""), "days of a person", stored.get(key, 0),
            counted.get(key, 0),
        )
        for key in sorted({*stored, *counted})
        if stored.get(key, 0) != counted.get(key, 0)
    ]  # fmt: skip


def _of_unmet(first: date, last: date) -> list[Difference]:
    stored = {key: row.number for key, row in unmet_days.stored(first, last).items()}
    counted = unmet_days.count(first, last)
    return [
        Difference(
            Key(day, institution, "", kind, "", ""),
            f"not met: {why}",
            stored.get((day, institution, kind, why), 0),
            counted[day, institution, kind, why],
        )
        for day, institution, kind, why in sorted({*stored, *counted})
        if stored.get((day, institution, kind, why), 0) != counted[day, institution, kind, why]
    ]


def _of_waits(first: date, last: date) -> list[Difference]:
    stored = {key: row.number for key, row in waits.stored(first, last).items()}
    counted = waits.count(first, last)
    return [
        Difference(
            Key(key[0], waits.CITY, key[3], key[1], key[2], ""),
            f"waits of length {key[4]}",
            stored.get(key, 0),
            counted[key],
        )
        for key in sorted({*stored, *counted})
        if stored.get(key, 0) != counted[key]
    ]


def without_fact() -> int:
    """How many requests have ended without leaving a fact of use."""
    ended = SharingRequest.objects.everywhere(reason=REASON).filter(
        state__in=State.ENDED, submitted_at__isnull=False
    )
    facts = UsageFact.objects.everywhere(reason=REASON).filter(version=1)
    return ended.count() - facts.count()
