"""One request of the made-up city, and the columns it is stored in."""

from dataclasses import dataclass, field

from demo.moments import HOUR, to_datetime
from demo.world import Device, Place
from medshare_portal.models import User
from scheduling.states import Side, State

NAMES = (
    "resource", "owner", "borrower", "offer", "kind", "state", "priority", "purpose", "mode",
    "delivery_site", "delivery_place", "transport", "units", "exclusive", "quantity", "starts_at",
    "ends_at", "blocked_from", "blocked_until", "asked_starts_at", "asked_ends_at", "asked_units",
    "hold_expires_at", "due_at", "escalation", "created_at", "created_by", "submitted_at",
    "decided_at", "decided_by", "decided_automatically", "decision_code", "decision_text",
    "accepted_findings", "fee_per_hour", "currency", "recall_notice_hours",
    "agreement_accepted_at", "actual_starts_at", "actual_ends_at", "overdue_level", "ended_at",
    "suspended_reason", "version",
)  # fmt: skip
ANSWER_HOURS = {"routine": 48, "urgent": 4, "asap": 2, "stat": 1}
POST_CHECK_HOURS = 48


@dataclass(slots=True, eq=False)
class Booking:
    """Times are minutes (demo.moments).  ``steps`` are (name, side, from, to, at)."""

    device: Device
    borrower: Place
    state: str
    starts: int
    ends: int
    mode: str
    asker: User
    submitted: int | None
    priority: str = "routine"
    purpose: str = ""
    units: int = 1
    asked: tuple[int, int, int] | None = None  # first asked: from, until, units
    decider: User | None = None
    decided: int | None = None
    automatic: bool = False
    reason: str = ""
    text: str = ""
    handed_over: int | None = None
    returned: int | None = None
    ended: int | None = None
    due: int | None = None
    hold_expires: int | None = None
    ward: str = ""
    transport: str = "borrower"
    overdue_level: int = 0
    escalation: int = 0
    problem: bool = False  # reported at the return
    findings: list = field(default_factory=list)
    steps: list = field(default_factory=list)
    official: User | None = None  # who approved in the owner's place, in a crisis
    data: dict = field(default_factory=dict)  # step → what its log keeps beside
    pk: int = 0

    @property
    def buffers(self) -> tuple[int, int]:
        """As resources.buffers has them: only a loan travels."""
        offer = self.device.offer
        if offer is None:
            return 0, 0
        way = offer.transport_minutes if self.mode == "loan" else 0
        return offer.setup_minutes + way, way + offer.cleaning_minutes

    def step(self, name: str, side: str, source: str, target: str, at: int) -> None:
        self.steps.append((name, side, source, target, at))

    def actor_of(self, side: str) -> User | None:
        people = {Side.BORROWER: self.asker, Side.OWNER: self.decider, Side.CITY: self.official}
        return people.get(side)


def row_of(booking: Booking) -> tuple:
    """The columns in the order of ``NAMES``."""
    device, offer = booking.device, booking.device.offer
    before, after = booking.buffers
    asked = booking.asked or (booking.starts, booking.ends, booking.units)
    loan = booking.mode == "loan"
    created = booking.submitted if booking.submitted is not None else booking.hold_expires - 15
    by = booking.official or booking.decider
    decider = by if booking.decided is not None and not booking.automatic else None
    return (
        device.resource.pk, device.place.institution.pk, booking.borrower.institution.pk,
        offer.pk if offer else None, "equipment", booking.state, booking.priority, booking.purpose,
        booking.mode, booking.borrower.sites[0].pk if loan else None, booking.ward if loan else "",
        booking.transport if loan else "none", booking.units, device.resource.units == 1, None,
        to_datetime(booking.starts), to_datetime(booking.ends),
        to_datetime(booking.starts - before), to_datetime(booking.ends + after),
        to_datetime(asked[0]), to_datetime(asked[1]), asked[2],
        _moment(booking.hold_expires), _moment(booking.due), booking.escalation,
        to_datetime(created), booking.asker.pk, _moment(booking.submitted),
        _moment(booking.decided), decider.pk if decider else None, booking.automatic,
        booking.reason, booking.text, booking.findings, offer.fee_per_hour if offer else 0, "CNY",
        offer.recall_notice_hours if offer else 24, _moment(booking.submitted) if loan else None,
        _moment(booking.handed_over), _moment(booking.returned), booking.overdue_level,
        _moment(booking.ended), "", max(1, len(booking.steps)),
    )  # fmt: skip


def _moment(minutes: int | None):
    return None if minutes is None else to_datetime(minutes)


def take_steps(booking: Booking) -> Booking:
    """Fill ``steps`` with the ordinary way to the booking's state."""
    owner, borrower, system = Side.OWNER, Side.BORROWER, Side.SYSTEM
    state, step = booking.state, booking.step
    if state == State.HELD:
        step("hold", borrower, "", State.HELD, booking.hold_expires - 15)
        return booking
    step("ask", borrower, "", State.REQUESTED, booking.submitted)
    if state == State.COUNTERED:
        step("counter", owner, State.REQUESTED, state, booking.decided)
    elif state in (State.DECLINED, State.WITHDRAWN, State.LAPSED):
        name, side = {
            State.DECLINED: ("decline", owner),
            State.WITHDRAWN: ("withdraw", borrower),
            State.LAPSED: ("lapse", system),
        }[state]
        step(name, side, State.REQUESTED, state, booking.ended)
    elif state != State.REQUESTED:
        _approved_steps(booking)
    return booking


def _approved_steps(booking: Booking) -> None:
    owner, borrower, system = Side.OWNER, Side.BORROWER, Side.SYSTEM
    state, step = booking.state, booking.step
    approve = ("auto_approve", system) if booking.automatic else ("approve", owner)
    if booking.official:
        approve = ("approve_by_city", Side.CITY)
    step(*approve, State.REQUESTED, State.APPROVED, booking.decided)
    if state == State.CANCELLED:
        step("cancel", borrower, State.APPROVED, state, booking.ended)
    elif state == State.NO_SHOW:
        step("no_show", system, State.APPROVED, state, booking.ended)
    if booking.handed_over is not None:
        step("hand_over", borrower, State.APPROVED, State.UNDERWAY, booking.handed_over)
    if booking.returned is not None:
        step("return", owner, State.UNDERWAY, State.FINISHED, booking.returned)
    if state == State.CLOSED:
        step("close", owner, State.FINISHED, state, booking.ended)


def hours(number: float) -> int:
    return int(number * HOUR)
