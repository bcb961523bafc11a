"""What is asked of a transfer (MED-02, 03, 07, 08): does the move rescue anything?

Pure: ``TransferContext`` holds what was read.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from math import ceil

from django.utils.translation import gettext_lazy as _

from medshare_portal import policy
from medshare_portal.findings import Finding, Findings, Severity, collect
from medshare_portal.local_times import describe_date
from resources.kinds.medicine.fefo import usable_by_receiver
from resources.kinds.medicine.rules.lots import OFFER_RULES, LotContext
from resources.kinds.medicine.rules.sources import GDP, WHO, law
from resources.kinds.medicine.usability import days_left

BLOCK, WARN, INFO = Severity.BLOCK, Severity.WARN, Severity.INFO
FULL = Decimal(100)


@dataclass(frozen=True, kw_only=True)
class TransferContext:
    """So many packs of a lot for a receiver, each at ``price``.

    ``available`` is what the offer still gives, ``receiver_rate`` the receiver's dose units a day
    (None: not known), ``receiver_before`` its own dose units that it must use before the lot's
    last day.  ``earlier`` names a lot of the sender that expires before and is released; of it only
    the sender is told.
    """

    lot: object
    quantity: int
    price: Decimal
    available: int | None
    day: date
    arrival: date
    now: datetime
    receiver: object
    receiver_rate: Decimal | None
    receiver_before: int
    earlier: str = ""
    recall: str = ""

    @property
    def days_left(self) -> int:
        return days_left(self.lot.expiry_date, self.arrival)

    @property
    def usable(self) -> Decimal:
        """Dose units that the receiver can use in time."""
        return usable_by_receiver(
            self.receiver_rate,
            self.receiver_before,
            self.lot.expiry_date,
            self.arrival,
            policy.current().medicine.safety_days,
        )


def on_offer(context: TransferContext) -> Iterator[Finding]:
    """The offer is there and has so many packs left."""
    if context.available is None:
        yield Finding(code="OFR-01", severity=BLOCK, message=_("This lot is not offered any more."))
    elif context.quantity > context.available:
        yield Finding(
            code="OFR-05",
            severity=BLOCK,
            message=_("Only %(n)s packs are left of this offer."),
            params={"n": context.available},
        )


def not_to_oneself(context: TransferContext) -> Iterator[Finding]:
    """GEN-04"""
    if context.lot.institution_id == context.receiver.pk:
        yield Finding(code="GEN-04", severity=BLOCK, message=_("You own this resource."))


def licensed(context: TransferContext) -> Iterator[Finding]:
    """GEN-05: the receiver's practice licence lasts until the arrival."""
    valid_to = context.receiver.licence_valid_to
    if valid_to is not None and valid_to < context.arrival:
        yield Finding(
            code="GEN-05",
            severity=BLOCK,
            message=_("The practice licence of the receiver ends on %(day)s."),
            params={"day": describe_date(valid_to)},
        )


def not_before_today(context: TransferContext) -> Iterator[Finding]:
    """GEN-02"""
    if context.arrival < context.day:
        yield Finding(code="GEN-02", severity=BLOCK, message=_("The day of arrival is past."))


def of_the_lot(context: TransferContext) -> Iterator[Finding]:
    """What holds for the lot whenever it is offered, today and on the day of its arrival."""
    lot_context = LotContext(
        lot=context.lot,
        day=context.day,
        arrival=max(context.arrival, context.day),
        now=context.now,
        price=context.price,
        recall=context.recall,
    )
    yield from collect(OFFER_RULES, lot_context)


def near_its_end(context: TransferContext) -> Iterator[Finding]:
    """MED-03: close to its end the receiver's director must acknowledge it."""
    near = policy.current().medicine.near_expiry_days
    if context.days_left < near:
        yield Finding(
            code="MED-03",
            severity=INFO,
            message=_("%(left)s days will be left: the receiver's director must acknowledge it."),
            params={"left": max(context.days_left, 0)},
        )


