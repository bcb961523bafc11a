"""What becomes of a basket: complete when everything is approved, released when one item ends.

A move of an item only marks the basket (``follow``); the other items are released in a transaction
of their own, which locks all their resources in order – at once after the move, and by the job
where that was cut short.  Until then the mark keeps every item from going on.
"""

import logging
from contextlib import suppress
from datetime import datetime
from functools import partial

from django.db import OperationalError, transaction
from django.utils.translation import gettext_lazy as _

from medshare_portal import audit
from medshare_portal.refusals import Refusal
from medshare_portal.roles import Permission
from scheduling import after_moves, basket_notices
from scheduling.actions._basket import GOES_ON, BasketUndone, lock_basket
from scheduling.actions._lock import REASON, lock_resource, require
from scheduling.actions._move import IllegalTransition, move
from scheduling.basket_states import IN_A_BASKET, BasketState, Together, Undone
from scheduling.models import Basket, SharingRequest
from scheduling.states import Side, State

logger = logging.getLogger(__name__)
STILL_OURS = (*State.PENDING, State.APPROVED.value)  # what a release ends
ENDED_SO = {
    State.DECLINED: Undone.DECLINED,
    State.WITHDRAWN: Undone.WITHDRAWN,
    State.LAPSED: Undone.LAPSED,
    State.CANCELLED: Undone.CANCELLED,
    State.NO_SHOW: Undone.NO_SHOW,
}


class BasketOver(Refusal):
    """Complete, released, or not all-or-nothing."""

    message = _("This basket cannot be taken back any more: see each item.")
    status = 409


@after_moves.register
def follow(*, sharing_request: SharingRequest, transition: str, by, now: datetime) -> None:
    """After a move of an item, in its transaction.  Raises BasketUndone when the basket came to
    nothing at the same moment."""
    if sharing_request.basket_id is None:
        return
    basket = lock_basket(sharing_request.basket_id)
    if basket.state in BasketState.UNDONE and sharing_request.state in GOES_ON:
        raise BasketUndone
    settle(basket, by=by, now=now, moved=sharing_request)


def settle(basket: Basket, *, by, now: datetime, moved: SharingRequest | None = None) -> None:
    """Complete or undone, as far as its items say so.  The basket is locked by the caller."""
    if basket.state != BasketState.OPEN:
        return
    ended = ENDED_SO.get(State(moved.state)) if moved else None
    if basket.all_or_nothing and ended:
        _undo(basket, ended, by=by, now=now, item=moved)
    elif not _waiting(basket).exists():
        _complete(basket, by=by, now=now, moved=moved)


def _items(basket: Basket):
    return SharingRequest.objects.everywhere(reason=REASON).filter(basket=basket)


def _waiting(basket: Basket):
    """Items that keep it from being complete."""
    if basket.all_or_nothing:
        return _items(basket).exclude(state=State.APPROVED)
    return _items(basket).filter(state__in=State.PENDING)


def _set(basket: Basket, **columns) -> None:
    columns["version"] = basket.version + 1
    rows = Basket.objects.everywhere(reason=REASON).filter(pk=basket.pk)
    rows.update(**columns)
    for name, value in columns.items():
        setattr(basket, name, value)


def _complete(basket: Basket, *, by, now: datetime, moved: SharingRequest | None) -> None:
    _set(basket, state=BasketState.COMPLETE.value, ended_at=now)
    if basket.all_or_nothing:
        basket_notices.tell_complete(basket, _related(_items(basket)), by=by, now=now)
    else:
        basket_notices.tell_borrower("basket-answered", basket, by=by, now=now)
    _record(basket, "complete", by=by, now=now, moved=moved)


def _undo(basket: Basket, why: Undone, *, by, now: datetime, item=None) -> None:
    """Mark it; everything else follows in a transaction of its own."""
    _set(
        basket,
        state=BasketState.FALLING.value,
        undone_because=why.value,
        undone_by=item,
    )
    _record(basket, "undo", by=by, now=now, moved=item)
    transaction.on_commit(partial(_release_soon, basket.pk, now))


