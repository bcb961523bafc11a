"""A series between the two marked institutions, two of its dates in conflict."""

from datetime import datetime, timedelta

from demo.canary_requests import log, request_for
from medshare_portal.roles import Role
from scheduling.models import Series
from scheduling.states import State

# In how many days: where a booking of the borrower is, nothing, a block of the owner.
DAYS = (11, 30, 40)


def plant_series(owner, borrower, now: datetime) -> None:
    """``borrower`` asks for a device of ``owner`` on three dates: what is in the way of two of
    them, each side may read as far as it is its own."""
    sent_at = now - timedelta(days=10)
    device, offer = owner.devices[0], owner.offers[0]
    series = borrower.marked(
        Series,
        resource=device,
        owner=owner.institution,
        borrower=borrower.institution,
        kind=device.kind,
        created_at=sent_at,
        created_by=borrower.people[Role.COORDINATOR],
        counted_from=sent_at,
    )
    series.save()
    for days in DAYS:
        starts_at = now + timedelta(days=days)
        row = request_for(
            owner, borrower, device, offer, State.REQUESTED, now, starts_at, series=series
        )
        log(owner, borrower, row, ("ask",), now)
