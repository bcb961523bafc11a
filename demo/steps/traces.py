"""What requests leave behind: logged steps, handover records, recorded use."""

from collections.abc import Iterable, Iterator

from demo.booking import Booking
from demo.bulk import BulkTable
from demo.moments import DAY, to_datetime
from demo.texts import PROBLEM
from demo.world import World
from medshare_portal.roles import Role
from resources.models import UseLogEntry
from scheduling.kinds import kinds
from scheduling.models import Handover, TransitionLog
from scheduling.states import Stage

LOG_NAMES = ("sharing_request", "at", "by", "side", "transition", "from_state", "to_state",
             "old_starts_at", "old_ends_at", "new_starts_at", "new_ends_at", "reason_code", "text",
             "data")  # fmt: skip
HANDOVER_NAMES = (
    "sharing_request",
    "stage",
    "checklist",
    "accessories",
    "counter_reading",
    "decontaminated",
    "decontamination_record",
    "condition_note",
    "problem",
    "given_by",
    "given_at",
    "received_by",
    "receiver_name",
    "received_at",
)
USE_NAMES = ("resource", "institution", "use", "starts_at", "ends_at", "counter_start",
             "counter_end", "recorded_at")  # fmt: skip
# Steps whose text and reason are those of the decision.
DECISIONS = {"decline", "cancel", "counter"}
NEW_TIMES = {"counter", "recall"}


class Traces:
    """The three tables, written to as the requests come."""

    def __init__(self, world: World):
        self.world = world
        self.logs = BulkTable(TransitionLog, LOG_NAMES)
        self.handovers = BulkTable(Handover, HANDOVER_NAMES)
        self.uses = BulkTable(UseLogEntry, USE_NAMES)
        self.checklists = kinds["equipment"].checklists
        self.oldest = world.now - world.scale.log_days * DAY

    def write(self, bookings: Iterable[Booking]) -> None:
        recent = [booking for booking in bookings if booking.steps[-1][4] >= self.oldest]
        self.logs.write(row for booking in recent for row in _log_rows(booking))
        self.uses.write(_use_row(booking) for booking in recent if booking.returned is not None)
        if self.world.scale.with_handovers:
            self.handovers.write(row for booking in recent for row in self._handover_rows(booking))

    def finish(self) -> None:
        for table in (self.logs, self.handovers, self.uses):
            table.finish()

    def write_given(self, booking: Booking) -> None:
        """The owner has handed it over; nobody has signed for it yet."""
        at = booking.steps[-1][4]
        self.handovers.write([self._record(booking, Stage.HANDOVER, at, None, booking.decider)])

    def _handover_rows(self, booking: Booking) -> Iterator[tuple]:
        engineer = booking.device.place.people[Role.BIOMEDICAL_ENGINEER][0]
        if booking.handed_over is not None:
            yield self._record(
                booking, Stage.HANDOVER, booking.handed_over, booking.asker, engineer
            )
        if booking.returned is not None:
            yield self._record(booking, Stage.RETURN, booking.returned, engineer, booking.asker)
        if booking.state == "closed":
            yield self._record(booking, Stage.POST_CHECK, booking.ended, engineer, engineer)

    def _record(self, booking: Booking, stage: str, at: int, receiver, giver) -> tuple:
        checklist = {code: True for code, _label in self.checklists.get(stage, ())}
        counted = {str(row.pk): row.count for row in booking.device.accessories}
        return (
            booking.pk, stage, checklist, counted, booking.device.detail.counter_reading, True,
            f"XD-{booking.pk:06d}", *_remark(booking, stage), giver.pk, to_datetime(at - 5),
            receiver.pk if receiver else None, "", to_datetime(at) if receiver else None,
        )  # fmt: skip


def _remark(booking: Booking, stage: str) -> tuple[str, bool]:
    """(note, whether a problem was reported)."""
    if stage != Stage.RETURN or not booking.problem:
        return "", False
    return PROBLEM[booking.borrower.speaks_chinese], True


def _log_rows(booking: Booking) -> Iterator[tuple]:
    """Every step with the times before and after it; what was first asked may differ."""
    final = to_datetime(booking.starts), to_datetime(booking.ends)
    asked = booking.asked
    times = (to_datetime(asked[0]), to_datetime(asked[1])) if asked else final
    before = (None, None)
    for name, side, source, target, at in booking.steps:
        by = booking.actor_of(side)
        times = final if name in NEW_TIMES else times
        decided = name in DECISIONS
        text = booking.purpose if name == "ask" else booking.text if decided else ""
        reason = booking.reason if decided else ""
        yield (
            booking.pk, to_datetime(at), by.pk if by else None, side, name, source, target,
            *before, *times, reason, text, booking.data.get(name, {}),
        )  # fmt: skip
        before = times


def _use_row(booking: Booking) -> tuple:
    """Recorded by the owner when the device is back; without counter readings."""
    return (
        booking.device.resource.pk, booking.borrower.institution.pk, UseLogEntry.Use.SHARED,
        to_datetime(booking.handed_over), to_datetime(booking.returned), None, None,
        to_datetime(booking.ended or booking.returned),
    )  # fmt: skip


def chains_of(step: tuple, booking: Booking) -> tuple[str, ...]:
    """In whose trail a step is: a hold is the borrower's own affair."""
    borrower = booking.borrower.institution.slug
    if step[0] == "hold":
        return (borrower,)
    return booking.device.place.institution.slug, borrower
