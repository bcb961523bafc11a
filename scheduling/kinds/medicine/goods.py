"""What arrived of a transfer, and whether it was close to its end."""

from zoneinfo import ZoneInfo

from medshare_portal import policy
from scheduling.goods import Goods

GOODS_RELATED = ("medicine_transfer", "resource__medicine_lot")


def packs_given(sharing_request) -> Goods | None:
    """None before the packs were counted."""
    transfer = getattr(sharing_request, "medicine_transfer", None)
    if transfer is None or transfer.accepted is None:
        return None
    resource, lot = sharing_request.resource, sharing_request.resource.medicine_lot
    arrived = sharing_request.actual_ends_at.astimezone(ZoneInfo(resource.site.time_zone)).date()
    left = (lot.expiry_date - arrived).days
    return Goods(
        accepted=transfer.accepted,
        rejected=transfer.rejected,
        lost=transfer.lost,
        unit_value=lot.unit_cost,
        currency=lot.currency,
        rescued=0 <= left <= policy.current().medicine.near_expiry_days,
    )
