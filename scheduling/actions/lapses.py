"""What ends by itself: holds, unanswered requests and counter-offers."""

from contextlib import suppress
from datetime import datetime

from django.db import transaction
from django.db.models import BigIntegerField, DateTimeField

from medshare_portal.db.prepared import Bind, Prepared
from scheduling.actions._lock import REASON
from scheduling.actions._move import IllegalTransition, move
from scheduling.models import SharingRequest
from scheduling.states import Side, State

HOLDS = Prepared(
    lambda: (
        SharingRequest.objects.everywhere(reason=REASON)
        .holding_capacity()
        .filter(
            resource=Bind("resource", BigIntegerField()),
            blocked_until__gt=Bind("now", DateTimeField()),
            state=State.HELD,
        )
        .values_list("created_by", "hold_expires_at")
    )
)


def lapse_holds(*, now: datetime, resource=None, by=None) -> int:
    """End holds past their time; with ``by`` also that person's running holds on the resource."""
    if resource is not None and not _to_lapse(resource, by, now):
        return 0
    holds = SharingRequest.objects.everywhere(reason=REASON).filter(state=State.HELD)
    if resource is not None:
        holds = holds.filter(resource=resource)
    own = holds.filter(created_by=by) if by is not None else holds.none()
    expired = holds.filter(hold_expires_at__lte=now)
    found = {row.pk: row for row in [*_related(expired), *_related(own)]}
    return _lapse(found.values(), now)


def _to_lapse(resource, by, now: datetime) -> bool:
    """Whether such holds stand in the way of the resource; mostly none does."""
    return any(
        expires_at <= now or (by is not None and created_by == by.pk)
        for created_by, expires_at in HOLDS.rows(resource=resource.pk, now=now)
    )


def lapse_unanswered(*, now: datetime) -> int:
    """End requests whose start has passed undecided, and counter-offers past their answer time."""
    rows = SharingRequest.objects.everywhere(reason=REASON)
    passed = rows.filter(state=State.REQUESTED, starts_at__lte=now)
    unanswered = rows.filter(state=State.COUNTERED, due_at__lte=now)
    found = [*_related(passed), *_related(unanswered)]
    return _lapse(found, now)


def _lapse(rows, now: datetime) -> int:
    """A row that somebody moves at the same moment keeps that move."""
    done = 0
    for row in rows:
        with suppress(IllegalTransition), transaction.atomic():
            move(row, "lapse", side=Side.SYSTEM, by=None, now=now, due_at=None)
            done += 1
    return done


def _related(rows):
    return rows.select_related("resource", "owner", "borrower", "created_by").order_by("pk")
