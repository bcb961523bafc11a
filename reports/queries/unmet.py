"""Why demands were not met in a period: counts by reason, of the city, of some or of one."""

from collections.abc import Collection

from django.db.models import Sum

from reports.actions.waits import CITY
from reports.kpis.fulfilment import Reason, pareto
from reports.models import UnmetOfDay
from reports.periods import Period


def of_city(period: Period, *, kind: str = "", inside: Collection[int] | None = None):
    """Of the institutions ``inside``, or of all; the most frequent reason first.  One statement."""
    whose = {"institution_key": CITY} if inside is None else {"institution_key__in": inside}
    return _reasons(UnmetOfDay.objects.in_city_view().filter(**whose), period, kind)


def of_institution(institution, period: Period, *, kind: str = "") -> list[Reason]:
    return _reasons(UnmetOfDay.objects.owned_by(institution), period, kind)


def _reasons(rows, period: Period, kind: str) -> list[Reason]:
    rows = rows.filter(day__range=(period.first, period.last))
    rows = rows.filter(kind=kind) if kind else rows
    counts = rows.order_by().values_list("why").annotate(sum=Sum("number"))
    return pareto(dict(counts))
