"""Turns the scenes into requests, changes of time and blocks."""

import re
from datetime import timedelta

from demo.booking import ANSWER_HOURS, POST_CHECK_HOURS, Booking, take_steps
from demo.moments import DAY, HOUR, local_midnight, to_datetime
from demo.scenes import SCENE_UNCONFIRMED, SCENES, Scene
from demo.texts import EXTENSION_REASON, PURPOSES, RECALL_REASON
from demo.world import World
from medshare_portal.roles import Role
from resources.models import Offer, Resource
from scheduling.actions.clocks import percent_of
from scheduling.models import TimeChange
from scheduling.states import ChangeKind, ChangeStatus, Rung, Side, State

RECALLED_AGO, GIVEN_AGO = 2 * HOUR, 25
MOMENT = re.compile(r"(?:(?P<day>\d+)d(?P<hour>\d+))|(?P<shift>[+-]\d+)h")


def minutes_of(text: str, now: int) -> int:
    """``2d8`` or ``+4h`` in minutes; see demo.scenes."""
    found = MOMENT.fullmatch(text)
    if found["shift"]:
        return now // HOUR * HOUR + int(found["shift"]) * HOUR
    return local_midnight(now) + int(found["day"]) * DAY + int(found["hour"]) * HOUR


def scene_bookings(world: World) -> list[tuple[Scene, Booking]]:
    return [(scene, _booking(world, scene)) for scene in SCENES]


def _booking(world: World, scene: Scene) -> Booking:
    device, borrower, now = world.device(scene.device), world.place(scene.borrower), world.now
    chinese = borrower.speaks_chinese
    booking = Booking(
        device=device,
        borrower=borrower,
        state=State(scene.state),
        starts=minutes_of(scene.starts, now),
        ends=minutes_of(scene.ends, now),
        mode=scene.mode,
        asker=borrower.people[Role.COORDINATOR][0],
        submitted=None,
        priority=scene.priority,
        purpose=PURPOSES[scene.purpose][chinese],
        units=scene.units,
        decider=device.place.people[Role.APPROVER][0],
        ward=scene.ward,
        overdue_level=scene.overdue_level,
        escalation=scene.escalation,
        problem=scene.problem,
        text=scene.text[device.place.speaks_chinese],
    )
    _set_moments(world, scene, booking)
    take_steps(booking)
    _take_further_steps(scene, booking, now)
    return booking


def _take_further_steps(scene: Scene, booking: Booking, now: int) -> None:
    """Steps that leave the state as it is."""
    state = booking.state
    if scene.recalled_from:
        booking.step("recall", Side.OWNER, state, state, now - RECALLED_AGO)
    if scene.extension:
        asked = now + scene.extension_due - 4 * HOUR
        booking.step("ask_extension", Side.BORROWER, state, state, asked)
    for rung in list(Rung)[1 : scene.escalation + 1]:
        beyond = ANSWER_HOURS[scene.priority] * HOUR * (percent_of(rung) - 100) // 100
        booking.step(rung.step, Side.SYSTEM, state, state, booking.due + beyond)
    if scene.on_the_way:
        booking.step("give_handover", Side.OWNER, state, state, now - GIVEN_AGO)


def _set_moments(world: World, scene: Scene, booking: Booking) -> None:
    now = world.now
    if booking.state == State.HELD:
        booking.hold_expires = now + 12
        booking.purpose = ""
        return
    if booking.state == State.REQUESTED:
        booking.due = now + scene.due
        booking.submitted = booking.due - ANSWER_HOURS[scene.priority] * HOUR
        return
    booking.submitted = min(booking.starts, now) - 26 * HOUR
    booking.decided = booking.submitted + 3 * HOUR
    if booking.state == State.COUNTERED:
        booking.due = now + scene.due
        booking.decided = booking.due - 24 * HOUR
        booking.submitted = booking.decided - 5 * HOUR
        asked_from = minutes_of(scene.asked_from, now)
        booking.asked = (asked_from, minutes_of(scene.asked_until, now), booking.units)
    elif booking.state in (State.UNDERWAY, State.FINISHED):
        booking.handed_over = booking.starts + 6
    if booking.state == State.FINISHED:
        booking.returned = booking.ends + 4
        booking.due = booking.returned + POST_CHECK_HOURS * HOUR
    if scene.recalled_from:
        booking.asked = (booking.starts, minutes_of(scene.recalled_from, now), booking.units)


def make_time_changes(world: World, scenes: list[tuple[Scene, Booking]]) -> None:
    """Extensions that wait for an answer, and recalls that were made."""
    rows = [_extension(world, *pair) for pair in scenes if pair[0].extension]
    rows += [_recall(world, *pair) for pair in scenes if pair[0].recalled_from]
    TimeChange.unscoped.bulk_create(rows)


def _extension(world: World, scene: Scene, booking: Booking) -> TimeChange:
    chinese = booking.borrower.speaks_chinese
    due = world.now + scene.extension_due
    return TimeChange(
        sharing_request_id=booking.pk,
        kind=ChangeKind.EXTENSION,
        status=ChangeStatus.PENDING,
        old_ends_at=to_datetime(booking.ends),
        new_ends_at=to_datetime(minutes_of(scene.extension, world.now)),
        reason=EXTENSION_REASON[chinese],
        asked_at=to_datetime(due - 4 * HOUR),
        asked_by=booking.asker,
        due_at=to_datetime(due),
    )


def _recall(world: World, scene: Scene, booking: Booking) -> TimeChange:
    chinese = booking.device.place.speaks_chinese
    asked = world.moment - timedelta(minutes=RECALLED_AGO)
    return TimeChange(
        sharing_request_id=booking.pk,
        kind=ChangeKind.RECALL,
        status=ChangeStatus.AGREED,
        old_ends_at=to_datetime(minutes_of(scene.recalled_from, world.now)),
        new_ends_at=to_datetime(booking.ends),
        reason=RECALL_REASON[chinese],
        asked_at=asked,
        asked_by=booking.decider,
        decided_at=asked,
        decided_by=booking.decider,
    )


def age_offers(world: World) -> None:
    """Some offers of the scenes wait to be confirmed."""
    for code, days in SCENE_UNCONFIRMED:
        device = world.device(code)
        at = world.moment - timedelta(days=days, minutes=40)
        device.offer.confirmed_at = device.resource.confirmed_at = at
        Offer.unscoped.filter(pk=device.offer.pk).update(confirmed_at=at)
        Resource.unscoped.filter(pk=device.resource.pk).update(confirmed_at=at)