def _record(basket: Basket, step: str, *, by, now: datetime, moved) -> None:
    """In the chains that the item's own event goes into, so that no further one is locked."""
    chains = {basket.borrower.slug} | ({moved.owner.slug} if moved else set())
    facts = {"items": basket.item_count, "why": basket.undone_because}
    audit.record(chains=chains, by=by, action=f"basket.{step}", obj=basket, now=now, data=facts)


def _release_soon(pk: int, now: datetime) -> None:
    """At once where that goes; the job comes after it in any case."""
    try:
        release(pk, now=now)
    except (Refusal, OperationalError) as error:
        logger.info("basket %s is left to the job: %s", pk, type(error).__name__)


def release(pk: int, *, now: datetime) -> bool:
    """End every item of a basket that came to nothing: all of them, or none is changed yet.

    Safe at any time and twice at once; False when there is nothing to release.
    """
    with transaction.atomic():
        basket, items = _locked(pk)
        if basket.state != BasketState.FALLING:
            return False
        _release(basket, items, now)
    return True


def _locked(pk: int) -> tuple[Basket, list[SharingRequest]]:
    """The basket and what is left of its items: resources, then requests, then the basket."""
    rows = SharingRequest.objects.everywhere(reason=REASON).filter(basket=pk)
    for resource in sorted(set(rows.values_list("resource_id", flat=True))):
        lock_resource(resource)
    left = rows.filter(state__in=STILL_OURS).select_for_update(of=("self",)).order_by("pk")
    items = list(_related(left))
    basket = lock_basket(pk)
    for item in items:
        item.basket = basket
    return basket, items


def _release(basket: Basket, items: list[SharingRequest], now: datetime) -> None:
    audit.lock_chains({basket.borrower.slug} | {item.owner.slug for item in items})
    for item in items:
        booked = item.state == State.APPROVED
        move(
            item,
            "release_booking" if booked else "release",
            side=Side.SYSTEM,
            by=None,
            now=now,
            reason_code=IN_A_BASKET,
            due_at=None,
            **({"decision_code": IN_A_BASKET} if booked else {}),
        )
    _set(basket, state=BasketState.RELEASED.value, ended_at=now)
    basket_notices.tell_borrower("basket-released", basket, by=None, now=now)


def _related(rows):
    return rows.select_related("resource__site", "owner", "borrower", "created_by")


def take_back(*, basket: Basket, by, now: datetime) -> Basket:
    """The borrower gives it up before it is complete.  Raises NotYours, BasketOver."""
    fresh, items = _locked(basket.pk)
    for kind in sorted({item.kind for item in items}):
        require(by=by, institution=fresh.borrower, permission=Permission.ASK, kind=kind)
    if not fresh.all_or_nothing or fresh.state != BasketState.OPEN:
        raise BasketOver
    audit.lock_chains({fresh.borrower.slug} | {item.owner.slug for item in items})
    _set(
        fresh,
        state=BasketState.FALLING.value,
        undone_because=Undone.TAKEN_BACK.value,
    )
    _record(fresh, "undo", by=by, now=now, moved=None)
    _release(fresh, items, now)
    return fresh


def settle_all(*, now: datetime) -> int:
    """The job: what is not complete in time comes to nothing; what came to nothing is released."""
    open_ones = Basket.objects.everywhere(reason=REASON).filter(
        state=BasketState.OPEN, together=Together.ALL, deadline_at__lte=now
    )
    for pk in open_ones.order_by("pk").values_list("pk", flat=True):
        _expire(pk, now)
    falling = Basket.objects.everywhere(reason=REASON).filter(state=BasketState.FALLING)
    done = 0
    for pk in list(falling.order_by("pk").values_list("pk", flat=True)):
        with suppress(IllegalTransition):
            done += release(pk, now=now)
    return done


def _expire(pk: int, now: datetime) -> None:
    with transaction.atomic():
        basket = lock_basket(pk)
        if basket.state == BasketState.OPEN and basket.deadline_at <= now:
            _undo(basket, Undone.DEADLINE, by=None, now=now)
