"""A share as the numbers of days see it, and what it adds to the rows of its days."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from reports.demand import Outcome
from reports.rollups.columns import OUTCOMES
from reports.rollups.spans import Days, Span
from scheduling.kinds import kinds
from scheduling.states import State

FOREVER = 1 << 40  # a use that nobody has ended; the days cut it
TOLERANCE = 3600  # seconds after the agreed end in which a return is not late
LATE = 24 * 3600  # seconds before the start from which on calling off is late
AGREED = (Outcome.FILLED, Outcome.NOT_COLLECTED, Outcome.CANCELLED, Outcome.RECALLED)
BOOKED = (State.APPROVED, State.UNDERWAY, State.FINISHED, State.CLOSED, State.NO_SHOW)
LENT = (State.UNDERWAY, State.FINISHED, State.CLOSED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """From a fact of use, or from a request that is open: then without ``ended_at`` and what
    follows, but for what is known of its answer.  ``other_key`` is the institution on the other
    side."""

    other_key: int
    resource_key: int
    resource_units: int
    kind: str
    category_code: str
    currency: str
    time_zone: str
    state: str
    units: int
    submitted_at: datetime
    starts_at: datetime | None
    ends_at: datetime | None
    blocked_from: datetime | None
    blocked_until: datetime | None
    used_from: datetime | None
    used_until: datetime | None
    ended_at: datetime | None = None
    outcome: str = ""
    decided_at: datetime | None = None
    answer_due_at: datetime | None = None
    automatic: bool = False
    asked_units: int = 1
    asked_quantity: Decimal | None = None
    quantity: Decimal | None = None
    accepted: Decimal | None = None
    rejected: Decimal | None = None
    lost: Decimal | None = None
    unit_value: int = 0  # of one pack, in smallest units of the currency
    rescued: bool = False
    charge_amount: int | None = None
    distance_km: float | None = None
    exceptions_made: int | None = None

    @property
    def timed(self) -> bool:
        return self.starts_at is not None


def seconds(moment: datetime) -> int:
    return int(moment.timestamp())


def booked(share: Share) -> Span | None:
    """What was agreed; what nobody collected, until that was said."""
    if not share.timed or share.state not in BOOKED:
        return None
    last = seconds(share.ends_at)
    if share.state == State.NO_SHOW:
        last = min(last, seconds(share.ended_at))
    return seconds(share.starts_at), last, share.units


def used(share: Share) -> Span | None:
    if not share.timed or share.state not in LENT:
        return None
    return seconds(share.used_from), _given_until(share), share.units


def taken(share: Share) -> Span | None:
    """With set-up, transport and cleaning: nobody else could have had it."""
    span = booked(share)
    if span is None:
        return None
    first, last = seconds(share.blocked_from), seconds(share.blocked_until)
    if share.state == State.NO_SHOW:
        last = min(last, seconds(share.ended_at))
    elif share.state in LENT:
        first = min(first, seconds(share.used_from))
        last = _given_until(share) + last - seconds(share.ends_at)
    return first, last, share.units


def _given_until(share: Share) -> int:
    return FOREVER if share.used_until is None else seconds(share.used_until)


def events(share: Share, days: Days) -> Iterator[tuple[date, dict[str, int]]]:
    """(day, what is added to its columns): when it was sent, answered, and when it ended."""
    if day := days.of(seconds(share.submitted_at)):
        yield day, {"requested": 1}
    if share.decided_at is not None and (day := days.of(seconds(share.decided_at))):
        yield day, _answer(share)
    if share.ended_at is not None and (day := days.of(seconds(share.ended_at))):
        yield day, _ended(share)


def _ended(share: Share) -> dict[str, int]:
    added = {"ended": 1, "charged": share.charge_amount or 0}
    added |= _agreed(share) | _goods(share)
    if share.outcome in OUTCOMES:
        added[share.outcome] = 1
    if share.state == State.CLOSED:
        added["lent"] = 1
        added["returned_late"] = int(_late(share))
        added["confirmed"] = _used_seconds(share)
    if share.outcome == Outcome.FILLED:
        added["filled_whole"] = int(_whole(share))
        added["metres"] = round((share.distance_km or 0) * 1000)
    return added


def _agreed(share: Share) -> dict[str, int]:
    if share.outcome not in AGREED or share.decided_at is None:
        return {}
    added = {"excepted": int(bool(share.exceptions_made))}
    if share.timed:
        start = seconds(share.starts_at)
        added["notice"] = max(start - seconds(share.decided_at), 0)
        called_off = share.outcome == Outcome.CANCELLED
        added["cancelled_late"] = int(called_off and seconds(share.ended_at) > start - LATE)
    return added


def _used_seconds(share: Share) -> int:
    if not share.timed:
        return 0
    return (seconds(share.used_until) - seconds(share.used_from)) * share.units


def _answer(share: Share) -> dict[str, int]:
    return {
        "answered": 1,
        "answered_in_time": int(share.decided_at <= share.answer_due_at),
        "answered_by_rule": int(share.automatic),
    }


def _late(share: Share) -> bool:
    return share.timed and seconds(share.used_until) > seconds(share.ends_at) + TOLERANCE


def _whole(share: Share) -> bool:
    if share.timed:
        return share.units >= share.asked_units
    given = share.accepted if share.accepted is not None else share.quantity
    return given >= share.asked_quantity


def _goods(share: Share) -> dict[str, int]:
    if kinds[share.kind].goods is None or share.outcome == Outcome.WITHDRAWN:
        return {}
    return {"packs_asked": int(share.asked_quantity)} | _given(share)


def _given(share: Share) -> dict[str, int]:
    if share.accepted is None:
        return {}
    accepted, value = int(share.accepted), int(share.accepted * share.unit_value)
    return {
        "packs_accepted": accepted,
        "packs_rejected": int(share.rejected),
        "packs_lost": int(share.lost),
        "packs_rescued": accepted if share.rescued else 0,
        "value_given": value,
        "value_rescued": value if share.rescued else 0,
    }
