"""How long the stock of a medicine lasts, and what of its lots will hardly be used in time."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import numpy as np
from django.db.models import F, Sum
from django.db.models.functions import TruncDate

from reports.forecast import Forecast, Series, Step, forecast
from reports.forecast.totals import totals
from resources.enums_medicine import MovementSort, PackState, QuarantineState
from resources.intervals import instant_of
from resources.kinds.medicine.fefo import Batch, outlook_of
from resources.kinds.medicine.queries.at_risk import on_offer
from resources.models import MedicineLot, StockMovement
from scheduling.models import SharingRequest
from scheduling.states import State

# Three years, so that the time of the year is known; the methods without dates look at its end.
DAYS_BACK, DAYS_AHEAD = 3 * 365, 180
ON_THEIR_WAY = (State.APPROVED, State.UNDERWAY)


@dataclass(frozen=True, kw_only=True)
class Used:
    """An item's dose units by the day, from the first that was issued until yesterday."""

    item: str
    first_day: date
    values: np.ndarray

    @property
    def known_days(self) -> int:
        return len(self.values)


@dataclass(frozen=True, kw_only=True)
class LotAhead:
    """``spare``: whole packs that even the 90 % use will leave over and nobody was offered yet."""

    lot: MedicineLot
    spare: int


@dataclass(frozen=True, kw_only=True)
class StockAhead:
    """``days``: how long the usable stock lasts at the 90 % use; None beyond what is foreseen."""

    units: int
    days: int | None
    lots: list[LotAhead]


def issued(institution, *, today: date, zone: ZoneInfo) -> dict[str, Used]:
    """{item: what its own wards used}.  A day without an issue used nothing."""
    since = instant_of(_midnight(today - timedelta(days=DAYS_BACK)), zone)
    until = instant_of(_midnight(today), zone)
    rows = (
        StockMovement.objects.owned_by(institution)
        .filter(sort=MovementSort.ISSUE, at__gte=since, at__lt=until)
        .annotate(day=TruncDate("at", tzinfo=zone))
        .values("lot__item_key", "day")
        .annotate(units=Sum(F("quantity") * F("lot__pack_size")))
        .order_by("day")
    )
    of_item: dict[str, dict[date, int]] = defaultdict(dict)
    for row in rows:
        of_item[row["lot__item_key"]][row["day"]] = row["units"]
    return {item: _used(item, days, today) for item, days in of_item.items()}


def _midnight(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time())


def _used(item: str, days: dict[date, int], today: date) -> Used:
    first = next(iter(days))
    values = np.zeros((today - first).days)
    for day, units in days.items():
        values[(day - first).days] = units
    return Used(item=item, first_day=first, values=values)


def foreseen(
    used: Used, holidays: frozenset[date]
) -> tuple[Forecast, np.ndarray, np.ndarray | None, np.ndarray | None]:
    """What the days will be like, and the sums until each of them with their band."""
    made = forecast(Series(used.values, Step.DAY, used.first_day, holidays))
    sums = totals(used.values, Step.DAY.season, DAYS_AHEAD, made.by)
    return made, sums.expected, sums.low, sums.high


def own_lots(institution, items: Iterable[str], today: date) -> dict[str, list[MedicineLot]]:
    """{item: lots that may still be used}."""
    rows = MedicineLot.objects.owned_by(institution).filter(
        item_key__in=list(items),
        expiry_date__gte=today,
        on_hand__gt=F("reserved"),
        quarantine_state=QuarantineState.RELEASED,
        pack_state=PackState.SEALED,
    )
    found: dict[str, list[MedicineLot]] = defaultdict(list)
    for lot in rows.select_related("resource__category").order_by("expiry_date", "pk"):
        found[lot.item_key].append(lot)
    return found


def offered(institution, lots: dict[str, list[MedicineLot]]) -> dict[int, int]:
    """{lot: packs on offer that nobody was promised yet}."""
    return on_offer(institution, [lot.pk for rows in lots.values() for lot in rows])


def coming(institution, items: Iterable[str]) -> dict[str, date]:
    """{item: when the first packs of others are due here}."""
    rows = SharingRequest.objects.borrowed_by(institution).filter(
        state__in=ON_THEIR_WAY, resource__medicine_lot__item_key__in=list(items)
    )
    found: dict[str, date] = {}
    days = rows.order_by("-medicine_transfer__expected_on")
    for item, day in days.values_list(
        "resource__medicine_lot__item_key", "medicine_transfer__expected_on"
    ):
        found[item] = day
    return found


def stock_ahead(
    lots: list[MedicineLot], high: list[float], offered: dict[int, int], today: date
) -> StockAhead:
    """``high``: what is hardly exceeded in all within 1, 2, … days.  Packs that are reserved for
    others are not ours to use.  Without a band nothing is foretold."""
    batches = [Batch(lot.pk, lot.expiry_date, lot.free * lot.pack_size) for lot in lots]
    units = sum(batch.units for batch in batches)
    if not high:
        return StockAhead(units=units, days=None, lots=[])
    ahead = outlook_of(batches, lambda days: within(high, days), today)
    usable = float(sum(found.used for found in ahead.values()))
    days = int(np.searchsorted(high, usable + 1e-6, side="right"))
    return StockAhead(
        units=units,
        days=days if days < len(high) else None,
        lots=[
            LotAhead(
                lot=lot,
                spare=max(int(ahead[lot.pk].left / lot.pack_size) - offered.get(lot.pk, 0), 0),
            )
            for lot in lots
        ],
    )


def within(high: list[float], days: int) -> Decimal:
    """The sum within so many days; beyond what was worked out as many a day as on the whole."""
    if days <= 0:
        return Decimal(0)
    reached = Decimal(str(high[min(days, len(high)) - 1]))
    return reached * max(days / Decimal(len(high)), Decimal(1))
