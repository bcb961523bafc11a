"""What ends by itself: holds, unanswered requests, counter-offers and extensions."""

from contextlib import suppress
from datetime import datetime

from django.db import transaction
from django.db.models import BigIntegerField, DateTimeField, Q

from medshare_portal.db.prepared import Bind, Prepared
from scheduling.actions._lock import REASON, lock_request, lock_to_decide
from scheduling.actions._move import IllegalTransition, change_times, move
from scheduling.models import SharingRequest, TimeChange
from scheduling.states import ChangeKind, ChangeStatus, LapseReason, Side, State
from scheduling.workflow import RUNNING

UNANSWERED = {
    State.REQUESTED: LapseReason.TOO_SLOW,
    State.COUNTERED: LapseReason.NOT_TAKEN_UP,
}
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
    """End holds past their time; with ``by`` also that person's running holds on the resource,
    but not a place that the wait-list offers."""
    if resource is not None and not _to_lapse(resource, by, now):
        return 0
    holds = SharingRequest.objects.everywhere(reason=REASON).filter(state=State.HELD)
    if resource is not None:
        holds = holds.filter(resource=resource)
    own = holds.form_holds().filter(created_by=by) if by is not None else holds.none()
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


def lapse_extensions(*, now: datetime) -> int:
    """End extensions that nobody answered when the old end has come: it stays."""
    unanswered = Q(due_at__isnull=True) | Q(due_at__lte=now)
    rows = (
        TimeChange.objects.everywhere(reason=REASON)
        .filter(kind=ChangeKind.EXTENSION, status=ChangeStatus.PENDING)
        .filter(Q(unanswered, old_ends_at__lte=now) | ~Q(sharing_request__state__in=RUNNING))
    )
    found = rows.select_related("sharing_request").order_by("pk")
    return sum(_lapse_extension(change, now) for change in found)


def _lapse_extension(change: TimeChange, now: datetime) -> bool:
    """An answer that is given at the same moment stays."""
    with transaction.atomic():
        fresh = lock_request(change.sharing_request)
        pending = TimeChange.objects.of(fresh).filter(pk=change.pk, status=ChangeStatus.PENDING)
        if not pending.update(status=ChangeStatus.LAPSED, decided_at=now):
            return False
        change_times(fresh, "lapse_extension", side=Side.SYSTEM, by=None, now=now)
    return True


def _lapse(rows, now: datetime) -> int:
    """A row that somebody moves at the same moment keeps that move."""
    done = 0
    for row in rows:
        with suppress(IllegalTransition), transaction.atomic():
            if row.basket_id is not None:  # the others end with it
                lock_to_decide([row.resource_id])
            move(row, "lapse", side=Side.SYSTEM, by=None, now=now, due_at=None, **_why(row))
            done += 1
    return done


def _why(row: SharingRequest) -> dict[str, str]:
    """Whose time ran out; a hold was asked of nobody."""
    reason = UNANSWERED.get(row.state)
    return {"reason_code": reason.value, "decision_code": reason.value} if reason else {}


def _related(rows):
    related = ("resource", "owner", "borrower", "created_by", "basket")
    return rows.select_related(*related).order_by("pk")
