"""What a transfer costs: the packs that the receiver accepted, at the price agreed per pack."""

from decimal import Decimal

from scheduling.costs import Charge, Unit

RELATED = ("medicine_transfer",)


def accepted_packs(sharing_request) -> Charge | None:
    """Rejected and lost packs cost the receiver nothing; None before the packs were counted."""
    transfer = getattr(sharing_request, "medicine_transfer", None)
    if transfer is None or transfer.accepted is None:
        return None
    return Charge(
        unit=Unit.PACK,
        quantity=Decimal(transfer.accepted),
        price=transfer.unit_price,
        currency=sharing_request.currency,
    )
