"""What will be left of the stock of all institutions when it expires, for officials.

Two statements, whatever the number of institutions.  Of a lot they read what the visibility
contract names: its medicine where it is shared, its last day and what it is worth; its number and
the stock stay with its owner.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import QuerySet

from medshare_portal import policy
from resources.enums_medicine import PackState, QuarantineState
from resources.kinds.medicine.queries.at_risk import AtRisk, Bucket, buckets_of, in_turn
from resources.models import MedicineLot, MedicineUse

REASON = "what will be left when it expires, without numbers of lots and of stock"


def buckets_of_city(*, today: date) -> dict[int, list[Bucket]]:
    """Institution → its lots by the days that are left, as its own board has them."""
    limits = policy.current().medicine.board_days
    lots, rates = _lots(today, today + timedelta(days=limits[-1])), _rates()
    return {
        institution: buckets_of(in_turn(rows, rates[institution], today), limits, today)
        for institution, rows in sorted(lots.items())
    }


def lots_of_city(*, today: date, within: int) -> list[tuple[int, AtRisk]]:
    """(institution, lot) of which something will be left, as the boards of their owners have them;
    the first to expire on top."""
    limits = policy.current().medicine.board_days
    lots, rates = _lots(today, today + timedelta(days=limits[-1])), _rates()
    found = [
        (institution, lot)
        for institution, rows in lots.items()
        for lot in in_turn(rows, rates[institution], today)
        if lot.left > 0 and lot.days <= within
    ]
    return sorted(found, key=lambda pair: (pair[1].expiry_date, pair[1].key))


def together(buckets: list[list[Bucket]]) -> list[Bucket]:
    """The same of several institutions."""
    return [
        Bucket(
            part[0].first,
            part[0].last,
            part[0].until,
            lots=sum(one.lots for one in part),
            value=sum((one.value for one in part), Decimal()),
            stock=sum((one.stock for one in part), Decimal()),
        )
        for part in zip(*buckets, strict=True)
    ]


def _lots(today: date, until: date) -> dict[int, list[tuple]]:
    rows = MedicineLot.objects.everywhere(reason=REASON).filter(
        expiry_date__gte=today,
        expiry_date__lte=until,
        on_hand__gt=0,
        quarantine_state=QuarantineState.RELEASED,
        pack_state=PackState.SEALED,
    )
    found: dict[int, list[tuple]] = defaultdict(list)
    for institution, *lot in rows.order_by("pk").values_list(
        "institution_id", "pk", "item_key", "expiry_date", "on_hand", "pack_size", "unit_cost",
        "storage_class", "resource__site_id",
    ):  # fmt: skip
        found[institution].append(tuple(lot))
    return found


def _rates() -> dict[int, dict[str, Decimal]]:
    rows = MedicineUse.objects.everywhere(reason=REASON)
    found: dict[int, dict[str, Decimal]] = defaultdict(dict)
    for institution, item, rate in rows.values_list("institution_id", "item_key", "units_per_day"):
        found[institution][item] = rate
    return found


def rows_of(keys: Iterable[int]) -> QuerySet:
    """These lots with their medicine and their institution; what of it is shown is the table's."""
    rows = MedicineLot.objects.everywhere(reason=REASON).filter(pk__in=list(keys))
    return rows.select_related("resource__category", "institution").order_by("expiry_date", "pk")
