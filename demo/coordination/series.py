"""Dongbei's series at Renhe: one half used, one that runs, one with a conflict, one that nobody
collected, one whose last date waits for somebody else's time, and the nights of one nurse.

Made by the portal's own actions: their logs, notices and audit trail are those of real ones.
"""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Count, Q

from demo.texts import PURPOSES
from demo.world import Device, Place, World
from medshare_portal.models import Code
from medshare_portal.roles import Role
from resources.actions import blocks
from resources.models import Accessory, Resource
from scheduling.actions import handovers, series, series_use
from scheduling.actions.requests import RequestTerms
from scheduling.actions.series import Times
from scheduling.kinds import kinds
from scheduling.kinds.staff.actions.invitations import Invitation
from scheduling.kinds.staff.facts import Asked
from scheduling.models import Series, SharingRequest, StaffMail
from scheduling.queries.related import related_for_rules
from scheduling.queries.rule_facts import Wish
from scheduling.queries.series import outcomes
from scheduling.recurrence import Hours, uses_on
from scheduling.share_modes import default_mode
from scheduling.states import Side, Stage, State

OWNER, BORROWER = "renhe", "dongbei"
WEEK = timedelta(days=7)
HOURS = Hours(starts=time(8), ends=time(14))
NIGHTS = Hours(starts=time(20), ends=time(8), days_later=1)
MOST_TRIED, FEW, AHEAD = 30, 4, 50  # people; nights of the series, among so many days
APART = timedelta(days=5)


def make_series(world: World) -> None:
    if {OWNER, BORROWER} <= {place.spec.slug for place in world.places}:
        devices = _Devices(world)
        _half_used(world, devices)
        _runs(world, devices)
        _in_conflict(world, devices)
        _unused(world, devices)
        _nights(world)
        _waits(world, devices)


class _ByRule(Exception):
    """A rule of the owner approved it at once: here people answer."""


class _Devices:
    """Renhe's devices one after the other: each series gets the next one that is free for it."""

    def __init__(self, world: World):
        self.world, self.borrower = world, world.place(BORROWER)
        taken = SharingRequest.unscoped.filter(state__in=(State.REQUESTED, State.UNDERWAY))
        taken = set(taken.values_list("resource", flat=True))  # wanted already, or not back yet
        self.left: Iterator[Device] = iter(
            device
            for device in world.devices
            if device.place.spec.slug == OWNER and device.resource.pk not in taken
        )

    def send(
        self, *, first_in: int, count: int, ago: timedelta, purpose: int, last_taken: bool = False
    ) -> Series:
        """``count`` weeks running, the first in so many days from today; what is in the way of the
        last one is waited for."""
        for device in self.left:
            if device.readers is not None and self.borrower not in device.readers:
                continue
            try:
                with transaction.atomic():
                    return self._ask(device, first_in, count, ago, purpose, last_taken)
            except (series.DatesRefused, blocks.BlockOverBooking, _ByRule):
                continue
        raise LookupError("no device of Renhe is free for a series")

    def _ask(self, device: Device, first_in: int, count: int, ago, purpose: int, last_taken: bool):
        resource = Resource.unscoped.select_related(*related_for_rules("equipment")).get(
            pk=device.resource.pk
        )
        zone = ZoneInfo(resource.site.time_zone)
        first = self.world.today + timedelta(days=first_in)
        days = [first + number * WEEK for number in range(count)]
        sent_at = self.world.moment - ago
        terms = RequestTerms(
            starts_at=sent_at,
            ends_at=sent_at,
            mode=default_mode(resource),
            purpose=PURPOSES[purpose][self.borrower.speaks_chinese],
            delivery_site=self.borrower.sites[0],
            delivery_place="A-3F ICU",
            agreement_accepted=True,
        )
        dates = [(use.starts_at, use.ends_at) for use in uses_on(days, HOURS, zone)]
        waiting = dates[-1:] if last_taken else []
        for times in waiting:
            _keep(self.world, resource, times, sent_at - timedelta(hours=2))
        sent = series.send(
            resource=resource,
            borrower=self.borrower.institution,
            terms=terms,
            dates=dates[: len(dates) - len(waiting)],
            waiting=waiting,
            rule=f"FREQ=WEEKLY;COUNT={count}",
            by=person(self.borrower, Role.COORDINATOR),
            now=sent_at,
        )
        if _dates(sent, State.APPROVED):
            raise _ByRule
        return sent


def person(place: Place, role: Role):
    return place.people[role][0]


def _dates(sent: Series, state: State) -> list[SharingRequest]:
    rows = SharingRequest.unscoped.filter(series=sent, state=state)
    return list(rows.select_related("resource__site", "owner", "borrower").order_by("starts_at"))


def _approve_all(world: World, sent: Series, at: datetime) -> None:
    series.answer(
        series=sent,
        approve=[row.pk for row in _dates(sent, State.REQUESTED)],
        decline=[],
        by=person(world.place(OWNER), Role.APPROVER),
        now=at,
    )


def _half_used(world: World, devices: _Devices) -> None:
    """Collected twice; the others are still to come."""
    sent = devices.send(first_in=-12, count=6, ago=timedelta(days=16), purpose=1)
    _approve_all(world, sent, world.moment - timedelta(days=15))
    for row in _dates(sent, State.APPROVED)[:2]:
        _use(world, row)


