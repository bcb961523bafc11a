"""Two institutions that lend to each other, and the moment after October 2026 is over."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from reports.models import LineDispute, Statement, StatementLine
from reports.settlement.actions import drafting
from reports.settlement.actions.disputes import Claim, dispute
from scheduling.models import StaffEngagement
from tests import make

HOUR = timedelta(hours=1)
OCTOBER = datetime(2026, 10, 14, 2, tzinfo=UTC)  # 10:00 in the city's zone
NOVEMBER = datetime(2026, 11, 1, 3, tzinfo=UTC)  # October is over there since eleven hours


def worked(request, *, pause=30):
    """The signed and confirmed timesheet of a shift."""
    StaffEngagement.unscoped.create(
        sharing_request=request, worked_from=request.actual_starts_at,
        worked_until=request.actual_ends_at, worked_break_minutes=pause,
        signed_by=request.created_by, signed_at=request.ended_at,
        confirmed_name="M", confirmed_at=request.ended_at,
    )  # fmt: skip
    return request


class Sharing:
    """``east`` and ``west`` with somebody who settles, and shares of every kind between them."""

    def __init__(self):
        self.east, self.west = make.institution("east"), make.institution("west")
        self.people = {
            place.pk: make.user(f"settles.{place.slug}", at=place, role="coordinator")
            for place in (self.east, self.west)
        }
        self.askers = {
            place.pk: make.user(f"asks.{place.slug}", at=place, role="approver")
            for place in (self.east, self.west)
        }
        self.devices = {}

    def other(self, place):
        return self.west if place == self.east else self.east

    def device(self, owner):
        if owner.pk not in self.devices:
            self.devices[owner.pk] = make.equipment(owner)
        return self.devices[owner.pk]

    def loan(self, owner, *, fee="100.00", hours=8, ended=OCTOBER, **fields):
        """A closed use of a device that was used for just so many hours."""
        used = fields.pop("used", timedelta(hours=hours))
        starts = ended - used - HOUR
        borrower = fields.pop("borrower", None) or self.other(owner)
        return make.sharing_request(
            fields.pop("device", None) or self.device(owner), borrower,
            state="closed", starts_at=starts, ends_at=starts + max(used, HOUR),
            actual_ends_at=starts + used, fee_per_hour=fee, ended_at=ended, now=starts,
            by=self.askers.get(borrower.pk), decided_by=self.askers[owner.pk], **fields,
        )  # fmt: skip

    def shift(self, owner, *, rate="120.00", shift=None, hours=8, pause=30, ended=OCTOBER):
        """Confirmed hours of a nurse, at a rate or (``shift``) at a price for the shift."""
        request = self.loan(
            owner, fee=0 if shift else rate, fee_per_shift=shift, hours=hours, ended=ended,
            device=make.person(owner), mode="service",
        )  # fmt: skip
        return worked(request, pause=pause)

    def transfer(self, owner, *, price="30.00", packs=5, ended=OCTOBER, **fields):
        """Packs that were received; all of them accepted unless told otherwise."""
        lot = make.offered_lot(owner, transfer_price=price, unit_cost=price, **fields)
        request = make.transfer(lot, self.other(owner), state="closed", packs=packs)
        type(request).unscoped.filter(pk=request.pk).update(
            ended_at=ended, actual_starts_at=ended - HOUR, actual_ends_at=ended,
            currency=lot.currency,
        )  # fmt: skip
        return request

    def access(self, owner, ended=OCTOBER):
        request = make.access_request(make.asset(owner), self.other(owner), state="closed")
        type(request).unscoped.filter(pk=request.pk).update(
            ended_at=ended, actual_starts_at=ended - HOUR, actual_ends_at=ended
        )
        return request

    def draft(self, now=NOVEMBER):
        return drafting.draft_due(now=now)

    def dispute(self, line, *, quantity="1", price="1", reason="Wrong", now=NOVEMBER + HOUR):
        return dispute(
            line=line, claim=Claim(quantity=Decimal(quantity), price=Decimal(price), reason=reason),
            institution=line.debtor, by=self.people[line.debtor_id], now=now,
        )  # fmt: skip

    def page(self, client, place, name, *arguments):
        client.force_login(self.people[place.pk])
        return client.get(reverse(f"reports:{name}", args=[place.slug, *arguments]))


KEY = {"idempotency_key": "a-key-that-nobody-had"}


class Desk:
    """East lent a device to west for 800.00; each side has somebody who settles."""

    def __init__(self):
        self.now = timezone.now()
        self.east, self.west = make.institution("east"), make.institution("west")
        self.device = make.equipment(self.east, name_en="Monitor", name_zh="监护仪")
        self.line = make.statement_line(self.device, self.west, now=self.now)
        self.statement = self.line.statement
        self.people = {
            place.slug: make.user(f"settles.{place.slug}", at=place, role="coordinator")
            for place in (self.east, self.west)
        }

    def address(self, place, name, *arguments):
        return reverse(f"reports:{name}", args=[place.slug, *arguments])

    def get(self, client, place, name, *arguments):
        client.force_login(self.people[place.slug])
        return client.get(self.address(place, name, *arguments))

    def post(self, client, place, name, *arguments, **data):
        client.force_login(self.people[place.slug])
        return client.post(self.address(place, name, *arguments), KEY | data)

    def disputed(self, **fields):
        return make.line_dispute(self.line, now=self.now, **fields)


@pytest.fixture
def desk(db):
    return Desk()


@pytest.fixture
def sharing(db):
    return Sharing()


def statement():
    """The only one."""
    return Statement.unscoped.get()


def line_of(request):
    return StatementLine.unscoped.get(sharing_request=request, sort="share")


def total():
    """What all lines add up to."""
    return sum(StatementLine.unscoped.values_list("amount", flat=True))


def disputes():
    return list(LineDispute.unscoped.order_by("pk"))
