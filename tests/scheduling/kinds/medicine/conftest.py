"""A lot on offer, its owner's pharmacists, and a receiver who uses the medicine."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.urls import reverse
from django.utils import timezone

from resources.models import MedicineLot
from scheduling.kinds.medicine.actions import asking, deciding, moving
from tests import make


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def today(now):
    return timezone.localdate(now)


@pytest.fixture
def sides():
    """owner and borrower with their people; the borrower uses 4 pens a day."""
    owner, borrower = make.institution("owner"), make.institution("borrower")
    make.medicine_use(borrower, 4)
    return SimpleNamespace(
        owner=owner,
        borrower=borrower,
        sender=make.user("sender", at=owner, role="pharmacist"),
        sender_two=make.user("sender.two", at=owner, role="pharmacist"),
        receiver=make.user("receiver", at=borrower, role="pharmacist"),
        receiver_two=make.user("receiver.two", at=borrower, role="pharmacist"),
        director=make.user("director", at=borrower, role="approver"),
    )


@pytest.fixture
def offered(sides):
    """A function that puts a lot on offer: 100 packs of 5 pens, all of them offered."""

    def put(*, stock=100, quantity=None, **fields):
        lot = make.medicine_lot(
            sides.owner, stock=stock, status="listed", visibility="all", **fields
        )
        offer = make.offer(lot.resource, quantity=quantity or stock, intervals=[])
        lot.resource.confirmed_at = offer.confirmed_at
        lot.resource.save()
        return lot

    return put


@pytest.fixture
def lot(offered):
    return offered()


@pytest.fixture
def ask(sides, now, today):
    def send(lot, quantity=20, **fields):
        values = {
            "quantity": quantity,
            "expected_on": today + timedelta(days=1),
            "purpose": "Ours runs out.",
            "delivery_site": sides.borrower.sites.get(),
        }
        terms = asking.TransferTerms(**values | fields)
        return asking.ask(
            resource=lot.resource, borrower=sides.borrower, terms=terms, by=sides.receiver, now=now
        )

    return send


PACKAGE = moving.Package(seal_no="S-1", courier="City van", logger_no="L-7")


@pytest.fixture
def go(sides, now, ask):
    """The steps of a transfer, each by the person whose step it is."""

    class Steps:
        def approve(self, request, quantity=None, by=None, **fields):
            return deciding.approve(
                sharing_request=request,
                quantity=quantity or int(request.quantity),
                by=by or sides.sender,
                now=now,
                **fields,
            )

        def sign(self, request, part="director", by=None):
            return deciding.sign(
                sharing_request=request, part=part, by=by or sides.director, now=now
            )

        def dispatch(self, request, package=PACKAGE, recalls_checked=True):
            return moving.dispatch(
                sharing_request=request,
                package=package,
                recalls_checked=recalls_checked,
                by=sides.sender,
                now=now,
            )

        def receive(self, request, accepted=20, rejected=0, lost=0, **fields):
            lot = MedicineLot.unscoped.get(pk=request.resource_id)
            values = {
                "lot_no": lot.lot_no,
                "expiry_date": lot.expiry_date,
                "coldest": 3,
                "warmest": 6,
                "excursion_minutes": 0,
                "temperature_record": "L-7.pdf",
            }
            arrival = moving.Arrival(
                accepted=accepted, rejected=rejected, lost=lost, **values | fields
            )
            return moving.receive(
                sharing_request=request, arrival=arrival, by=sides.receiver, now=now
            )

        def close(self, request):
            return moving.close(sharing_request=request, by=sides.sender, now=now)

        def to(self, lot, state, quantity=20):
            """A request of so many packs in this state."""
            request = ask(lot, quantity)
            for name, step in (
                ("requested", None),
                ("approved", self.approve),
                ("signed", self.sign),
                ("underway", self.dispatch),
                ("finished", self.receive),
                ("closed", self.close),
            ):
                if step:
                    step(request)
                    request.refresh_from_db()
                if name == state:
                    return request
            raise AssertionError(state)

    return Steps()


@pytest.fixture
def at(client, sides):
    """Open or send a page as a person of a side: at(person, name, pk, post fields)."""

    def go(person, name, *arguments, data=None, institution=None):
        client.force_login(person)
        house = institution or (
            sides.owner if person.username.startswith("sender") else sides.borrower
        )
        path = reverse(name, args=[house.slug, *arguments])
        if data is None:
            return client.get(path)
        return client.post(path, {"idempotency_key": f"key-{abs(hash(str(data))):012d}"} | data)

    return go
