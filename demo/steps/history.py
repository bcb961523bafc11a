"""Requests by the thousand: each device's time is cut into slots, one request in each.

A request and its buffers stay within the slot, so that none meets another.  Sets of units have
two such lanes, each for half of the units.
"""

from collections.abc import Iterator

from demo.booking import ANSWER_HOURS, POST_CHECK_HOURS, Booking, take_steps
from demo.moments import DAY, HOUR, WEEK, into_daytime, local_midnight, weekday
from demo.steps.offers import PATTERNS
from demo.texts import CANCEL_TEXTS, DECLINE_TEXTS, PURPOSES, WARDS
from demo.world import Device, Place, World
from medshare_portal.roles import Role
from resources.enums import AutoApproval
from scheduling.states import LapseReason, State

AHEAD = 3 * WEEK
BEFORE_SCENES = 4 * DAY
LONGEST = 9 * DAY
PAST_STATES = (State.CLOSED, State.DECLINED, State.CANCELLED, State.WITHDRAWN, State.LAPSED,
               State.NO_SHOW)  # fmt: skip
PAST_WEIGHTS = (78, 7, 5, 4, 3, 3)
DECLINES = ("own_need", "other_won", "unsuitable", "not_ready", "terms", "other")
# The borrower calls off, so by reasons of its own; most often it is needed no longer.
CANCELS = ("no_longer_needed", "found_elsewhere", "no_longer_needed", "other")


def counts_per_device(world: World, total: int) -> list[int]:
    """``total`` shared out by demand, exactly."""
    weights = [device.demand for device in world.devices]
    whole, seen, done, counts = sum(weights), 0.0, 0, []
    for weight in weights:
        seen += weight
        reached = round(total * seen / whole)
        counts.append(reached - done)
        done = reached
    return counts


