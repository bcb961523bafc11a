"""The stock ledger of a lot: every change of stock is a line, written under the lot's lock.

The database adds a line to the balances and refuses what they do not allow; what is asked here
first is asked to give the reason in words.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from medshare_portal import audit
from medshare_portal.db.errors import violates
from medshare_portal.refusals import Refusal
from resources.enums_medicine import EFFECTS, MovementSort
from resources.models import MedicineLot, Resource, StockMovement

MOST_PACKS = 1_000_000


class NotEnoughStock(Refusal):
    message = _("There are only %(free)s free packs of this lot.")
    field = "quantity"

    def __init__(self, lot: MedicineLot):
        super().__init__(str(self.message) % {"free": max(lot.free, 0)})


class NotReserved(Refusal):
    """More would be released or dispatched than is reserved, or settled than is on its way."""

    message = _("This does not fit what is reserved or on the way of this lot.")
    field = "quantity"


class BeyondOffer(Refusal):
    message = _("The offer has only %(left)s packs left.")
    field = "quantity"


class WrongQuantity(Refusal):
    message = _("Enter a whole number of packs, from 1 to a million.")
    field = "quantity"
    status = 422


class ReasonMissing(Refusal):
    message = _("Say why: the ledger keeps the reason.")
    field = "reason"
    status = 422


@dataclass(frozen=True, kw_only=True)
class Line:
    """What is to be written: ``quantity`` packs of a sort (a correction may be negative)."""

    sort: MovementSort
    quantity: int
    reason: str = ""
    reference: str = ""
    offer: object = None


def locked(lot: MedicineLot) -> MedicineLot:
    """The lot as it is now.  Its resource row is the lock, as everywhere in the portal."""
    Resource.objects.owned_by(lot.institution).select_for_update(of=("self",)).get(pk=lot.pk)
    rows = MedicineLot.objects.owned_by(lot.institution)
    return rows.select_related("resource__site", "institution").get(pk=lot.pk)


def post(*, lot: MedicineLot, line: Line, by, now: datetime) -> StockMovement:
    """Write one line.  Raises NotEnoughStock, NotReserved, BeyondOffer, WrongQuantity,
    ReasonMissing."""
    (movement,) = post_all(lot=lot, lines=[line], by=by, now=now)
    return movement


def post_all(*, lot: MedicineLot, lines: Iterable[Line], by, now: datetime) -> list[StockMovement]:
    """Write lines in their order, all or none, without the audit trail: the caller's step has it.

    ``lot`` takes the balances that follow.
    """
    with transaction.atomic():
        fresh = locked(lot)
        written = [_write(fresh, line, by, now) for line in lines]
    for name in ("on_hand", "reserved", "in_transit"):
        setattr(lot, name, getattr(fresh, name))
    return written


def record(*, lot: MedicineLot, line: Line, by, now: datetime) -> StockMovement:
    """Write a line that is a step of its own: receive, write off, correct."""
    movement = post(lot=lot, line=line, by=by, now=now)
    audit.record(
        chains=[lot.institution.slug],
        by=by,
        action="stock.moved",
        obj=lot.resource,
        now=now,
        label=f"{lot.resource.name} ({lot.lot_no})",
        data={
            "sort": line.sort.value,
            "quantity": line.quantity,
            "reason": line.reason,
            "on_hand": lot.on_hand,
        },
    )
    return movement


def _write(lot: MedicineLot, line: Line, by, now: datetime) -> StockMovement:
    _check(lot, line)
    effects = [sign * line.quantity for sign in EFFECTS[line.sort]]
    movement = StockMovement(
        lot=lot,
        offer=line.offer,
        sort=line.sort,
        quantity=line.quantity,
        on_hand_change=effects[0],
        reserved_change=effects[1],
        in_transit_change=effects[2],
        at=now,
        by=by,
        reason=line.reason.strip()[:250],
        reference=line.reference,
    )
    try:
        with transaction.atomic():
            movement.save(force_insert=True)
    except IntegrityError as error:
        raise _refusal(error, lot, line) from error
    lot.on_hand += effects[0]
    lot.reserved += effects[1]
    lot.in_transit += effects[2]
    return movement


def _check(lot: MedicineLot, line: Line) -> None:
    corrects = line.sort == MovementSort.CORRECT
    least = -MOST_PACKS if corrects else 1
    if not least <= line.quantity <= MOST_PACKS or line.quantity == 0:
        raise WrongQuantity
    if line.sort in MovementSort.NEEDS_REASON and not line.reason.strip():
        raise ReasonMissing
    on_hand, reserved, in_transit = (sign * line.quantity for sign in EFFECTS[line.sort])
    if lot.reserved + reserved < 0 or lot.in_transit + in_transit < 0:
        raise NotReserved
    if lot.on_hand + on_hand > MOST_PACKS:
        raise WrongQuantity
    if lot.on_hand + on_hand < lot.reserved + reserved:
        raise NotEnoughStock(lot)


def _refusal(error: IntegrityError, lot: MedicineLot, line: Line) -> Exception:
    """The database's no in our words; any other error stays what it is."""
    if violates(error, "ledger_within_offer"):
        left = max(line.offer.quantity - promised(line.offer), 0)
        return BeyondOffer(str(BeyondOffer.message) % {"left": left})
    if violates(error, "lot_stock_holds") or violates(error, "lot_transit_holds"):
        return NotEnoughStock(lot)
    return error


def promised(offer) -> int:
    """Packs that were reserved under an offer and not released again."""
    rows = StockMovement.objects.owned_by(offer.institution).filter(
        offer=offer, sort__in=(MovementSort.RESERVE, MovementSort.RELEASE)
    )
    return sum(rows.values_list("reserved_change", flat=True))
