"""What becomes of a basket: complete when everything is approved, released when one item ends.

Both happen in the transaction of the move that causes it.  Whoever decides on a resource has
locked the resources of the baskets that hang on it (``_lock.lock_to_decide``), so the release
finds its locks held and nobody ever sees half of an all-or-nothing basket.
"""

from contextlib import suppress
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from medshare_portal import audit
from medshare_portal.refusals import Refusal
from medshare_portal.roles import Permission
from scheduling import after_moves, basket_notices
from scheduling.actions._basket import GOES_ON, BasketUndone, lock_basket
from scheduling.actions._lock import REASON, lock_all, require
from scheduling.actions._move import IllegalTransition, move
from scheduling.basket_states import IN_A_BASKET, BasketState, Together, Undone
from scheduling.models import Basket, SharingRequest
from scheduling.states import Side, State

STILL_OURS = (*State.PENDING, State.APPROVED.value)  # what a release ends
ENDED_SO = {
    State.DECLINED: Undone.DECLINED,
    State.WITHDRAWN: Undone.WITHDRAWN,
    State.LAPSED: Undone.LAPSED,
    State.CANCELLED: Undone.CANCELLED,
    State.NO_SHOW: Undone.NO_SHOW,
}
RELEASES = ("release", "release_booking")  # steps of an item that follow its basket


class BasketOver(Refusal):
    """Complete, released, or not all-or-nothing."""

    message = _("This basket cannot be taken back any more: see each item.")
    status = 409


@after_moves.register
def follow(*, sharing_request: SharingRequest, transition: str, by, now: datetime) -> None:
    """After a move of an item, in its transaction.  Raises BasketUndone when the basket came to
    nothing at the same moment."""
    if sharing_request.basket_id is None or transition in RELEASES:
        return
    basket, ended = sharing_request.basket, ENDED_SO.get(State(sharing_request.state))
    if ended and basket.all_or_nothing:
        if basket.state == BasketState.OPEN:
            _come_to_nothing(basket.pk, ended, by=by, now=now, item=sharing_request)
        return
    basket = lock_basket(basket.pk)
    if basket.state == BasketState.RELEASED and sharing_request.state in GOES_ON:
        raise BasketUndone
    settle(basket, by=by, now=now, moved=sharing_request)


def settle(basket: Basket, *, by, now: datetime, moved: SharingRequest | None = None) -> None:
    """Complete, as far as its items say so.  The basket is locked by the caller."""
    if basket.state == BasketState.OPEN and not _waiting(basket).exists():
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
        items = _related(_items(basket).order_by("pk"))
        basket_notices.tell_complete(basket, items, by=by, now=now)
    else:
        basket_notices.tell_borrower("basket-answered", basket, by=by, now=now)
    _record(basket, "complete", by=by, now=now, moved=moved)


def _record(basket: Basket, step: str, *, by, now: datetime, moved) -> None:
    """In the chains that the item's own event goes into, so that no further one is locked."""
    chains = {basket.borrower.slug} | ({moved.owner.slug} if moved else set())
    facts = {"items": basket.item_count, "why": basket.undone_because}
    audit.record(chains=chains, by=by, action=f"basket.{step}", obj=basket, now=now, data=facts)


def _come_to_nothing(pk: int, why: Undone, *, by, now: datetime, item=None) -> bool:
    """End every item of an open basket; False when it is open no more."""
    basket, left = _locked(pk)
    if basket.state != BasketState.OPEN:
        return False
    _end(basket, left, why, by=by, now=now, item=item)
    return True


def _locked(pk: int) -> tuple[Basket, list[SharingRequest]]:
    """The basket and what is left of its items: resources, then requests, then the basket."""
    rows = SharingRequest.objects.everywhere(reason=REASON).filter(basket=pk)
    lock_all(set(rows.values_list("resource_id", flat=True)))
    left = rows.filter(state__in=STILL_OURS).select_for_update(of=("self",)).order_by("pk")
    items = list(_related(left))
    basket = lock_basket(pk)
    for item in items:
        item.basket = basket
    return basket, items


def _end(basket: Basket, left: list[SharingRequest], why: Undone, *, by, now, item=None) -> None:
    audit.lock_chains({basket.borrower.slug, *_owners(basket)})
    for one in left:
        move(
            one,
            "release_booking" if one.state == State.APPROVED else "release",
            side=Side.SYSTEM,
            by=None,
            now=now,
            reason_code=IN_A_BASKET,
            decision_code=IN_A_BASKET,
            due_at=None,
        )
    _set(
        basket,
        state=BasketState.RELEASED.value,
        undone_because=why.value,
        undone_by=item,
        ended_at=now,
    )
    _record(basket, "undo", by=by, now=now, moved=item)
    taken_back_by = by if item is None else None  # who ends one item hears what it led to
    basket_notices.tell_borrower("basket-released", basket, by=taken_back_by, now=now)


def _owners(basket: Basket) -> set[str]:
    return set(_items(basket).values_list("owner__slug", flat=True))


def _related(rows):
    return rows.select_related("resource__site", "owner", "borrower", "created_by")


def take_back(*, basket: Basket, by, now: datetime) -> Basket:
    """The borrower gives it up before it is complete: who sent it, or whoever may ask for all
    that is in it.  Raises NotYours, BasketOver."""
    fresh, left = _locked(basket.pk)
    sent_by_others = fresh.created_by_id != by.pk
    for kind in sorted({item.kind for item in left}) if sent_by_others else [None]:
        require(by=by, institution=fresh.borrower, permission=Permission.ASK, kind=kind)
    if not fresh.all_or_nothing or fresh.state != BasketState.OPEN:
        raise BasketOver
    _end(fresh, left, Undone.TAKEN_BACK, by=by, now=now)
    return fresh


def settle_all(*, now: datetime) -> int:
    """The job: what is not complete in time comes to nothing; returns how many did."""
    late = Basket.objects.everywhere(reason=REASON).filter(
        state=BasketState.OPEN, together=Together.ALL, deadline_at__lte=now
    )
    done = 0
    for pk in list(late.order_by("pk").values_list("pk", flat=True)):
        with suppress(IllegalTransition), transaction.atomic():
            done += _come_to_nothing(pk, Undone.DEADLINE, by=None, now=now)
    return done