def bookings_of(world: World, device: Device, count: int) -> Iterator[Booking]:
    lanes = 2 if device.resource.units > 1 else 1
    for lane in range(lanes):
        share = count // lanes + (lane < count % lanes)
        units = max(1, device.resource.units // lanes)
        yield from _lane(world, device, share, units)


def _lane(world: World, device: Device, count: int, units: int) -> Iterator[Booking]:
    if not count:
        return
    first = local_midnight(world.now) - world.scale.days * DAY
    last = world.now - BEFORE_SCENES if device.in_scene else world.now + AHEAD
    length = (last - first) / count
    for number in range(count):
        begin = int(first + number * length)
        yield _one(world, device, begin, int(begin + length), units)


def _one(world: World, device: Device, begin: int, end: int, units: int) -> Booking:
    rng = world.rng
    starts, ends = _times(world, device, begin, end)
    borrower = _borrower(world, device)
    priority = rng.choices(("routine", "urgent", "asap", "stat"), (74, 19, 4, 3))[0]
    booking = Booking(
        device=device,
        borrower=borrower,
        state=State.REQUESTED,
        starts=starts,
        ends=ends,
        mode=rng.choice(device.type.modes),
        asker=borrower.person(Role.COORDINATOR, rng),
        submitted=None,
        priority=priority,
        purpose=rng.choice(PURPOSES)[borrower.speaks_chinese],
        units=rng.randint(1, units) if units > 1 else 1,
        ward=rng.choice(WARDS),
        transport=rng.choice(("borrower", "borrower", "owner", "city_van")),
    )
    _decide_fate(world, booking, end)
    return take_steps(booking)


def _times(world: World, device: Device, begin: int, end: int) -> tuple[int, int]:
    """A time in the slot that leaves its last third free; in the offered window where one fits."""
    rng, length = world.rng, end - begin
    if device.pattern != "always" and length > 8 * DAY:
        return _in_window(world, device, begin)
    starts = into_daytime(begin + int(rng.random() * 0.2 * length) + 4 * HOUR)
    share = (0.12 + 0.38 * rng.random()) * length
    if "loan" not in device.type.modes:
        share = min(share, rng.randint(2, 8) * HOUR)
    elif rng.random() < 0.3:
        share = min(share, rng.choice((6, 8, 12, 24)) * HOUR)
    return starts, starts + max(2 * HOUR, int(min(share, LONGEST)) // HOUR * HOUR)


def _in_window(world: World, device: Device, begin: int) -> tuple[int, int]:
    """In the first window of the pattern from the second day on."""
    windows = PATTERNS[device.pattern]
    day, first, last = world.rng.choice(windows)
    midnight = local_midnight(begin) + DAY
    midnight += (day - weekday(midnight)) % 7 * DAY
    length = world.rng.randint(2, max(2, min(last - first, 12)))
    start = first + world.rng.randint(0, last - first - length)
    return midnight + start * HOUR, midnight + (start + length) * HOUR


def _borrower(world: World, device: Device) -> Place:
    others = device.readers or world.places
    while True:
        place = world.rng.choice(others)
        if place is not device.place:
            return place


def _decide_fate(world: World, booking: Booking, slot_end: int) -> None:
    rng, now = world.rng, world.now
    before, after = booking.buffers
    if booking.ends + after + DAY * 3 < now:
        booking.state = rng.choices(PAST_STATES, PAST_WEIGHTS)[0]
        _past(world, booking)
    elif booking.starts - before <= now:
        _current(world, booking, slot_end, now)
    else:
        _future(world, booking)


def _past(world: World, booking: Booking) -> None:
    rng, state = world.rng, booking.state
    _submit(world, booking, booking.starts - rng.randint(6, 240) * HOUR)
    wait = booking.starts - booking.submitted
    answer = booking.submitted + max(5, int(wait * rng.random() * 0.5))
    if state in (State.WITHDRAWN, State.LAPSED):
        booking.ended = answer
        booking.reason = LapseReason.TOO_SLOW.value if state == State.LAPSED else ""
        return
    _decide(world, booking, answer, automatic=state != State.DECLINED)
    if state == State.CLOSED:
        _return(world, booking)
        booking.ended = booking.returned + rng.randint(1, 40) * HOUR
        return
    if state == State.DECLINED:
        booking.ended, booking.reason = answer, rng.choice(DECLINES)
        booking.text = rng.choice(DECLINE_TEXTS)[booking.device.place.speaks_chinese]
    elif state == State.CANCELLED:
        booking.ended = answer + int((booking.starts - answer) * rng.random())
        booking.reason = rng.choice(CANCELS)
        booking.text = rng.choice(CANCEL_TEXTS)[booking.borrower.speaks_chinese]
    else:
        booking.ended = booking.starts + 4 * HOUR


def _return(world: World, booking: Booking) -> None:
    rng = world.rng
    booking.handed_over = booking.starts + rng.randint(-10, 45)
    late = rng.randint(1, 20) * HOUR if rng.random() < 0.06 else rng.randint(-50, 20)
    booking.returned = booking.ends + late


def _current(world: World, booking: Booking, slot_end: int, now: int) -> None:
    """Out now, to be collected, or back and waiting for its check; some are overdue."""
    rng = world.rng
    _submit(world, booking, min(booking.starts, now) - rng.randint(30, 200) * HOUR)
    _decide(world, booking, booking.submitted + rng.randint(1, 20) * HOUR, automatic=True)
    if booking.starts > now - 20:
        booking.state = State.APPROVED
        return
    booking.handed_over = booking.starts + rng.randint(-10, 15)
    overdue = booking.ends < now - 30 and slot_end > now + DAY and rng.random() < 0.12
    if booking.ends >= now - 30 or overdue:
        booking.state = State.UNDERWAY
        booking.ends = max(booking.ends, now + 20) if not overdue else booking.ends
        return
    booking.state = State.FINISHED
    booking.returned = min(now - 10, booking.ends + rng.randint(-30, 15))
    if booking.returned < now - 12 * HOUR and rng.random() < 0.8:
        booking.state = State.CLOSED
        booking.ended = booking.returned + rng.randint(30, 11 * HOUR)
        return
    booking.due = booking.returned + POST_CHECK_HOURS * HOUR


def _future(world: World, booking: Booking) -> None:
    rng, now = world.rng, world.now
    if rng.random() < 0.32:
        answer = ANSWER_HOURS[booking.priority] * HOUR
        _submit(world, booking, now - int(answer * rng.uniform(0.05, 0.95)) - 1)
        booking.due = booking.submitted + answer
        return
    _submit(world, booking, now - rng.randint(20, 120) * HOUR)
    booking.state = State.APPROVED
    _decide(world, booking, booking.submitted + rng.randint(1, 18) * HOUR, automatic=True)


def _submit(world: World, booking: Booking, at: int) -> None:
    booking.submitted = at + world.rng.randrange(HOUR)


def _decide(world: World, booking: Booking, at: int, *, automatic: bool) -> None:
    """By the offer's rule where it has one and ``automatic`` allows it, else by a person."""
    offer, owner = booking.device.offer, booking.device.place
    booking.decided = at
    short = offer and booking.ends - booking.starts <= offer.auto_approval_max_hours * HOUR
    booking.automatic = bool(automatic and short and offer.auto_approval != AutoApproval.NEVER)
    booking.decider = owner.person(Role.APPROVER, world.rng)
