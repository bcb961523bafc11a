"""What will be left of each lot when it expires: first expired, first out.

Consumption is spent on the lot that expires first, then on the next.  Pure arithmetic, in dose
units; days are counted after today, because part of today's use is already in the count.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class Batch:
    """A lot of one item: how many dose units are on hand, and the last day of use."""

    key: int
    expiry_date: date
    units: int


@dataclass(frozen=True)
class Outlook:
    """What becomes of a lot; ``place`` is its turn among the lots of the item, from 1."""

    key: int
    place: int
    used: Decimal
    left: Decimal


def outlook(
    batches: Iterable[Batch], units_per_day: Decimal | None, today: date
) -> dict[int, Outlook]:
    """{key: what becomes of it}.  Without known consumption all of every lot is left."""
    rate = units_per_day or Decimal(0)
    return outlook_of(batches, lambda days: rate * days, today)


def outlook_of(
    batches: Iterable[Batch], used_within: Callable[[int], Decimal], today: date
) -> dict[int, Outlook]:
    """The same for a consumption that changes: ``used_within(days)`` is what is used until then.

    Lots that expire on the same day are used in the order of their keys.
    """
    spent = Decimal(0)
    found = {}
    in_turn = sorted(batches, key=lambda batch: (batch.expiry_date, batch.key))
    for place, batch in enumerate(in_turn, start=1):
        until_then = used_within(max((batch.expiry_date - today).days, 0))
        used = min(Decimal(batch.units), max(until_then - spent, Decimal(0)))
        spent += used
        found[batch.key] = Outlook(batch.key, place, used, batch.units - used)
    return found


def usable_by_receiver(
    units_per_day: Decimal | None,
    own_units_before: int,
    expiry_date: date,
    arrival: date,
    safety_days: int,
) -> Decimal:
    """How many dose units another institution can use of a lot before it expires (MED-08).

    Its own stock that expires no later is used first; ``safety_days`` are kept in hand.
    """
    days = (expiry_date - arrival).days - safety_days
    return max((units_per_day or Decimal(0)) * max(days, 0) - own_units_before, Decimal(0))
