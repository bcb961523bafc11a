"""What a use costs: before it, and once it is over by the measure of its kind."""

from dataclasses import dataclass
from decimal import Decimal
from enum import nonmember

from django.db import models
from django.utils.translation import ngettext, pgettext_lazy

from medshare_portal.money import rounded

CENT, HUNDREDTH = 2, 2


class Unit(models.TextChoices):
    """By what a share is charged."""

    HOUR = "hour", pgettext_lazy("unit", "hours")
    SHIFT = "shift", pgettext_lazy("unit", "shifts")
    PACK = "pack", pgettext_lazy("unit", "packs")
    ACCESS = "access", pgettext_lazy("unit", "accesses")

    WHOLE = nonmember(("pack", "access"))

    def counted(self, quantity: Decimal, digits: str) -> str:
        """The ``digits`` in which a quantity is printed, with the unit: 1 pack, 2.5 hours."""
        number = 1 if quantity == 1 else 2
        words = {
            Unit.HOUR: ngettext("%(n)s hour", "%(n)s hours", number),
            Unit.SHIFT: ngettext("%(n)s shift", "%(n)s shifts", number),
            Unit.PACK: ngettext("%(n)s pack", "%(n)s packs", number),
            Unit.ACCESS: ngettext("%(n)s access", "%(n)s accesses", number),
        }
        return words[self] % {"n": digits}


@dataclass(frozen=True, kw_only=True)
class Charge:
    """``quantity`` has at most two digits after the point: what is printed is what is charged."""

    unit: Unit
    quantity: Decimal
    price: Decimal
    currency: str


def agreed_price(offer) -> dict:
    """The columns of a request that say at what price it was asked for; None: nothing was asked."""
    if offer is None:
        return {"fee_per_hour": 0, "fee_per_shift": None, "currency": "CNY"}
    return {name: getattr(offer, name) for name in ("fee_per_hour", "fee_per_shift", "currency")}


def cost_at(price, *, hours: float, units: int = 1, times: int = 1) -> Decimal:
    """Cost recovery at the price of an offer or a request: ``hours`` in so many ``times``."""
    if price.fee_per_shift is not None:
        return rounded(price.fee_per_shift * units * times, CENT)
    return cost_of(hours, units, price.fee_per_hour)


def cost_of(hours: float, units: int, fee_per_hour) -> Decimal:
    """Cost recovery of a use, to the cent."""
    return rounded(Decimal(str(hours)) * units * Decimal(fee_per_hour), CENT)


def used_hours(sharing_request) -> Charge | None:
    """Hours between handover and return, of all units together, at the agreed cost per hour."""
    used = sharing_request.actual_ends_at - sharing_request.actual_starts_at
    return per_hour(sharing_request, used, sharing_request.units)


def per_hour(sharing_request, length, units: int = 1) -> Charge:
    """A length of time at the request's cost per hour, to a hundredth of an hour."""
    seconds = Decimal(length.days * 86400 + length.seconds)
    return Charge(
        unit=Unit.HOUR,
        quantity=rounded(seconds * units / 3600, HUNDREDTH),
        price=sharing_request.fee_per_hour,
        currency=sharing_request.currency,
    )


def per_shift(sharing_request) -> Charge:
    """One shift, however long it became, at the request's cost per shift."""
    return Charge(
        unit=Unit.SHIFT,
        quantity=Decimal(1),
        price=sharing_request.fee_per_shift,
        currency=sharing_request.currency,
    )


def free_of_charge(sharing_request) -> Charge:
    """An access that costs nothing; it stands on the statement all the same."""
    return Charge(
        unit=Unit.ACCESS,
        quantity=Decimal(1),
        price=Decimal(0),
        currency=sharing_request.currency,
    )
