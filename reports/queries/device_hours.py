"""What the figures of use of equipment are made of: hours of devices, row by row, whose sums they
are; of each institution, or of each class of one."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F, Sum

from reports.periods import Period
from reports.queries.figures import Sums, grouped
from reports.queries.kpis.ground import GIVEN
from reports.queries.numbers import Numbers
from reports.queries.scores import NOTHING, added
from resources.models import Equipment

EQUIPMENT = "equipment"
TIMES = (
    "offered",
    "booked",
    "used",
    "own_used",
    "idle",
    "planned_down",
    "unplanned_down",
    "repair",
)
COLUMNS = (*TIMES, "failures")


@dataclass(frozen=True, kw_only=True)
class Row:
    """``key``: an institution or a class; None: all together.  ``units`` and the hours ``expected``
    of them are of the devices that are there now."""

    key: object
    sums: Sums
    units: int
    expected: Decimal


def rows_of(
    numbers: Numbers, resources, period: Period, *, by_class: bool, inside: frozenset[int] | None
) -> list[Row]:
    """All together first, then who has most booked hours.  ``resources``: a scoped queryset.  Two
    statements, bounded by institutions and classes."""
    by = "category_code" if by_class else "institution_key"
    narrowed = {} if inside is None else {"institution_key": inside}
    found = grouped(
        numbers, period.first, period.last, by=(by,), only=COLUMNS, side=GIVEN, kind=EQUIPMENT,
        **narrowed,
    )  # fmt: skip
    sums = {key: one for (key,), one in found}
    there = _there(resources, "resource__category__slug" if by_class else "resource__institution")
    rows = [
        Row(
            key=key,
            sums=sums.get(key, NOTHING),
            units=there[key][0],
            expected=there[key][1] * period.days,
        )
        for key in sorted({*sums, *there})
    ]
    rows.sort(key=lambda row: (-row.sums.hours.booked, -row.units, row.key))
    whole = Row(
        key=None,
        sums=added(row.sums for row in rows),
        units=sum(row.units for row in rows),
        expected=sum((row.expected for row in rows), Decimal()),
    )
    return [whole, *rows]


def _there(resources, by: str) -> dict[object, tuple[int, Decimal]]:
    """(units, hours a day that they should run) as in the figures of use."""
    rows = Equipment.objects.of_visible(resources.filter(kind=EQUIPMENT)).order_by()
    found = rows.values_list(by).annotate(
        units=Sum("resource__units"), hours=Sum(F("resource__units") * F("rated_hours_day"))
    )
    there = {key: (units or 0, Decimal(hours or 0)) for key, units, hours in found}
    return defaultdict(lambda: (0, Decimal()), there)
