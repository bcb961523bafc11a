"""Where sums are read from: the rows of days, or what is summed of them already.

A period is read as its whole months and the days at its ends; where days or weeks are asked for,
as days.  A year of a city of 400 institutions is so a few thousand rows instead of six million.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from reports.models import DailyRollup, RollupSum
from reports.periods import A_DAY, next_month, whole_months
from reports.rollups.levels import Level

CATEGORY, INSTITUTION, DAYS = "category_code", "institution_key", {"day", "week"}


@dataclass(frozen=True)
class Numbers:
    """Whose: scoped querysets of the days and of their sums."""

    days: QuerySet
    sums: QuerySet
    city: bool = False

    def parts(self, first: date, last: date, dimensions: set[str]) -> list[QuerySet]:
        """The fewest rows that can answer, in disjoint parts; ``dimensions`` are all that is
        grouped or narrowed by."""
        of_city = self.city and INSTITUTION not in dimensions
        by_category = CATEGORY in dimensions
        months = None if dimensions & DAYS else whole_months(first, last)
        if by_category and not of_city:
            return self._by_category(first, last, months)
        levels = (
            (Level.CITY_DAY, Level.CITY_MONTH) if of_city else (Level.HOUSE_DAY, Level.HOUSE_MONTH)
        )
        return [self.sums.filter(_days_and_months(first, last, months, *levels))]

    def _by_category(self, first: date, last: date, months) -> list[QuerySet]:
        if months is None:
            return [self.days.filter(day__range=(first, last))]
        parts = [self.sums.filter(level=Level.CLASS_MONTH, day__range=months)]
        ends = _ends(first, last, months)
        return [*parts, self.days.filter(ends)] if ends else parts


def of_city(inside: Collection[int] | None = None) -> Numbers:
    """For city officials: everybody's, or of these institutions."""
    days, sums = DailyRollup.objects.in_city_view(), RollupSum.objects.in_city_view()
    if inside is None:
        return Numbers(days, sums, city=True)
    return Numbers(days.filter(institution_key__in=inside), sums.filter(institution_key__in=inside))


def of(institution) -> Numbers:
    return Numbers(
        DailyRollup.objects.owned_by(institution), RollupSum.objects.owned_by(institution)
    )


def _days_and_months(first: date, last: date, months, of_day: Level, of_month: Level) -> Q:
    if months is None:
        return Q(level=of_day, day__range=(first, last))
    found = Q(level=of_month, day__range=months)
    ends = _ends(first, last, months)
    return found | Q(ends, level=of_day) if ends else found


def _ends(first: date, last: date, months: tuple[date, date]) -> Q:
    """The days before and after the whole months; false where there are none."""
    found, after = Q(), next_month(months[1])
    if first < months[0]:
        found |= Q(day__range=(first, months[0] - A_DAY))
    if after <= last:
        found |= Q(day__range=(after, last))
    return found