def rescued_by_the_move(context: TransferContext) -> Iterator[Finding]:
    """MED-08: the receiver can use it in time; what would only expire elsewhere stays."""
    most = most_packs(context.lot, context.receiver_rate, context.receiver_before, context.arrival)
    refused = most is not None and context.quantity > most
    if not context.receiver_rate:
        yield Finding(
            code="MED-08",
            severity=BLOCK if refused else WARN,
            message=_("Nothing is known of your own use: it would only expire elsewhere."),
            advice=_("Import your daily use of this medicine first."),
            source=WHO,
        )
        return
    units = context.quantity * context.lot.pack_size
    if units <= context.usable:
        return
    days = ceil((units + context.receiver_before) / context.receiver_rate)
    yield Finding(
        code="MED-08",
        severity=BLOCK if refused else WARN,
        message=_("You would need %(days)s days to use this; %(left)s remain."),
        advice=_("Ask for at most %(packs)s packs."),
        params={
            "days": days,
            "left": max(context.days_left - policy.current().medicine.safety_days, 0),
            "packs": most_that_helps(context),
        },
        source=WHO,
    )


def most_packs(lot, rate: Decimal | None, own_units_before: int, arrival: date) -> int | None:
    """Of a lot that arrives on that day: MED-08 refuses more; None: it refuses no number."""
    pack = policy.current().medicine
    if not rate:
        return 0 if days_left(lot.expiry_date, arrival) < pack.near_expiry_days else None
    usable = usable_by_receiver(rate, own_units_before, lot.expiry_date, arrival, pack.safety_days)
    return int(usable * pack.receiver_share_percent / FULL // lot.pack_size)


def first_expired_first_out(context: TransferContext) -> Iterator[Finding]:
    """MED-07: the sender has an earlier lot of the same item."""
    if context.earlier:
        yield Finding(
            code="MED-07",
            severity=WARN,
            message=_("An earlier lot of this medicine is in stock: %(lot)s."),
            advice=_("Use that one yourself before its date, or send it instead."),
            params={"lot": context.earlier},
            source=GDP,
        )


def recorded_in_full(context: TransferContext) -> Iterator[Finding]:
    """MED-16: what a record of a transfer must say."""
    if not is_recorded(context.lot):
        yield Finding(
            code="MED-16",
            severity=BLOCK,
            message=_("The record of the transfer would be incomplete."),
            advice=_("Complete the page of the lot."),
            source=law(57),
        )


def is_recorded(lot) -> bool:
    wanted = (lot.strength, lot.lot_no, lot.expiry_date, lot.mah, lot.manufacturer, lot.dose_form)
    return all(wanted)


RULES = (
    on_offer,
    not_to_oneself,
    licensed,
    not_before_today,
    of_the_lot,
    near_its_end,
    rescued_by_the_move,
    first_expired_first_out,
    recorded_in_full,
)


def findings_of(context: TransferContext) -> Findings:
    """All rules at once, blocks first."""
    found = collect(RULES, context)
    rest = [finding for finding in found if finding.severity == INFO]
    return Findings(found.blocks + found.warnings + rest)


def most_that_helps(context: TransferContext) -> int:
    """The number of packs that the receiver can use in time, of those that are offered."""
    packs = int(context.usable // context.lot.pack_size)
    return max(min(packs, context.available or 0), 0)


def for_quantity(context: TransferContext, quantity: int) -> TransferContext:
    """The same wish with another number of packs."""
    return replace(context, quantity=quantity)


def earliest_arrival(day: date) -> date:
    """When a transfer that starts today arrives."""
    return day + timedelta(days=policy.current().medicine.transit_days)


def arrival_by_now(expected_on: date, day: date) -> date:
    """When a transfer that has not left arrives: when it was said to, also today.  Once that day
    is past nobody says when: it cannot be there sooner than one that starts today (MED-02)."""
    return expected_on if expected_on >= day else earliest_arrival(day)
