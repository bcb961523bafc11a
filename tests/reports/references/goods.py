"""Packs, money and greenhouse gas, pack by pack."""

from datetime import datetime
from decimal import Decimal
from math import asin, cos, radians, sin, sqrt

from medshare_portal import policy
from resources.models import MedicineLot, StockMovement
from scheduling.models import MedicineTransfer
from tests.reports.references.seen import CITY, DAY, HOUR, Seen, share, zone_of

# What the city assumes until it writes otherwise.
RENTAL, AGENCY, KILOMETRE, SHARE = 40, 120, Decimal(4), 30
POUND, PER_POUND, PER_KILOMETRE = 0.11, 0.1558, 0.25


def _transfers(seen: Seen) -> list[MedicineTransfer]:
    rows = MedicineTransfer.unscoped.filter(accepted__isnull=False).order_by("pk")
    related = ("sharing_request__resource__medicine_lot", "sharing_request__resource__site")
    found = rows.select_related(*related, "received_as")
    return [row for row in found if seen.mine(row.sharing_request.owner_id)]


def _ended(seen: Seen, transfers) -> list[MedicineTransfer]:
    return [t for t in transfers if seen.inside(t.sharing_request.ended_at, t.sharing_request)]


def _near_its_end(transfer) -> bool:
    request = transfer.sharing_request
    arrived = request.actual_ends_at.astimezone(zone_of(request)).date()
    left = (request.resource.medicine_lot.expiry_date - arrived).days
    return 0 <= left <= policy.current().medicine.near_expiry_days


def _cost(transfer) -> Decimal:
    return transfer.sharing_request.resource.medicine_lot.unit_cost


def _rescued(seen: Seen) -> list[MedicineTransfer]:
    return [row for row in _transfers(seen) if _near_its_end(row)]


def waste_avoided(seen: Seen):
    return {"": sum(row.accepted * _cost(row) for row in _ended(seen, _rescued(seen)))}


def packs_rescued(seen: Seen):
    return {"": sum(row.accepted for row in _ended(seen, _rescued(seen)))}


def waste_confirmed(seen: Seen):
    """Pack by pack, in the order in which they were issued."""
    value = 0
    for row in _rescued(seen):
        issues = StockMovement.unscoped.filter(lot=row.received_as, sort="issue")
        packs = [one.at for one in issues.order_by("at", "pk") for _ in range(one.quantity)]
        for at in packs[: row.accepted]:
            request = row.sharing_request
            day = max(at, request.ended_at).astimezone(zone_of(request)).date()
            value += _cost(row) * (day <= row.received_as.expiry_date and seen.on(day))
    return {"": value}


def _lots(seen: Seen) -> list[MedicineLot]:
    return [lot for lot in MedicineLot.unscoped.all() if seen.mine(lot.institution_id)]


def _left(lot, day) -> int:
    """When the day is over."""
    over = datetime(day.year, day.month, day.day, tzinfo=CITY) + DAY
    moves = StockMovement.unscoped.filter(lot=lot, at__lt=over)
    return max(sum(move.on_hand_change for move in moves), 0)


def _month_ends(seen: Seen) -> list:
    """Of the period, and the last one before it."""
    day = seen.first.replace(day=1) - DAY
    found = []
    while day <= seen.last:
        found.append(day)
        day = (day + DAY + 31 * DAY).replace(day=1) - DAY
    return found


def expiry_loss(seen: Seen):
    lots, ends = _lots(seen), _month_ends(seen)
    gone = [lot for lot in lots if seen.on(lot.expiry_date)]
    lost = sum(lot.unit_cost * _left(lot, lot.expiry_date) for lot in gone)
    stock = [
        sum(lot.unit_cost * _left(lot, day) for lot in lots if lot.expiry_date > day)
        for day in ends
    ]
    return {"": share(lost, sum(stock) / len(stock))}


def _kilometres(rows) -> Decimal:
    """One way, as the crow flies, to the metre."""
    return sum((Decimal(round(_distance(row) * 1000)) / 1000 for row in rows), Decimal())


def _distance(row) -> float:
    here, there = row.resource.site, row.borrower.sites.get()
    points = [(radians(s.latitude), radians(s.longitude)) for s in (here, there)]
    (a, b), (c, d) = points
    half = sin((c - a) / 2) ** 2 + cos(a) * cos(c) * sin((d - b) / 2) ** 2
    return 2 * 6371.0088 * asin(sqrt(half))


def net_savings(seen: Seen):
    of_kinds = ("equipment", "staff", "medicine") if seen.of_city else ("equipment", "staff")
    met = [row for kind in of_kinds for row in seen.ended(seen.received(kind), "filled")]
    carried = [row for row in met if row.kind != "staff"]
    taken_off = {
        "transport, taken off": -_kilometres(carried) * KILOMETRE,
        "charges between institutions, taken off": -sum(
            _fee(r) for k in of_kinds for r in _over(seen, k)
        ),
        "administration, taken off": Decimal(-len(met) * SHARE),
    }
    avoided = {
        "rental avoided": Decimal(_worked(seen, "equipment")) * RENTAL,
        "agencies avoided": Decimal(_worked(seen, "staff")) * AGENCY,
    }
    if seen.of_city:
        packs = _ended(seen, _transfers(seen))
        avoided["purchases avoided"] = sum(row.accepted * _cost(row) for row in packs)
    return {"": sum((avoided | taken_off).values()), **avoided, **taken_off}


def _over(seen: Seen, kind: str) -> list:
    return [row for row in seen.ended(seen.received(kind)) if row.state == "closed"]


def _worked(seen: Seen, kind: str) -> float:
    spans = [(r.back_at - r.actual_starts_at) * r.units for r in _over(seen, kind)]
    return sum(span / HOUR for span in spans)


def _fee(row) -> Decimal:
    """What was settled, else packs by the pack and devices by the hour; no timesheet was signed."""
    if row.settled:
        return Decimal(row.settled.charge_amount) / 100
    if row.kind == "medicine":
        return row.medicine_transfer.accepted * row.medicine_transfer.unit_price
    if row.kind == "staff":
        return Decimal()
    hours = (row.actual_ends_at - row.actual_starts_at) / HOUR * row.units
    return Decimal(hours) * row.fee_per_hour


def carbon(seen: Seen):
    given = [row for row in seen.ended(seen.given("medicine"), "filled")]
    value = float(waste_avoided(seen)[""])
    made = value * POUND * PER_POUND
    return {"": made - float(_kilometres(given)) * PER_KILOMETRE}


OF = {
    "waste_avoided": waste_avoided, "packs_rescued": packs_rescued,
    "waste_confirmed": waste_confirmed, "expiry_loss": expiry_loss,
    "net_savings": net_savings, "carbon": carbon,
}  # fmt: skip
