"""What will be left of the stock of all institutions when it expires: sums for officials.

Two statements, whatever the number of institutions; which lots they are stays with their owners.
"""

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal

from medshare_portal import policy
from resources.enums_medicine import PackState, QuarantineState
from resources.kinds.medicine.queries.at_risk import Bucket, buckets_of, in_turn
from resources.models import MedicineLot, MedicineUse

REASON = "sums of an institution, no lot"


def buckets_of_city(*, today: date) -> dict[int, list[Bucket]]:
    """Institution → its lots by the days that are left, as its own board has them."""
    limits = policy.current().medicine.board_days
    lots, rates = _lots(today, today + timedelta(days=limits[-1])), _rates()
    return {
        institution: buckets_of(in_turn(rows, rates[institution], today), limits, today)
        for institution, rows in sorted(lots.items())
    }


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
