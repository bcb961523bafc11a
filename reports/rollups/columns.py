"""What a row of a day counts.  The names are those of ``DailyRollup``'s columns and of ``Sums``.

Times are seconds of units: two units for an hour are 7200.  Counts of what a request came to
stand on the day on which it ended; ``requested`` on the day on which it was sent.
"""

from dataclasses import dataclass, fields

TIMES = (
    "offered",  # published as idle
    "booked",  # agreed, whether or not it was used; called off again: nothing
    "used",  # between handover and return
    "own_used",  # the owner's own: recorded use, kept times, its shifts
    "planned_down",  # of what was offered: in maintenance
    "unplanned_down",  # of what was offered: in repair
    "idle",  # of what was offered: nobody had it, buffers left out
)
OUTCOMES = (
    "filled", "refused", "too_slow", "missed", "withdrawn", "cancelled", "recalled",
    "released", "not_collected",
)  # fmt: skip
COUNTS = (
    "requested",
    "ended",
    *OUTCOMES,
    "answered",  # of what ended: the owner decided
    "answered_in_time",
    "answered_by_rule",
    "lent",  # of what ended: was handed over
    "returned_late",  # of those: more than an hour after the agreed end
    "filled_whole",  # of what was filled: everything that was first asked
)
GOODS = ("packs_asked", "packs_accepted", "packs_rejected", "packs_lost", "packs_rescued",
         "packs_expired")  # fmt: skip
# In smallest units of the row's currency.
WORTH = ("value_given", "value_rescued", "value_expired")  # at cost, on the owner's side only
MONEY = ("charged", *WORTH)
COLUMNS = (*TIMES, *COUNTS, *GOODS, *MONEY)


@dataclass(frozen=True, slots=True, order=True)
class Key:
    """Whose row it is.  ``side`` is "owner" (what it gave) or "borrower" (what it received)."""

    day: object
    institution_key: int
    side: str
    kind: str
    category_code: str
    currency: str


KEYS = tuple(field.name for field in fields(Key))
POSITION = {name: place for place, name in enumerate(COLUMNS)}
