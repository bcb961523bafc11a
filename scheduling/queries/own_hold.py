"""What is held already for what somebody asks, and therefore not in its way."""

from datetime import datetime

from django.db.models import BigIntegerField, DateTimeField, F

from medshare_portal.db.prepared import Bind, Prepared
from resources.models import Resource
from scheduling.models import SharingRequest
from scheduling.states import State

HELD = Prepared(
    lambda: (
        SharingRequest.objects.borrowed_by(Bind("institution", BigIntegerField()))
        .holding_capacity()
        .filter(
            resource=Bind("unit", BigIntegerField()),
            state=State.HELD,
            hold_expires_at__gt=Bind("now", DateTimeField()),
        )
        .annotate(place_of=F("waitlist_entry"))  # who waits; empty of a hold of a form
        .order_by("-pk")
    )
)


def own_hold(resource: Resource, borrower, *, wished, by, now: datetime) -> SharingRequest | None:
    """The place of the wait-list in which the wish (or the terms) lies, whoever of ours waited for
    it; else what ``by`` holds while a form is filled, for whatever time.

    A place is never used up by a wish for another time.
    """
    held = HELD.instances(institution=borrower.pk, unit=resource.pk, now=now)
    places = [one for one in held if one.place_of is not None and covers(one, wished)]
    own = [one for one in held if one.place_of is None and one.created_by_id == by.pk]
    return next(iter([*places, *own]), None)


def covers(held: SharingRequest, wished) -> bool:
    """Whether all of the wish is held."""
    within = held.starts_at <= wished.starts_at and wished.ends_at <= held.ends_at
    return within and wished.units <= held.units


def meets(held: SharingRequest, wished) -> bool:
    """Whether something of the wish is held."""
    return held.starts_at < wished.ends_at and wished.starts_at < held.ends_at
