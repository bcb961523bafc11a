"""Dongbei's series at Renhe: one that runs, one with a conflict, one that nobody collected.

Made by the portal's own actions: their logs, notices and audit trail are those of real ones.
"""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from demo.texts import PURPOSES
from demo.world import Device, Place, World
from medshare_portal.roles import Role
from resources.actions import blocks
from resources.models import Resource
from scheduling.actions import handovers, series, series_use
from scheduling.actions.requests import RequestTerms
from scheduling.models import Series, SharingRequest
from scheduling.queries.related import related_for_rules
from scheduling.recurrence import Hours, uses_on
from scheduling.share_modes import default_mode
from scheduling.states import Side, State

OWNER, BORROWER = "renhe", "dongbei"
WEEK = timedelta(days=7)
HOURS = Hours(starts=time(8), ends=time(14))


def make_series(world: World) -> None:
    if {OWNER, BORROWER} <= {place.spec.slug for place in world.places}:
        devices = _Devices(world)
        _runs(world, devices)
        _in_conflict(world, devices)
        _unused(world, devices)


class _Devices:
    """Renhe's devices one after the other: each series gets the next one that is free for it."""

    def __init__(self, world: World):
        self.world, self.borrower = world, world.place(BORROWER)
        self.left: Iterator[Device] = iter(
            [device for device in world.devices if device.place.spec.slug == OWNER]
        )

    def send(self, *, first_in: int, count: int, ago: timedelta, purpose: int) -> Series:
        """``count`` weeks running, the first in so many days from today."""
        for device in self.left:
            if device.readers is not None and self.borrower not in device.readers:
                continue
            try:
                with transaction.atomic():
                    return self._ask(device, first_in, count, ago, purpose)
            except series.DatesRefused:
                continue
        raise LookupError("no device of Renhe is free for a series")

    def _ask(self, device: Device, first_in: int, count: int, ago: timedelta, purpose: int):
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
        return series.send(
            resource=resource,
            borrower=self.borrower.institution,
            terms=terms,
            dates=[(use.starts_at, use.ends_at) for use in uses_on(days, HOURS, zone)],
            rule=f"FREQ=WEEKLY;COUNT={count}",
            by=person(self.borrower, Role.COORDINATOR),
            now=sent_at,
        )


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


def _runs(world: World, devices: _Devices) -> None:
    sent = devices.send(first_in=3, count=8, ago=timedelta(days=2), purpose=3)
    _approve_all(world, sent, world.moment - timedelta(days=1, hours=20))


def _in_conflict(world: World, devices: _Devices) -> None:
    """Waits for Renhe, which needs the device itself on the second date."""
    sent = devices.send(first_in=5, count=5, ago=timedelta(hours=7), purpose=6)
    second = _dates(sent, State.REQUESTED)[1]
    blocks.add(
        resource=second.resource,
        reason="own_use",
        starts_at=second.starts_at,
        ends_at=second.ends_at,
        by=person(world.place(OWNER), Role.COORDINATOR),
        now=world.moment - timedelta(hours=3),
    )


def _unused(world: World, devices: _Devices) -> None:
    """Twice running nobody came: Dongbei is asked whether it still needs the rest."""
    sent = devices.send(first_in=-9, count=7, ago=timedelta(days=12), purpose=2)
    _approve_all(world, sent, world.moment - timedelta(days=11))
    for row in _dates(sent, State.APPROVED)[:2]:
        late = row.starts_at + timedelta(hours=5)
        handovers.no_show(sharing_request=row, side=Side.SYSTEM, by=None, now=late)
    series_use.ask_unused(now=world.moment - timedelta(hours=20))
