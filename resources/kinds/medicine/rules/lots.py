"""What is asked of a lot whenever it is offered, promised or sent (domain rules MED-01 … MED-18).

Pure: everything that is looked at comes in a ``LotContext``.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from medshare_portal import policy
from medshare_portal.findings import Finding, Severity
from medshare_portal.local_times import describe_date
from resources.enums_medicine import ControlClass, PackState, QuarantineState
from resources.kinds.medicine.rules.sources import WHO, law
from resources.kinds.medicine.usability import Against, days_left, reasons_against

BLOCK, WARN, INFO = Severity.BLOCK, Severity.WARN, Severity.INFO


@dataclass(frozen=True, kw_only=True)
class LotContext:
    """A lot on a day.  ``lot`` has the columns of MedicineLot; ``day`` is the site's date,
    ``arrival`` when a receiver could have it; ``price`` what a pack costs the receiver, as asked
    or agreed; ``recall`` the number of a notice on it, if any."""

    lot: object
    day: date
    arrival: date
    now: datetime
    price: Decimal
    recall: str = ""


def usable(context: LotContext) -> Iterator[Finding]:
    """MED-01, MED-12, MED-13: usable today, by the one function that says so."""
    lot = context.lot
    for reason in reasons_against(lot, context.day):
        if reason in (Against.NO_DATE, Against.EXPIRED):
            yield Finding(
                code="MED-01",
                severity=BLOCK,
                message=_("The lot expired on %(day)s."),
                advice=_("Write it off; nobody may use it."),
                params={"day": describe_date(lot.expiry_date)},
                source=law(98),
            )
        elif reason == Against.NOT_SEALED:
            yield Finding(
                code="MED-13",
                severity=BLOCK,
                message=_("Only unopened packs with an intact seal are shared: %(state)s."),
                params={"state": PackState(lot.pack_state).label},
                source=WHO,
            )
        else:
            yield _not_released(lot, reason)


def _not_released(lot, reason: Against) -> Finding:
    recalled = reason == Against.RECALLED
    return Finding(
        code="MED-12" if recalled else "MED-13",
        severity=BLOCK,
        message=_("The lot is not released: %(state)s."),
        advice=_("Keep it apart and follow the recall notice.") if recalled else "",
        params={"state": QuarantineState(lot.quarantine_state).label},
        source=law(82) if recalled else "",
    )


def not_under_recall(context: LotContext) -> Iterator[Finding]:
    """MED-12: a notice on the approval number and lot, and a check that is not too old."""
    if context.recall:
        yield Finding(
            code="MED-12",
            severity=BLOCK,
            message=_("Recall notice %(reference)s is about this lot."),
            advice=_("Keep it apart and follow the recall notice."),
            params={"reference": context.recall},
            source=law(82),
        )
    checked, days = context.lot.recall_checked_at, policy.current().medicine.recall_check_days
    if checked is None or context.now - checked > timedelta(days=days):
        yield Finding(
            code="MED-12",
            severity=BLOCK,
            message=_("Recalls were not checked for this lot in the last %(days)s days."),
            advice=_("Look at the notices of the authority and confirm that you did."),
            params={"days": days},
            source=law(82),
        )


def lasts_until_received(context: LotContext) -> Iterator[Finding]:
    """MED-02: enough days left when it could arrive."""
    floor = least_days_at_receipt(context.lot)
    left = days_left(context.lot.expiry_date, context.arrival)
    if left < floor:
        yield Finding(
            code="MED-02",
            severity=BLOCK,
            message=_("It would arrive with %(left)s days left; %(floor)s are needed."),
            advice=_("Use it yourself, or return it to your supplier."),
            params={"left": max(left, 0), "floor": floor},
        )


def least_days_at_receipt(lot) -> int:
    return max(policy.current().medicine.floor_days, lot.min_days_at_receipt)


def may_be_listed(context: LotContext) -> Iterator[Finding]:
    """MED-04, MED-05, MED-06: what its class allows."""
    lot = context.lot
    if lot.control_class in ControlClass.BLOCKED:
        yield Finding(
            code="MED-04",
            severity=BLOCK,
            message=_("%(class)s: medicines of this class are not shared through a portal."),
            advice=_("In an emergency borrow on paper and report it to the authority."),
            params={"class": ControlClass(lot.control_class).label},
            source=law(61),
        )
    elif lot.control_class in ControlClass.DUAL_SIGN_OFF:
        yield Finding(
            code="MED-05",
            severity=INFO,
            message=_("%(class)s: two people of each side sign every transfer."),
            params={"class": ControlClass(lot.control_class).label},
        )
    elif lot.control_class == ControlClass.HOSPITAL_PREPARATION and not lot.preparation_approval:
        yield Finding(
            code="MED-06",
            severity=BLOCK,
            message=_("A hospital preparation needs the regulator's approval to leave the house."),
            advice=_("Enter the number of the approval on the page of the lot."),
            source=law(76),
        )


def has_a_basis(context: LotContext) -> Iterator[Finding]:
    """MED-09: hospitals buy from licensed enterprises; anything else needs its basis."""
    lot = context.lot
    if not lot.transfer_basis or not lot.basis_evidence:
        yield Finding(
            code="MED-09",
            severity=BLOCK,
            message=_("The basis of a transfer and its evidence are missing."),
            advice=_("Enter both on the page of the lot."),
            source=law(55),
        )
    elif lot.transfer_basis not in policy.current().medicine.allowed_basis:
        yield Finding(
            code="MED-09",
            severity=BLOCK,
            message=_("“%(basis)s” is no basis for a transfer here."),
            params={"basis": lot.get_transfer_basis_display()},
            source=law(55),
        )


def without_profit(context: LotContext) -> Iterator[Finding]:
    """MED-10: nobody earns by sharing, also when the cost was corrected after the agreement."""
    if context.price > context.lot.unit_cost:
        yield Finding(
            code="MED-10",
            severity=BLOCK,
            message=_("The price is higher than the cost of the pack."),
            advice=_("End this request and let the receiver ask again at the present price."),
            source=law(85),
        )


def one_hop_only(context: LotContext) -> Iterator[Finding]:
    """MED-18: what came from another hospital stays."""
    if context.lot.received_from_id is not None:
        yield Finding(
            code="MED-18",
            severity=BLOCK,
            message=_("It came from %(name)s and is not passed on."),
            params={"name": context.lot.received_from.name},
        )


OFFER_RULES = (
    usable,
    not_under_recall,
    lasts_until_received,
    may_be_listed,
    has_a_basis,
    without_profit,
    one_hop_only,
)
