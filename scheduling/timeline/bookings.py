"""From bookings, blocks and offered times to the marks of one resource's lane, and its status."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from medshare_portal.local_times import clock_words, describe_duration
from resources.enums import BlockReason
from scheduling.states import State
from scheduling.timeline.axis import Axis, weekday_name
from scheduling.timeline.clock import Clock
from scheduling.timeline.marks import Mark

PAST = (State.FINISHED, State.CLOSED)
UNDECIDED = (State.REQUESTED, State.COUNTERED)


@dataclass(frozen=True)
class Reader:
    """Who looks, when, on which clock, and what the addresses of requests begin with."""

    institution_id: int
    now: datetime
    requests_url: str
    clock: Clock

    def url(self, pk: int | None) -> str:
        return f"{self.requests_url}{pk}/" if pk else ""

    def period(self, booking, until: datetime) -> str:
        """By the clock of where it is used; where the calendar's is another, with its name."""
        if booking.zone in (None, self.clock.zone.key):
            return self.clock.period(booking.starts_at, until)
        there = self.clocks.setdefault(booking.zone, Clock(ZoneInfo(booking.zone)))
        return f"{there.period(booking.starts_at, until)} ({booking.zone})"

    @cached_property
    def clocks(self) -> dict[str, Clock]:
        return {}

    @cached_property
    def comma(self) -> str:
        return pgettext("clause", ", ")

    @cached_property
    def taken(self) -> str:
        """Of times of which the reader may not know more."""
        return _("Taken")


@dataclass
class Story:
    """All that happens on one resource within the axis."""

    row: object
    bookings: list = field(default_factory=list)
    blocks: list = field(default_factory=list)
    offered: list = field(default_factory=list)  # (from, until)


def is_late(booking, now: datetime) -> bool:
    return booking.state == State.UNDERWAY and booking.ends_at < now


def ends_at(booking) -> datetime:
    """When the use ended, where it ended before its time."""
    actual = booking.actual_ends_at
    if booking.state in PAST and actual and booking.starts_at < actual < booking.ends_at:
        return actual
    return booking.ends_at


def marks_of(story: Story, reader: Reader) -> list[Mark]:
    at_risk = next_at_risk(story.bookings, reader.now)
    marks = [_block_mark(block, reader) for block in story.blocks]
    for booking in story.bookings:
        if booking.pk is None:
            marks.append(_taken_mark(booking.starts_at, booking.ends_at, reader))
        else:
            marks += _booking_marks(booking, reader, booking is at_risk)
    return marks


def next_at_risk(bookings, now: datetime):
    """The booking that a late return puts at risk: the first that begins after the agreed end."""
    late = next((booking for booking in bookings if is_late(booking, now)), None)
    coming = [
        booking
        for booking in bookings
        if late and booking.state == State.APPROVED and booking.starts_at >= late.ends_at
    ]
    return min(coming, key=lambda booking: booking.starts_at, default=None)


def _taken_mark(starts_at, ends_at, reader) -> Mark:
    title = f"{reader.taken}{reader.comma}{reader.clock.period(starts_at, ends_at)}"
    return Mark("taken", starts_at, ends_at, reader.taken, title)


def _block_mark(block, reader) -> Mark:
    """The owner's own need; without a reason it is somebody else's."""
    if not block.reason:
        return _taken_mark(block.starts_at, block.ends_at, reader)
    css = "own" if block.reason == BlockReason.OWN_USE else "repair"
    words = str(BlockReason(block.reason).label)
    label = f"{words}{reader.comma}{block.note}" if block.note else words
    title = f"{label}{reader.comma}{reader.clock.period(block.starts_at, block.ends_at)}"
    return Mark(css, block.starts_at, block.ends_at, label, title)


def _booking_marks(booking, reader, at_risk) -> list[Mark]:
    until = ends_at(booking)
    label, words = label_of(booking, reader), state_words(booking, reader)
    if at_risk:
        label = _("%(name)s, at risk") % {"name": label}
    title = reader.comma.join((label, words, reader.period(booking, until)))
    css = _css(booking, reader)
    glyph = "play" if css == "use" else ""
    if at_risk:
        css = f"{css} bar-at-risk"
    url = reader.url(booking.pk)
    marks = [Mark(css, booking.starts_at, until, label, title, url, glyph)]
    if is_late(booking, reader.now):
        marks.append(_late_mark(booking, label, reader, url))
    elif booking.state not in UNDECIDED:
        marks += _buffers(booking, until)
    return marks


def _late_mark(booking, label, reader, url) -> Mark:
    late = describe_duration(reader.now - booking.ends_at)
    title = _("%(name)s, %(time)s late") % {"name": label, "time": late}
    return Mark("late", booking.ends_at, reader.now, "", title, url, "late")


