"""How many packs of each lot an institution can use in time, for all needs and lots of a round at
once: MED-08 as the matcher knows it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from resources.enums_medicine import PackState, QuarantineState
from resources.kinds.medicine.usability import day_at
from resources.models import MedicineLot, MedicineUse, Resource
from scheduling.kinds.medicine.rules.transfers import earliest_arrival, most_packs
from scheduling.models import SharingRequest
from scheduling.states import State

REASON = "what receivers can use of lots in time; only a number of packs comes out"
Asked = dict[tuple[int, str], int]  # (institution, item) → the packs of its largest need


@dataclass(frozen=True)
class _Stock:
    """Dose units that the receiver has of an item, or is promised by others (``coming``)."""

    expiry_date: date
    units: int
    coming: bool


def use_limits(asked: Asked, lots: Iterable[Resource], now: datetime) -> Iterator[tuple]:
    """(institution, lot, packs) where fewer can be used than are asked and there.  Three
    statements."""
    rates, stock = _rates(asked), _stock(asked)
    receivers: dict[str, list[int]] = defaultdict(list)
    for institution, item in asked:
        receivers[item].append(institution)
    for row in lots:
        lot, day = row.medicine_lot, day_at(now, row.site.time_zone)
        arrival = earliest_arrival(day)
        for institution in receivers[lot.item_key]:
            known = institution, lot.item_key
            before = _before(stock[known], lot.expiry_date, day)
            most = most_packs(lot, rates.get(known), before, arrival)
            if most is not None and most < min(asked[known], lot.on_hand):
                yield institution, row.pk, max(most, 0)


def _before(stock: list[_Stock], expiry_date: date, day: date) -> int:
    """Its own that expires no later is used first; what has expired is used no more."""
    return sum(
        row.units
        for row in stock
        if row.expiry_date <= expiry_date and (row.coming or row.expiry_date >= day)
    )


def _rates(asked: Asked) -> dict[tuple[int, str], Decimal]:
    rows = MedicineUse.objects.everywhere(reason=REASON).filter(**_of(asked))
    found = rows.values_list("institution", "item_key", "units_per_day")
    return {(institution, item): rate for institution, item, rate in found}


def _stock(asked: Asked) -> dict[tuple[int, str], list[_Stock]]:
    found: dict[tuple[int, str], list[_Stock]] = defaultdict(list)
    own = MedicineLot.objects.everywhere(reason=REASON).filter(
        **_of(asked), quarantine_state=QuarantineState.RELEASED, pack_state=PackState.SEALED
    )
    for lot in own.only(
        "institution", "item_key", "expiry_date", "on_hand", "reserved", "pack_size"
    ):
        units = (lot.on_hand - lot.reserved) * lot.pack_size
        found[lot.institution_id, lot.item_key].append(_Stock(lot.expiry_date, units, False))
    of_lot = "resource__medicine_lot__"
    coming = SharingRequest.objects.everywhere(reason=REASON).filter(
        borrower__in={institution for institution, _item in asked},
        state__in=(State.APPROVED, State.UNDERWAY),
        resource__medicine_lot__item_key__in={item for _institution, item in asked},
    )
    names = (f"{of_lot}item_key", f"{of_lot}expiry_date", "quantity", f"{of_lot}pack_size")
    for institution, item, expiry_date, packs, size in coming.values_list("borrower", *names):
        found[institution, item].append(_Stock(expiry_date, int(packs * size), True))
    return found


def _of(asked: Asked) -> dict:
    return {
        "institution__in": {institution for institution, _item in asked},
        "item_key__in": {item for _institution, item in asked},
    }
