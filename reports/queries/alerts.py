"""What alerts are about: the limits that hold for an institution, and its figures now."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import BigIntegerField
from django.utils import timezone

from medshare_portal.db.prepared import Bind, Prepared
from medshare_portal.models import Institution
from reports.kpis import utilisation
from reports.models import Alert, AlertCheck, AlertLimits, AlertSort
from reports.periods import ending
from reports.queries import numbers
from reports.queries.figures import counted_until, last_day, total
from reports.queries.home import zone_of
from resources.kinds.medicine.queries.at_risk import board_of
from scheduling.models import SharingRequest

DAYS = 30  # of utilisation
WITHIN = 90  # days in which a lot at risk expires, as the board shows them first
TENTH = Decimal("0.1")


@dataclass(frozen=True, kw_only=True)
class Watched:
    """A figure; ``below``: too little of it is what is warned of, else too much."""

    figure: Callable[[Institution, datetime], Decimal | None]
    below: bool = False

    def is_beyond(self, figure: Decimal, limit: int) -> bool:
        return figure < limit if self.below else figure >= limit

    def worse_by(self, figure: Decimal, told: Decimal) -> Decimal:
        return told - figure if self.below else figure - told


@dataclass(frozen=True, kw_only=True)
class Limits:
    utilisation: int | None = None
    overdue: int | None = None
    lots: int | None = None
    own: bool = False  # set by the institution itself

    def of(self, sort: str) -> int | None:
        return getattr(self, sort)

    @property
    def any(self) -> bool:
        return any(self.of(sort) is not None for sort in AlertSort.values)


def limits_of(institution: Institution | None) -> Limits:
    """Its own, or else the city's; None: the city's."""
    rows = AlertLimits.objects.in_city_view()
    if institution is not None:
        rows = AlertLimits.objects.holding_at(institution)
    row = max(rows, key=lambda found: found.institution_id is not None, default=None)
    if row is None:
        return Limits()
    values = {sort: getattr(row, sort) for sort in AlertSort.values}
    return Limits(**values, own=row.institution_id is not None)


def beyond(
    institution: Institution, limits: Limits, *, now: datetime
) -> dict[str, tuple[Decimal, int]]:
    """Sort → (figure, limit) of what is beyond its limit; what has no limit is not counted."""
    found = {}
    for sort, watched in WATCHED.items():
        limit = limits.of(sort)
        figure = None if limit is None else watched.figure(institution, now)
        if figure is not None and watched.is_beyond(figure, limit):
            found[sort] = (figure, limit)
    return found


def _utilisation(institution: Institution, now: datetime) -> Decimal | None:
    """Percent of the offered hours of devices that were booked, as on the scorecard."""
    period = ending(last_day(counted_until(), now), DAYS)
    days = numbers.of(institution)
    of = total(days, period.first, period.last, side="owner").devices
    share = utilisation.scheduled(of.booked, of.offered).value
    return None if share is None else (Decimal(str(share)) * 100).quantize(TENTH)


def _overdue(institution: Institution, now: datetime) -> Decimal:
    return Decimal(SharingRequest.objects.owned_by(institution).overdue(now).count())


def _lots(institution: Institution, now: datetime) -> Decimal:
    """Lots of which something will be left when they expire."""
    board = board_of(institution, today=timezone.localdate(now, zone_of(institution)))
    return Decimal(sum(lot.left > 0 and lot.days <= WITHIN for lot in board.lots))


WATCHED = {
    AlertSort.UTILISATION: Watched(figure=_utilisation, below=True),
    AlertSort.OVERDUE: Watched(figure=_overdue),
    AlertSort.LOTS: Watched(figure=_lots),
}

_ALERTS = Prepared(
    lambda: Alert.objects.owned_by(Bind("here", BigIntegerField())).order_by("since", "pk")
)


def alerts_of(institution: Institution) -> list[Alert]:
    """The oldest first.  One statement."""
    return _ALERTS.instances(here=institution.pk)


def alerts_of_city() -> dict[Institution, list[Alert]]:
    """Of each institution that has any, by its name.  One statement."""
    rows = Alert.objects.in_city_view().select_related("institution")
    found: dict[Institution, list[Alert]] = {}
    for row in rows.order_by("institution__name_en", "institution_id", "since", "pk"):
        found.setdefault(row.institution, []).append(row)
    return found


def checked_at(institution: Institution) -> datetime | None:
    rows = AlertCheck.objects.owned_by(institution)
    return rows.values_list("checked_at", flat=True).first()
