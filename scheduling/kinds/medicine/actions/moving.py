"""Dispatch, receive, close: packs leave one ledger and enter the other."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from medshare_portal.findings import Finding, Findings, Severity
from medshare_portal.refusals import Refusal
from medshare_portal.roles import Permission
from resources.enums_medicine import TEMPERATURES, MovementSort, PackState
from resources.kinds.medicine.actions.ledger import Line, post_all
from resources.kinds.medicine.gs1 import read
from resources.kinds.medicine.queries.facts import recalls_on
from resources.kinds.medicine.rules.sources import COLD_CHAIN, WHO, law
from resources.kinds.medicine.usability import day_at
from resources.models import StockMovement
from scheduling.actions._lock import lock_request, require
from scheduling.actions._move import IllegalTransition, move
from scheduling.actions._rules import RulesBlock
from scheduling.kinds.medicine.actions.deciding import look_again
from scheduling.kinds.medicine.actions.receiving import enter_lot
from scheduling.kinds.medicine.queries import facts
from scheduling.kinds.medicine.rules.transfers import arrival_by_now, findings_of
from scheduling.models import MedicineTransfer, SharingRequest
from scheduling.states import Side, State

KIND = "medicine"
PROMISED = {"OFR-01", "OFR-05", "MED-08"}  # what the approval settled; all else is asked again


class DoesNotAddUp(Refusal):
    """MED-15"""

    message = _("Accepted, rejected and lost must add up to the %(n)s packs that were shipped.")
    field = "accepted"
    status = 422


class NotThisLot(Refusal):
    """MED-14"""

    message = _("This is not the lot that was shipped: %(what)s differs.")
    field = "scan"
    status = 422


class ReasonMissing(Refusal):
    message = _("Say why packs were rejected or are missing.")
    field = "difference_reason"
    status = 422


class NotBalanced(Refusal):
    message = _("The ledgers do not balance yet: %(n)s packs are still on their way.")


@dataclass(frozen=True, kw_only=True)
class Package:
    seal_no: str
    courier: str
    logger_no: str = ""


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """What the receiver counts and reads; ``scan`` is the code on a pack, or empty."""

    accepted: int
    rejected: int
    lost: int
    lot_no: str = ""
    expiry_date: date | None = None
    scan: str = ""
    difference_reason: str = ""
    coldest: Decimal | None = None
    warmest: Decimal | None = None
    excursion_minutes: int | None = None
    temperature_record: str = ""


def dispatch(
    *,
    sharing_request: SharingRequest,
    package: Package,
    recalls_checked: bool,
    by,
    now: datetime,
) -> SharingRequest:
    """Send the reserved packs off.  Raises RulesBlock, OnHold, ConsentMissing,
    IllegalTransition."""
    fresh = lock_request(sharing_request)
    require(by=by, institution=fresh.owner, permission=Permission.HAND_OVER, kind=KIND)
    _is_in(fresh, State.APPROVED)
    transfer = _transfer(fresh)
    lot = facts.lot_of(fresh.resource)
    if recalls_checked:
        lot.recall_checked_at = now
        lot.save(update_fields=["recall_checked_at"])
    _may_leave(fresh, transfer, lot, package, now)
    look_again(fresh, lot, now)
    packs = int(fresh.quantity)
    move(fresh, "hand_over", side=Side.OWNER, by=by, now=now, actual_starts_at=now)
    transfer = _transfer(fresh)
    transfer.shipped, transfer.dispatched_by = packs, by
    transfer.seal_no, transfer.courier = package.seal_no, package.courier
    transfer.logger_no = package.logger_no
    transfer.save()
    _post(lot, fresh, by, now, (MovementSort.DISPATCH, packs, ""))
    return fresh


def _may_leave(fresh, transfer, lot, package: Package, now: datetime) -> None:
    day = day_at(now, lot.resource.site.time_zone)
    context = facts.context_of(
        lot,
        fresh.borrower,
        quantity=int(fresh.quantity),
        arrival=arrival_by_now(transfer.expected_on, day),
        now=now,
        price=transfer.unit_price,
        own=int(fresh.quantity),
        request=fresh,
    )
    blocks = [found for found in findings_of(context).blocks if found.code not in PROMISED]
    if lot.needs_cold_chain and not package.logger_no:
        blocks.append(
            Finding(
                code="MED-11",
                severity=Severity.BLOCK,
                message=_("A cold chain medicine travels with a temperature logger."),
                source=COLD_CHAIN,
            )
        )
    if blocks:
        raise RulesBlock(findings=Findings(blocks))


def receive(
    *, sharing_request: SharingRequest, arrival: Arrival, by, now: datetime
) -> SharingRequest:
    """Count what arrived; what is accepted enters the receiver's own ledger.

    Raises NotThisLot, DoesNotAddUp, ReasonMissing, RulesBlock, IllegalTransition.
    """
    fresh = lock_request(sharing_request)
    require(by=by, institution=fresh.borrower, permission=Permission.HAND_OVER, kind=KIND)
    _is_in(fresh, State.UNDERWAY)
    transfer = _transfer(fresh)
    lot = facts.lot_of(fresh.resource)
    if arrival.accepted:  # another lot than the shipped one can only be rejected
        _is_what_was_shipped(lot, arrival)
    if arrival.accepted + arrival.rejected + arrival.lost != transfer.shipped:
        raise DoesNotAddUp(str(DoesNotAddUp.message) % {"n": transfer.shipped})
    if (arrival.rejected or arrival.lost) and not arrival.difference_reason.strip():
        raise ReasonMissing
    _may_be_accepted(fresh, lot, arrival, now)
    move(fresh, "return", side=Side.BORROWER, by=by, now=now, actual_ends_at=now, due_at=None)
    _settle(lot, fresh, arrival, by, now)
    if arrival.accepted:
        transfer.received_as = enter_lot(
            lot=lot, sharing_request=fresh, packs=arrival.accepted, by=by, now=now
        )
    for name in (
        "accepted", "rejected", "lost", "difference_reason", "coldest", "warmest",
        "excursion_minutes", "temperature_record",
    ):  # fmt: skip
        setattr(transfer, name, getattr(arrival, name))
    transfer.received_by = by
    transfer.save()
    return fresh


def _is_what_was_shipped(lot, arrival: Arrival) -> None:
    """By the code on the pack, or by the number and date that were read from it."""
    lot_no, expiry_date, gtin = arrival.lot_no, arrival.expiry_date, ""
    if arrival.scan:
        scan = read(arrival.scan)
        lot_no, expiry_date, gtin = (
            scan.lot_no or lot_no,
            scan.expiry_date or expiry_date,
            scan.gtin,
        )
    field = None if arrival.scan else "lot_no"
    if gtin and lot.gtin and gtin != lot.gtin:
        raise NotThisLot(str(NotThisLot.message) % {"what": "GTIN"}, field=field)
    if lot_no != lot.lot_no:
        raise NotThisLot(str(NotThisLot.message) % {"what": _("lot number")}, field=field)
    if expiry_date != lot.expiry_date:
        field = None if arrival.scan else "expiry_date"
        raise NotThisLot(str(NotThisLot.message) % {"what": _("date")}, field=field)


def _may_be_accepted(fresh, lot, arrival: Arrival, now: datetime) -> None:
    """MED-01, MED-11, MED-12: what may not be used is rejected, not accepted."""
    if not arrival.accepted:
        return
    blocks = []
    if recalls_on([lot]) or lot.quarantine_state != "released":
        blocks.append(_block("MED-12", _("The lot is recalled or held back: reject it."), law(82)))
    day = day_at(now, (fresh.delivery_site or lot.resource.site).time_zone)
    if lot.expiry_date < day:
        blocks.append(_block("MED-01", _("The lot has expired: reject it."), law(98)))
    if lot.pack_state != PackState.SEALED:
        blocks.append(_block("MED-13", _("The packs are not sealed any more: reject them."), WHO))
    if lot.needs_cold_chain and not _kept_cold(lot, arrival):
        message = _("Without a whole temperature record within the range it is not accepted.")
        blocks.append(_block("MED-11", message, COLD_CHAIN))
    if blocks:
        raise RulesBlock(findings=Findings(blocks))


def _block(code: str, message, source) -> Finding:
    return Finding(code=code, severity=Severity.BLOCK, message=message, source=source)


def _kept_cold(lot, arrival: Arrival) -> bool:
    least, most = TEMPERATURES[lot.storage_class]
    known = None not in (arrival.coldest, arrival.warmest, arrival.excursion_minutes)
    if not known or not arrival.temperature_record:
        return False
    return arrival.excursion_minutes == 0 and least <= arrival.coldest <= arrival.warmest <= most


def _settle(lot, fresh, arrival: Arrival, by, now: datetime) -> None:
    lines = (
        (MovementSort.ACCEPT, arrival.accepted, ""),
        (MovementSort.REJECT, arrival.rejected, arrival.difference_reason),
        (MovementSort.LOSE, arrival.lost, arrival.difference_reason),
    )
    _post(lot, fresh, by, now, *(line for line in lines if line[1]))


def _post(lot, fresh, by, now: datetime, *lines) -> None:
    post_all(
        lot=lot,
        lines=[
            Line(sort=sort, quantity=n, reason=reason, reference=fresh.reference, offer=fresh.offer)
            for sort, n, reason in lines
        ],
        by=by,
        now=now,
    )


def close(*, sharing_request: SharingRequest, by, now: datetime) -> SharingRequest:
    """Both ledgers balance: nothing of it is on the way.  Raises NotBalanced."""
    fresh = lock_request(sharing_request)
    require(by=by, institution=fresh.owner, permission=Permission.POST_CHECK, kind=KIND)
    _is_in(fresh, State.FINISHED)
    if open_packs := on_the_way(fresh):
        raise NotBalanced(str(NotBalanced.message) % {"n": open_packs})
    return move(fresh, "close", side=Side.OWNER, by=by, now=now, due_at=None)


def on_the_way(sharing_request: SharingRequest) -> int:
    """Packs of the request that left and were neither accepted, rejected nor lost."""
    rows = StockMovement.objects.owned_by(sharing_request.owner).filter(
        lot=sharing_request.resource_id, reference=sharing_request.reference
    )
    return rows.aggregate(packs=Sum("in_transit_change"))["packs"] or 0


def _is_in(fresh: SharingRequest, state: State) -> None:
    """What is counted and checked makes sense in one state only."""
    if fresh.state != state:
        raise IllegalTransition(fresh.state)


def _transfer(fresh: SharingRequest) -> MedicineTransfer:
    return MedicineTransfer.objects.of(fresh).select_for_update(of=("self",)).get()
