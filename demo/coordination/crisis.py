"""A past crisis: five days of flood, what was asked and agreed under it, and who decided.

It ended by itself a week ago; one device is still out.  None runs when the city opens.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

from demo.booking import NAMES, Booking, row_of, take_steps
from demo.bulk import BulkTable
from demo.moments import DAY, HOUR, to_datetime, to_quarter
from demo.steps.traces import Traces, chains_of
from demo.world import Device, World
from medshare_portal import audit, crises, crisis_notices
from medshare_portal.models import (
    AuditEvent,
    Crisis,
    CrisisAct,
    CrisisReach,
    CrisisRelaxation,
    Notification,
    RoleGroup,
    User,
)
from medshare_portal.relaxations import relaxations
from medshare_portal.roles import Role
from scheduling.kinds import kinds
from scheduling.models import CityApproval, SharingRequest
from scheduling.relaxations.city_approval import CITY_APPROVES, STEP
from scheduling.relaxations.shorter_notice import SHORTER
from scheduling.states import Side, State

BEGAN, LASTED, WAIT = 12 * DAY, 5 * DAY, 30
EXTENDED_AFTER = 60 * HOUR
KIND = "equipment"
RULED = {"en": "The river stands 40 cm above the mark; two wards move upstairs.",
         "zh": "河水超警戒线 40 厘米，两个病区上移。"}  # fmt: skip
LONGER = "雨势未减，南区供电仍不稳定。"
OBJECTION = "设备当晚本院抢救室也需要，批准前未接到电话。"


@dataclass(frozen=True)
class Deed:
    """Minutes after the beginning; ``answer`` minutes after it was sent; hours of use."""

    owner: str
    borrower: str
    sent: int
    answer: int
    hours: int
    priority: str = "stat"
    state: str = State.CLOSED
    city: bool = False
    objected: bool = False
    relaxed: tuple[str, ...] = ()
    reason: str = field(default="")


DEEDS = (
    Deed("renhe", "dongbei", 130, 18, 30, relaxed=(SHORTER,)),
    Deed("dongbei", "renhe", 5 * HOUR, 41, 40, city=True, objected=True),
    Deed("renhe", "jiangnan", 22 * HOUR, 65, 26, priority="urgent", relaxed=(SHORTER,)),
    Deed("jiangnan", "renhe", 30 * HOUR, 25, 20),
    Deed("dongbei", "jiangnan", 44 * HOUR, 12, 24, state=State.DECLINED, reason="own_need"),
    Deed("jiangnan", "dongbei", 70 * HOUR, 34, 36, city=True, relaxed=(SHORTER,)),
    Deed("renhe", "dongbei", 90 * HOUR, 28, 16 * 24, state=State.UNDERWAY),
)


def declare_crisis(world: World) -> Crisis:
    """Open until ``make_crisis`` ends it: what is told of its time is marked by itself."""
    return _declared(world, city_official())


def make_crisis(world: World, crisis: Crisis) -> None:
    """What was done with devices under it; then its acts, and its end."""
    official = crisis.declared_by
    _acts(world, crisis)
    bookings = list(_bookings(world, crisis, official))
    _store(world, crisis, bookings)
    for deed, booking in bookings:
        if deed.city:
            _approval(crisis, deed, booking)
        _trail(booking)
    Notification.unscoped.filter(event__startswith="crisis.").update(read_at=crisis.ended_at)


def city_official() -> User:
    group = RoleGroup.unscoped.get(institution=None, role=Role.CITY_OFFICIAL).group
    return group.user_set.order_by("pk").first()


def _declared(world: World, official: User) -> Crisis:
    """As the actions would have left it; its token is the city's, not a secret's."""
    began = to_datetime(world.now - BEGAN)
    end = began + timedelta(minutes=LASTED)
    crisis = Crisis.objects.create(
        name_en="Flood in the south",
        name_zh="南部洪涝",
        reason=f"{RULED['zh']}\n{RULED['en']}",
        whole_city=True,
        notice_hours=1,
        wait_minutes=WAIT,
        starts_at=began,
        declared_by=official,
        ends_at=end,
        token=_token(world),
    )
    CrisisReach.objects.bulk_create(
        CrisisReach(crisis=crisis, institution=place.institution, kind=kind.code)
        for place in world.places
        for kind in kinds
    )
    CrisisRelaxation.objects.bulk_create(
        CrisisRelaxation(crisis=crisis, code=code) for code in sorted(relaxations.names())
    )
    crises.forget()  # the same seed gave the same token in an earlier city
    return crisis


def _acts(world: World, crisis: Crisis) -> None:
    """Declared for three days, extended, and ended by itself."""
    official, began, end = crisis.declared_by, crisis.starts_at, crisis.ends_at
    first_end, extended = began + timedelta(days=3), began + timedelta(minutes=EXTENDED_AFTER)
    crisis.is_open, crisis.ended_at, crisis.token = False, end, _token(world)
    crisis.save()
    for act, at, by, until, reason in (
        ("declared", began, official, first_end, crisis.reason),
        ("extended", extended, official, end, LONGER),
        ("ran_out", end, None, end, ""),
    ):
        _act(crisis, act, at, by, until, reason)


def _token(world: World) -> str:
    return f"{world.rng.getrandbits(128):032x}"


def _act(crisis: Crisis, act: str, at, by, until, reason: str) -> None:
    row = CrisisAct.objects.create(
        crisis=crisis, act=act, at=at, by=by, ends_at=until, reason=reason
    )
    crisis_notices.tell(crisis, row, now=at)
    audit.record(
        chains=[AuditEvent.CITY],
        by=by,
        action=f"crisis.{act}",
        obj=crisis,
        now=at,
        data={"ends_at": [None, until.isoformat()], "reason": reason},
    )


def _bookings(world: World, crisis: Crisis, official: User) -> Iterator[tuple[Deed, Booking]]:
    taken: set[int] = set()
    for deed in DEEDS:
        sent = world.now - BEGAN + deed.sent
        starts = _starts(sent)
        device = _free(world, deed.owner, starts, starts + deed.hours * HOUR, taken)
        if device is None:
            continue  # a small city has nothing left
        taken.add(device.resource.pk)
        yield deed, _booking(world, crisis, deed, device, sent, official)


def _starts(sent: int) -> int:
    """Two hours after it was asked."""
    return to_quarter(sent + 2 * HOUR)


def _free(world: World, owner: str, starts: int, ends: int, taken: set[int]) -> Device | None:
    """A single device of the owner's that nothing else needs around that time."""
    around = (to_datetime(starts - DAY), to_datetime(ends + DAY))
    busy = SharingRequest.unscoped.filter(blocked_from__lt=around[1], blocked_until__gt=around[0])
    busy = taken | set(busy.values_list("resource_id", flat=True))
    return next(
        (
            device
            for device in world.devices
            if device.place.spec.slug == owner
            and device.offer is not None
            and device.resource.units == 1
            and device.readers is None
            and not device.in_scene
            and device.resource.pk not in busy
            and "loan" in device.type.modes
        ),
        None,
    )


