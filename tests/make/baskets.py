"""A borrower who wants several things of several owners, and what it put into its basket."""

from datetime import datetime, timedelta
from types import SimpleNamespace

from django.db import transaction

from medshare_portal.models import Institution, User
from resources.models import Resource
from scheduling.actions import basket_sending, baskets
from scheduling.actions.basket_sending import Wanted
from scheduling.actions.requests import RequestTerms
from scheduling.basket_states import BasketState, Together
from scheduling.models import Basket, BasketLine
from tests.make.catalogue import equipment, offer
from tests.make.people import user
from tests.make.places import institution
from tests.make.requests import sharing_request

HOUR = timedelta(hours=1)


def basket_city(now: datetime, owners=("first", "second", "third"), **offered) -> SimpleNamespace:
    """One device on offer at each owner, who approves there, and somebody who asks."""
    borrower = institution("borrower")
    devices, approvers = [], []
    for slug in owners:
        owner = institution(slug)
        device = equipment(owner, last_safety_test=now.date())
        offer(device, now=now, **offered)
        devices.append(device)
        approvers.append(user(f"approver.{slug}", at=owner, roles=("approver", "coordinator")))
    return SimpleNamespace(
        borrower=borrower,
        asker=user("asker", at=borrower, roles=("coordinator", "pharmacist")),
        devices=devices,
        approvers=approvers,
        now=now,
    )


def loan(now: datetime, **changes) -> RequestTerms:
    """Tomorrow for a day, with values that pass every rule."""
    values = {
        "starts_at": now + 24 * HOUR,
        "ends_at": now + 48 * HOUR,
        "purpose": "A bed more for three days",
        "agreement_accepted": True,
    }
    return RequestTerms(**values | changes)


def basket_line(borrower: Institution, resource: Resource, by: User, *, now, typed=None):
    """A line in the person's draft; by itself it only says what of."""
    with transaction.atomic():
        return baskets.put(borrower=borrower, resource=resource, typed=typed or {}, by=by, now=now)


def shared(basket: Basket, *, by: User, now, needed="20 packs of heparin", people=()) -> Basket:
    """The draft, open to colleagues."""
    with transaction.atomic():
        return baskets.share(basket=basket, still_needed=needed, colleagues=people, by=by, now=now)


def draft(city: SimpleNamespace, resources=None) -> tuple[Basket, list[BasketLine]]:
    """The asker's draft with a line for each device."""
    lines = [
        basket_line(city.borrower, resource, city.asker, now=city.now)
        for resource in resources or city.devices
    ]
    return Basket.unscoped.get(pk=lines[0].basket_id), lines


def send_draft(city, basket: Basket, lines, *, terms=None, together=Together.ALL, **changes):
    """Send every line with these terms (a list, or one for all)."""
    terms = terms if isinstance(terms, list) else [terms or loan(city.now)] * len(lines)
    values = {
        "basket": basket,
        "wanted": [
            Wanted(line=line, resource=line.resource, terms=one)
            for line, one in zip(lines, terms, strict=True)
        ],
        "together": together,
        "version": basket.version,
        "deadline_at": city.now + 12 * HOUR if together == Together.ALL else None,
        "by": city.asker,
        "now": city.now,
    }
    with transaction.atomic():
        return basket_sending.send(**values | changes)


def sent_basket(city, *, together=Together.ALL, resources=None, **changes) -> tuple[Basket, list]:
    """A sent basket and its items, in the order of the devices."""
    basket = send_draft(city, *draft(city, resources), together=together, **changes)
    items = basket.items.select_related("resource", "owner", "borrower", "basket").order_by("pk")
    return basket, list(items)


def open_basket(
    resource: Resource, borrower: Institution, *, now: datetime, by: User | None = None, **fields
) -> Basket:
    """A sent basket with one undecided item, without the actions."""
    by = by or user(at=borrower, role="coordinator")
    made = Basket.unscoped.create(borrower=borrower, created_by=by, created_at=now)
    sharing_request(resource, borrower, by=by, now=now, basket=made)
    values = {
        "state": BasketState.OPEN,
        "together": Together.ALL,
        "item_count": 1,
        "sent_at": now,
        "deadline_at": now + 20 * HOUR,
    }
    Basket.unscoped.filter(pk=made.pk).update(**values | fields)
    made.refresh_from_db()
    return made