def _use(world: World, row: SharingRequest) -> None:
    """Handed over, brought back and checked, each in time."""
    owner, borrower = world.place(OWNER), world.place(BORROWER)
    lent_by, asker = person(owner, Role.COORDINATOR), person(borrower, Role.COORDINATOR)
    for stage, giver, at, by, receiver in (
        (Stage.HANDOVER, owner, row.starts_at, lent_by, asker),
        (Stage.RETURN, borrower, row.ends_at, asker, lent_by),
    ):
        record = _record(row, stage, receiver_name=str(receiver))
        handovers.give(
            sharing_request=row,
            stage=stage,
            record=record,
            by=by,
            institution=giver.institution,
            now=at,
        )
    handovers.close(
        sharing_request=row,
        record=_record(row, Stage.POST_CHECK),
        by=person(owner, Role.BIOMEDICAL_ENGINEER),
        now=row.ends_at + timedelta(hours=2),
    )


def _record(row: SharingRequest, stage: Stage, **fields) -> handovers.HandoverRecord:
    """Everything in order."""
    accessories = Accessory.unscoped.filter(resource=row.resource_id)
    return handovers.HandoverRecord(
        checklist={code: True for code, _label in kinds[row.kind].checklists[stage]},
        accessories={str(one.pk): one.count for one in accessories},
        decontaminated=True,
        decontamination_record=f"CL-{row.pk:05d}",
        **fields,
    )


def _nights(world: World) -> None:
    """Four nights, a week or so apart, a nurse of Renhe comes; the home employer has agreed."""
    host, now = world.place(BORROWER), world.moment - timedelta(hours=6)
    for nurse in _nurses(world):
        nights = _free_nights(world, host, nurse, now)
        if len(nights) < FEW:
            continue
        sent = _invite(host, nurse, nights, now)
        series.answer(
            series=sent,
            approve=[row.pk for row in _dates(sent, State.REQUESTED)],
            decline=[],
            by=person(world.place(OWNER), Role.STAFFING_MANAGER),
            now=now + timedelta(hours=2),
        )
        StaffMail.unscoped.filter(sent_at=None).update(sent_at=world.moment)
        return


def _nurses(world: World):
    """Renhe's people, those first whom Dongbei knows."""
    host = world.place(BORROWER).institution
    people = Resource.unscoped.filter(kind="staff", institution=world.place(OWNER).institution)
    known = people.annotate(known=Count("requests", filter=Q(requests__borrower=host)))
    related = related_for_rules("staff")
    return known.select_related(*related).order_by("-known", "pk")[:MOST_TRIED]


def _free_nights(world: World, host: Place, nurse: Resource, now: datetime) -> list[Times]:
    """The first few of the next weeks that the rules let pass as they are."""
    first = world.today + timedelta(days=7)
    uses = uses_on(
        [first + timedelta(days=number) for number in range(AHEAD)],
        NIGHTS,
        ZoneInfo(host.sites[0].time_zone),
    )
    wish = Wish(
        resource=nurse,
        borrower=host.institution,
        starts_at=uses[0].starts_at,
        ends_at=uses[0].ends_at,
        asked=_asked(host),
    )
    found: list[Times] = []
    for one in outcomes(uses, wish=wish, institution=host.institution, now=now, units=False):
        apart = not found or one.use.starts_at - found[-1][0] >= APART
        if apart and one.findings.verdict == "ok":
            found.append(one.times)
    return found[:FEW]


def _asked(host: Place, beside: tuple[Times, ...] = ()) -> Asked:
    specialty = Code.objects.get(system__slug="cn-clinical-specialty", code="28")
    return Asked(break_minutes=60, specialty=specialty, site=host.sites[0], beside=beside)


def _invite(host: Place, nurse: Resource, nights: list[Times], now: datetime) -> Series:
    terms = Invitation(
        starts_at=nights[0][0],
        ends_at=nights[0][1],
        asked=_asked(host, tuple(nights)),
        ward="A-3F ICU",
        purpose=("Night cover in intensive care.", "重症监护夜班支援。")[host.speaks_chinese],
        accepted={},
    )
    return series.send(
        resource=nurse,
        borrower=host.institution,
        terms=terms,
        dates=nights,
        by=person(host, Role.COORDINATOR),
        now=now,
    )


def _runs(world: World, devices: _Devices) -> None:
    sent = devices.send(first_in=3, count=8, ago=timedelta(days=2), purpose=3)
    _approve_all(world, sent, world.moment - timedelta(days=1, hours=20))


def _waits(world: World, devices: _Devices) -> None:
    """The free dates are booked; for the last one, which Renhe keeps for itself, Dongbei waits."""
    sent = devices.send(
        first_in=6, count=4, ago=timedelta(days=1, hours=6), purpose=4, last_taken=True
    )
    _approve_all(world, sent, world.moment - timedelta(days=1))


def _in_conflict(world: World, devices: _Devices) -> None:
    """Waits for Renhe, which needs the device itself on the second date."""
    sent = devices.send(first_in=5, count=5, ago=timedelta(hours=7), purpose=6)
    second = _dates(sent, State.REQUESTED)[1]
    times = second.starts_at, second.ends_at
    _keep(world, second.resource, times, world.moment - timedelta(hours=3))


def _keep(world: World, resource: Resource, times: Times, now: datetime) -> None:
    """Renhe needs the device itself."""
    blocks.add(
        resource=resource,
        reason="own_use",
        starts_at=times[0],
        ends_at=times[1],
        by=person(world.place(OWNER), Role.COORDINATOR),
        now=now,
    )


def _unused(world: World, devices: _Devices) -> None:
    """Twice running nobody came: Dongbei is asked whether it still needs the rest."""
    sent = devices.send(first_in=-9, count=7, ago=timedelta(days=12), purpose=2)
    _approve_all(world, sent, world.moment - timedelta(days=11))
    for row in _dates(sent, State.APPROVED)[:2]:
        late = row.starts_at + timedelta(hours=5)
        handovers.no_show(sharing_request=row, side=Side.SYSTEM, by=None, now=late)
    series_use.ask_unused(now=world.moment - timedelta(hours=20))