def _buffers(booking, until) -> list[Mark]:
    """Set-up and transport before, cleaning and checks after: hatched, the legend names them."""
    marks = []
    if booking.blocked_from < booking.starts_at:
        marks.append(Mark("clean", booking.blocked_from, booking.starts_at))
    if booking.blocked_until > booking.ends_at:
        marks.append(Mark("clean", until, until + (booking.blocked_until - booking.ends_at)))
    return marks


def _css(booking, reader) -> str:
    if booking.state in UNDECIDED:
        return "asked"
    if booking.state in PAST:
        return "past"
    if booking.state == State.HELD:
        return "hold"
    if booking.state == State.UNDERWAY:
        return "booked" if is_late(booking, reader.now) else "use"
    return "booked"


def label_of(booking, reader) -> str:
    """Whose time it is, as short as it can be said."""
    if booking.borrower_id == reader.institution_id:
        name = booking.place or _("With us")
    else:
        name = booking.borrower
    if booking.units > 1:
        name = _("%(name)s, %(units)s units") % {"name": name, "units": booking.units}
    return _("%(name)s?") % {"name": name} if booking.state in UNDECIDED else name


def state_words(booking, reader) -> str:
    if is_late(booking, reader.now):
        return _("overdue")
    return {
        State.HELD: _("held"),
        State.REQUESTED: _("requested, not decided"),
        State.COUNTERED: _("counter-offer, not answered"),
        State.APPROVED: _("booked"),
        State.UNDERWAY: _("in use"),
    }.get(booking.state, _("returned"))


@dataclass(frozen=True)
class Status:
    """The status word of a row: shape, colour and word (see the tag ``verdict``)."""

    tone: str
    words: str
    icon: str = ""
    late: bool = False


def status_of(story: Story, axis: Axis, reader: Reader) -> Status:
    """What is true now; on an axis without the present, how much is booked."""
    late = next((b for b in story.bookings if is_late(b, reader.now)), None)
    if late is not None:
        time = describe_duration(reader.now - late.ends_at)
        return Status("bad", _("%(time)s late") % {"time": time}, "warn", late=True)
    if not axis.shows(reader.now):
        return _status_of_period(story)
    return _status_now(story, axis, reader)


def _status_of_period(story) -> Status:
    number = sum(booking.state not in UNDECIDED for booking in story.bookings)
    if number:
        words = ngettext("%(n)s booking", "%(n)s bookings", number) % {"n": number}
        return Status("neutral", words)
    return Status("ok", _("Free")) if story.offered else Status("neutral", _("Not offered"))


def _status_now(story, axis, reader) -> Status:
    now = reader.now
    block = next((b for b in story.blocks if b.starts_at <= now < b.ends_at), None)
    if block is not None:
        return _status_of_block(block, reader)
    here = [b for b in story.bookings if _occupies(b, now)]
    if story.row.units > 1 and here:
        return _status_of_set(story.row.units, here)
    if here:
        return _status_of_booking(here[0], reader)
    return _status_of_idle(story, axis, reader)


def _occupies(booking, now) -> bool:
    if booking.state == State.UNDERWAY:
        return True
    return booking.state not in UNDECIDED and booking.blocked_from <= now < _free_again(booking)


def _free_again(booking) -> datetime:
    return ends_at(booking) + (booking.blocked_until - booking.ends_at)


def _status_of_block(block, reader) -> Status:
    if not block.reason:
        return Status("neutral", reader.taken)
    if block.reason == BlockReason.OWN_USE:
        return Status("neutral", _("Own use"), "home")
    return Status(
        "bad" if block.reason == BlockReason.REPAIR else "warn",
        str(BlockReason(block.reason).label),
        "wrench",
    )


def _status_of_set(units, here) -> Status:
    free = max(0, units - sum(booking.units for booking in here))
    words = _("%(free)s of %(all)s free") % {"free": free, "all": units}
    return Status("partial" if free else "use", words)


def _status_of_booking(booking, reader) -> Status:
    if booking.pk is None:
        return Status("neutral", reader.taken)
    if booking.state in PAST:
        return Status("waiting", _("Being cleaned"))
    if booking.borrower_id == reader.institution_id:
        if booking.state == State.UNDERWAY:
            return Status("info", _("With us"), "arrow-in")
        return Status("waiting", _("On its way to us"))
    if booking.state == State.UNDERWAY:
        return Status("use", booking.borrower)
    return Status("waiting", _("Being handed over"))


def _status_of_idle(story, axis, reader) -> Status:
    coming = [
        booking
        for booking in story.bookings
        if booking.state == State.APPROVED
        and reader.now <= booking.starts_at < reader.now + timedelta(days=2)
    ]
    theirs = story.row.institution_id != reader.institution_id
    if coming and theirs:
        at = min(coming, key=lambda booking: booking.starts_at).starts_at.astimezone(axis.zone)
        return Status("waiting", f"{weekday_name(at)} {clock_words(at)}")
    if any(first <= reader.now < last for first, last in story.offered):
        return Status("ok", _("Free"))
    return Status("neutral", _("Not offered"))
