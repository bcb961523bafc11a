"""Where sums are read from: the rows of days, or what is summed of them already.

A period is read as its whole months and the days at its ends; where days or weeks are asked for,
as days.  A year of a city of 400 institutions is so a few thousand rows instead of six million.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from reports.models import DailyRollup, RollupSum
from reports.periods import A_DAY, Period, cut, next_month, whole_months
from reports.rollups.levels import Level

CATEGORY, INSTITUTION, DAYS = "category_code", "institution_key", {"day", "week"}


@dataclass(frozen=True)
class Numbers:
    """Whose: scoped querysets of the days and of their sums."""

    days: QuerySet
    sums: QuerySet
    city: bool = False

    def parts(
        self, first: date, last: date, dimensions: set[str]
    ) -> tuple[list[QuerySet], list[QuerySet]]:
        """The fewest rows that can answer: disjoint parts that are added up, and what is taken
        away again; ``dimensions`` are all that is grouped or narrowed by."""
        of_city = self.city and INSTITUTION not in dimensions
        by_category = CATEGORY in dimensions
        by_days = bool(dimensions & DAYS)
        if by_category and not of_city:
            return self._by_category(first, last, by_days=by_days)
        months = None if by_days else whole_months(first, last)
        levels = (
            (Level.CITY_DAY, Level.CITY_MONTH) if of_city else (Level.HOUSE_DAY, Level.HOUSE_MONTH)
        )
        return [self.sums.filter(_days_and_months(first, last, months, *levels))], []

    def _by_category(self, first: date, last: date, *, by_days: bool):
        """The days are many: of a month of which most is wanted, the others are taken away."""
        if by_days:
            return [self.days.filter(day__range=(first, last))], []
        found = cut(first, last)
        parts = [self.days.filter(_on(found.more))] if found.more else []
        if found.months:
            parts.append(self.sums.filter(level=Level.CLASS_MONTH, day__range=found.months))
        return parts, [self.days.filter(_on(found.less))] if found.less else []


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


def _on(spans: Collection[Period]) -> Q:
    found = Q()
    for span in spans:
        found |= Q(day__range=(span.first, span.last))
    return found


def _ends(first: date, last: date, months: tuple[date, date]) -> Q:
    """The days before and after the whole months; false where there are none."""
    found, after = Q(), next_month(months[1])
    if first < months[0]:
        found |= Q(day__range=(first, months[0] - A_DAY))
    if after <= last:
        found |= Q(day__range=(after, last))
    return found
