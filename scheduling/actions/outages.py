"""A device goes out of order, or works again: both sides of its bookings are told at once.

``outage_told_at`` on the request keeps what was told, so it does not matter who changed the
device's state, or how often this runs.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from resources.actions.equipment_status import followers
from scheduling import notices
from scheduling.actions._lock import REASON, lock_request
from scheduling.models import SharingRequest, TransitionLog
from scheduling.notice_table import BOTH
from scheduling.queries.outages import is_out_of_order, out_of_order
from scheduling.states import Side
from scheduling.workflow import RUNNING


@followers.decorator("bookings")
def tell(*, now: datetime, resource=None, by=None) -> int:
    """Tell of every booking whose device has changed; of those of one resource, if it is named."""
    rows = SharingRequest.objects.everywhere(reason=REASON).filter(state__in=RUNNING)
    if resource is not None:
        rows = rows.filter(resource=resource)
    broken = out_of_order().values("pk")
    down = rows.filter(resource__in=broken, outage_told_at__isnull=True)
    back = rows.filter(outage_told_at__isnull=False).exclude(resource__in=broken)
    return _tell_all(down, now, by) + _tell_all(back, now, by)


def _tell_all(rows: Iterable[SharingRequest], now: datetime, by) -> int:
    """The borrower of every booking; the owner, who has them all, of a device's next one."""
    told = set()
    for row in rows.order_by("starts_at", "pk"):
        sides = (Side.BORROWER,) if row.resource_id in told else BOTH
        with transaction.atomic():
            if _tell(row, sides, now, by):
                told.add(row.resource_id)
    return len(told)


def _tell(row: SharingRequest, sides: tuple[Side, ...], now: datetime, by) -> bool:
    fresh = lock_request(row)
    down = is_out_of_order(fresh.resource)
    if fresh.state not in RUNNING or down == (fresh.outage_told_at is not None):
        return False
    rows = SharingRequest.objects.everywhere(reason=REASON).filter(pk=fresh.pk)
    rows.update(outage_told_at=now if down else None)
    if TransitionLog.objects.of(fresh).faults().exists():
        return False  # both know: the borrower has reported it, the owner was told of the fault
    code = "device-down" if down else "device-back"
    notices.send(code, fresh, now=now, by=by, key=f"{now:%Y%m%dT%H%M%S}", sides=sides)
    return True
