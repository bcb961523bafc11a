"""What a row of a day counts.  The names are those of ``DailyRollup``'s columns and of ``Sums``.

Times are seconds of units: two units for an hour are 7200.  Counts of what a request came to
stand on the day on which it ended; ``requested`` on the day on which it was sent, ``answered…``
on the day of the decision, whether or not the request has ended since.
"""

from datetime import date
from typing import NamedTuple

TIMES = (
    "offered",  # published as idle
    "booked",  # agreed, whether or not it was used; called off again: nothing
    "used",  # between handover and return
    "own_used",  # the owner's own: recorded use, kept times, its shifts
    "planned_down",  # of what was offered: in maintenance, and not in repair besides
    "unplanned_down",  # of what was offered: in repair
    "idle",  # of what was offered: nobody had it, buffers left out
    "repair",  # out of order, offered or not
    "confirmed",  # of what closed: used, as both sides signed it
    "notice",  # of what was agreed for a time: from the yes to the start, once for all units
    "load_used",  # of sets of several units: used
    "load_most",  # of these: what all units would have been used for meanwhile
)
OUTCOMES = (
    "filled", "refused", "too_slow", "missed", "withdrawn", "cancelled", "recalled",
    "released", "not_collected",
)  # fmt: skip
# Of information, on its owner's side; what was recognised on the side of who had the result.
LOOKS = (
    "looks",  # let through
    "looks_refused",
    "looks_emergency",  # of those let through: by breaking the glass
    "reviews_due",  # of broken glass: its review was to be made by this day
    "reviewed_in_time",
    "grants_approved",  # on the day of the decision; emergencies are nobody's decision
    "grants_denied",
    "grants_ended",
    "grants_expired",  # of those: on their last day, by themselves
    "looks_granted",  # of those: how often they were used
    "recognisable",
    "recognised",
)
COUNTS = (
    "requested",
    "ended",
    *OUTCOMES,
    "answered",  # the owner decided
    "answered_in_time",
    "answered_by_rule",
    "lent",  # of what ended: was handed over
    "returned_late",  # of those: more than an hour after the agreed end
    "filled_whole",  # of what was filled: everything that was first asked
    "cancelled_late",  # of what the borrower called off: less than a day before its start
    "excepted",  # of what was agreed: by an exception from a rule of the law
    "metres",  # of what was filled: one way
    "failures",  # went out of order
    *LOOKS,
)
# Of what ended and was not withdrawn: what is refused was asked for too.
GOODS = ("packs_asked", "packs_accepted", "packs_rejected", "packs_lost", "packs_rescued",
         "packs_expired", "packs_used")  # fmt: skip
# In smallest units of the row's currency.
# At cost, on the owner's side only; the stock on the last day of each month.
WORTH = ("value_given", "value_rescued", "value_expired", "value_used", "value_stock")
MONEY = ("charged", *WORTH)
COLUMNS = (*TIMES, *COUNTS, *GOODS, *MONEY)
# Figures of equipment are of devices alone, whatever else a sum has: these columns of that kind.
DEVICE, EQUIPMENT = "device_", "equipment"
DEVICE_TIMES = (
    "offered", "booked", "used", "own_used", "planned_down", "unplanned_down", "idle",
)  # fmt: skip
DEVICE_COUNTS = ("lent", "returned_late")
OF_DEVICES = tuple(f"{DEVICE}{name}" for name in (*DEVICE_TIMES, *DEVICE_COUNTS))
# What scorecards and the city's overview are made of.
SCORED = (
    "offered", "used", "requested", "ended", "filled", "refused", "too_slow", "withdrawn",
    "cancelled", "recalled", "not_collected", "answered", "answered_in_time", "packs_asked",
    "packs_accepted", "packs_rescued", "value_rescued", *OF_DEVICES,
)  # fmt: skip


class Key(NamedTuple):
    """Whose row it is.  ``side`` is "owner" (what it gave) or "borrower" (what it received)."""

    day: date
    institution_key: int
    side: str
    kind: str
    category_code: str
    currency: str


def summed(name: str, table: str = "") -> str:
    """The sum of a column, or of what it has of devices, in SQL."""
    place = f"{table}." if table else ""
    if not name.startswith(DEVICE):
        return f'SUM({place}"{name}")'
    column = name.removeprefix(DEVICE)
    return f"""SUM(CASE WHEN {place}"kind" = '{EQUIPMENT}' THEN {place}"{column}" ELSE 0 END)"""


KEYS = Key._fields
SUM_KEYS = ("level", *KEYS)
POSITION = {name: place for place, name in enumerate(COLUMNS)}
