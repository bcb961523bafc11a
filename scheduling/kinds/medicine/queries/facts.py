"""What the rules on transfers are told: read under the caller's scope or lock."""

from datetime import date, datetime
from decimal import Decimal

from django.db.models import F, Sum

from medshare_portal.findings import Findings
from resources.enums_medicine import MovementSort, PackState, QuarantineState
from resources.kinds.medicine.queries.facts import recalls_on
from resources.kinds.medicine.usability import day_at
from resources.models import MedicineLot, MedicineUse, Offer, StockMovement
from scheduling.kinds.medicine.rules.transfers import (
    TransferContext,
    arrival_by_now,
    findings_of,
)
from scheduling.models import MedicineTransfer, SharingRequest
from scheduling.states import State

REASON = "the facts of a transfer that the caller may see: numbers of both sides"


def lot_of(resource) -> MedicineLot:
    """The lot of a resource that the caller has scoped or locked, as it is now."""
    rows = MedicineLot.objects.everywhere(reason=REASON)
    return rows.select_related("resource__site", "institution", "received_from").get(pk=resource.pk)


def context_of(
    lot: MedicineLot,
    receiver,
    *,
    quantity: int,
    arrival: date,
    now: datetime,
    price: Decimal | None = None,
    own: int = 0,
    request=None,
    for_sender: bool = False,
) -> TransferContext:
    """``price`` is the one that was agreed (none yet: the one of today); ``own`` packs are promised
    to this very ``request`` already.  What else the sender has in stock is read ``for_sender``
    only."""
    use = uses_of(lot, receiver)
    day = day_at(now, lot.resource.site.time_zone)
    return TransferContext(
        lot=lot,
        quantity=quantity,
        price=lot.transfer_price if price is None else price,
        available=available(lot, now, own=own),
        day=day,
        arrival=arrival,
        now=now,
        receiver=receiver,
        receiver_rate=use,
        receiver_before=units_before(lot, receiver, day) + units_coming(lot, receiver, request),
        earlier=earlier_lot(lot, day) if for_sender else "",
        recall=recalls_on([lot]).get(lot.pk, ""),
    )


def published_offer(lot: MedicineLot) -> Offer | None:
    rows = Offer.objects.everywhere(reason=REASON).published()
    return rows.filter(resource=lot.pk, quantity__isnull=False).first()


def available(lot: MedicineLot, now: datetime, *, own: int = 0) -> int | None:
    """Packs of the published offer that nobody was promised; None where nothing is offered.

    What this request holds already (``own``) stays available to it, whatever became of the offer.
    """
    if own:
        return own
    offer = published_offer(lot)
    day = day_at(now, lot.resource.site.time_zone)
    if offer is None or (offer.ends_on is not None and offer.ends_on < day):
        return None
    moved = StockMovement.objects.everywhere(reason=REASON).filter(
        offer=offer, sort__in=(MovementSort.RESERVE, MovementSort.RELEASE)
    )
    promised = moved.aggregate(packs=Sum("reserved_change"))["packs"] or 0
    return max(min(offer.quantity - promised, lot.free), 0)


def uses_of(lot: MedicineLot, receiver) -> Decimal | None:
    """Dose units of the item that the receiver uses in a day."""
    rows = MedicineUse.objects.owned_by(receiver).filter(item_key=lot.item_key)
    return rows.values_list("units_per_day", flat=True).first()


def units_before(lot: MedicineLot, receiver, day: date) -> int:
    """The receiver's own dose units of the item that expire no later: they are used first.  What
    has expired is used no more, and what is promised to others leaves."""
    rows = MedicineLot.objects.owned_by(receiver).filter(
        item_key=lot.item_key,
        expiry_date__range=(day, lot.expiry_date),
        quarantine_state=QuarantineState.RELEASED,
        pack_state=PackState.SEALED,
    )
    free = (F("on_hand") - F("reserved")) * F("pack_size")
    return rows.aggregate(units=Sum(free))["units"] or 0


def units_coming(lot: MedicineLot, receiver, request) -> int:
    """Dose units of the item that other transfers bring and that expire no later."""
    rows = SharingRequest.objects.borrowed_by(receiver).filter(
        state__in=(State.APPROVED, State.UNDERWAY),
        resource__medicine_lot__item_key=lot.item_key,
        resource__medicine_lot__expiry_date__lte=lot.expiry_date,
    )
    if request is not None:
        rows = rows.exclude(pk=request.pk)
    units = F("quantity") * F("resource__medicine_lot__pack_size")
    return int(rows.aggregate(units=Sum(units))["units"] or 0)


def earlier_lot(lot: MedicineLot, day: date) -> str:
    """The number of a released lot of the sender that expires before this one."""
    rows = MedicineLot.objects.everywhere(reason=REASON).filter(
        institution=lot.institution_id,
        item_key=lot.item_key,
        expiry_date__gte=day,
        expiry_date__lt=lot.expiry_date,
        on_hand__gt=F("reserved"),
        quarantine_state=QuarantineState.RELEASED,
        pack_state=PackState.SEALED,
    )
    return rows.order_by("expiry_date", "pk").values_list("lot_no", flat=True).first() or ""


def transfer_of(sharing_request) -> MedicineTransfer:
    return MedicineTransfer.objects.of(sharing_request).get()


def judge(sharing_requests: list, now: datetime, *, reader=None) -> list[Findings]:
    """What the rules say of each request, for the inbox and the request's page: to its sender also
    what the approval asks of the sender's other lots."""
    here = reader and reader.pk
    return [
        findings_of(wish_of(request, now, for_sender=request.owner_id == here))
        for request in sharing_requests
    ]


def wish_of(
    sharing_request, now: datetime, *, quantity: int | None = None, for_sender: bool = False
) -> TransferContext:
    """The wish of a stored request."""
    lot = lot_of(sharing_request.resource)
    transfer = transfer_of(sharing_request)
    day = day_at(now, lot.resource.site.time_zone)
    return context_of(
        lot,
        sharing_request.borrower,
        quantity=quantity or int(sharing_request.quantity),
        arrival=arrival_by_now(transfer.expected_on, day),
        now=now,
        price=transfer.unit_price,
        request=sharing_request,
        for_sender=for_sender,
    )
