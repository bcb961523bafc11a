"""The line that a closed share becomes: by its kind's measure, in its currency's smallest unit."""

from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from medshare_portal.money import TooLarge, amount_of
from reports.models import StatementLine
from reports.settlement.states import LineSort
from scheduling.kinds import kinds
from scheduling.models import SharingRequest
from scheduling.states import State

REASON = "the city's settlement is of all institutions"


def without_line(shares: QuerySet, since: datetime, until: datetime) -> QuerySet:
    """Of these requests, the shares that were closed in this time and stand on no statement."""
    written = StatementLine.objects.everywhere(reason=REASON).filter(
        sort=LineSort.SHARE, sharing_request=OuterRef("pk")
    )
    related = {path for kind in kinds for path in kind.charge_related}
    return shares.filter(
        ~Exists(written), state=State.CLOSED, ended_at__gte=since, ended_at__lt=until
    ).select_related("resource", *sorted(related))


def line_of(share: SharingRequest, now: datetime) -> StatementLine | None:
    """Not yet on a statement; ``currency`` beside it is its statement's.  None: it cannot be
    charged, because the record of its use is missing or the amount is too large."""
    charge = kinds[share.kind].charge(share)
    try:
        if charge is None or min(charge.quantity, charge.price) < 0:
            raise ValueError(charge)
        amount = amount_of(charge.quantity, charge.price, charge.currency)
    except (TooLarge, ValueError):
        return None
    line = StatementLine(
        sort=LineSort.SHARE,
        creditor_id=share.owner_id,
        debtor_id=share.borrower_id,
        sharing_request=share,
        kind=share.kind,
        reference=share.reference,
        what_en=f"{share.resource.name_en or share.resource.name_zh} {share.resource.code}",
        what_zh=f"{share.resource.name_zh or share.resource.name_en} {share.resource.code}",
        starts_at=share.actual_starts_at,
        ends_at=share.actual_ends_at,
        unit=charge.unit,
        quantity=charge.quantity,
        price=charge.price,
        amount=amount,
        made_at=now,
    )
    line.currency = charge.currency
    return line