def _booking(world, crisis, deed: Deed, device, sent: int, official: User) -> Booking:
    borrower, starts = world.place(deed.borrower), _starts(sent)
    ends, decided = starts + deed.hours * HOUR, sent + deed.answer
    over = deed.state == State.CLOSED
    booking = Booking(
        device=device,
        borrower=borrower,
        state=deed.state,
        starts=starts,
        ends=ends,
        mode="loan",
        asker=borrower.people[Role.COORDINATOR][0],
        submitted=sent,
        priority=deed.priority,
        purpose=RULED["zh" if borrower.speaks_chinese else "en"],
        decider=device.place.people[Role.APPROVER][0],
        decided=decided,
        official=official if deed.city else None,
        reason=deed.reason,
        handed_over=starts if deed.state != State.DECLINED else None,
        returned=ends if over else None,
        ended=ends + 3 * HOUR if over else decided if deed.reason else None,
    )
    take_steps(booking)
    _mark(booking, deed, crisis, world)
    return booking


def _mark(booking: Booking, deed: Deed, crisis: Crisis, world: World) -> None:
    """Every step that was made while the crisis ran, with what it relaxed."""
    for name, _side, _from, _to, at in booking.steps:
        if at < world.now - BEGAN + LASTED:
            booking.data[name] = {"crisis": crisis.pk}
    if deed.relaxed:
        booking.data["ask"]["relaxed"] = list(deed.relaxed)
    if deed.city:
        booking.data[STEP] |= {"relaxed": [CITY_APPROVES], "waited": deed.answer}


def _store(world: World, crisis: Crisis, bookings: list[tuple[Deed, Booking]]) -> None:
    table, traces = BulkTable(SharingRequest, (*NAMES, "crisis")), Traces(world)
    for pk, (_deed, booking) in enumerate(bookings, start=table.next_pk):
        booking.pk = pk
    rows = [booking for _deed, booking in bookings]
    table.write((*row_of(booking), crisis.pk) for booking in rows)
    traces.write(rows)
    table.finish()
    traces.finish()


def _approval(crisis: Crisis, deed: Deed, booking: Booking) -> None:
    at = to_datetime(booking.decided)
    said = {}
    if deed.objected:
        said = {
            "objected_at": at + timedelta(hours=2),
            "objected_by": booking.decider,
            "objection": OBJECTION,
        }
    CityApproval.unscoped.create(
        sharing_request_id=booking.pk,
        crisis=crisis,
        by=booking.official,
        at=at,
        reason="ICU 两名患者等候，出借方未答复。",
        waited_minutes=deed.answer,
        **said,
    )


def _trail(booking: Booking) -> None:
    """The steps in both sides' audit trails; the city's own step in its trail as well."""
    stored = SharingRequest.unscoped.get(pk=booking.pk)
    for step in booking.steps:
        name, side, source, target, at = step
        city = [AuditEvent.CITY] if side == Side.CITY else []
        audit.record(
            chains=[*chains_of(step, booking), *city],
            by=booking.actor_of(side),
            action=f"request.{name}",
            obj=stored,
            now=to_datetime(at),
            data={"kind": KIND, "state": [source, target], "reason": booking.reason}
            | booking.data.get(name, {}),
        )
