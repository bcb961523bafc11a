"""What a basket forbids to the requests in it, and its row under lock."""

from django.utils.translation import gettext_lazy as _

from medshare_portal.refusals import Refusal
from scheduling.actions._lock import REASON
from scheduling.basket_states import BasketState
from scheduling.models import Basket
from scheduling.states import State

GOES_ON = (State.APPROVED, State.COUNTERED, State.UNDERWAY)
TERMS = ("starts_at", "ends_at", "units", "quantity")


class WaitsForBasket(Refusal):
    """All or nothing: no item leaves before every item is approved."""

    message = _(
        "This is part of an all-or-nothing basket: it is handed over once everything in it is "
        "approved."
    )
    status = 409


class BasketUndone(Refusal):
    """Another item ended, or the time is over: this one was released with the basket."""

    message = _("The basket of this request has come to nothing: everything in it is released.")
    status = 409


class OnlyWhole(Refusal):
    """A part of an item would be neither all nor nothing."""

    message = _(
        "This is part of an all-or-nothing basket: approve all that was asked for, or decline. "
        "Where the kind knows it, a counter-offer is possible."
    )
    status = 422


class StaysWhole(Refusal):
    """Nor is anything taken off an approved item while the others wait."""

    message = _(
        "This is part of an all-or-nothing basket that waits for answers: nothing is taken off it. "
        "If it cannot be kept, cancel it; then everything in the basket is released."
    )
    status = 409


def lock_basket(pk: int) -> Basket:
    """The basket as it is now.  Locked after resources and requests, before the audit chains."""
    rows = Basket.objects.everywhere(reason=REASON).select_for_update(of=("self",))
    return rows.select_related("borrower", "created_by").get(pk=pk)


def must_allow(sharing_request, step, changes: dict) -> None:
    """Raises WaitsForBasket, BasketUndone or OnlyWhole; a request without a basket is free."""
    if sharing_request.basket_id is None:
        return
    basket = sharing_request.basket
    if step.target in GOES_ON and basket.state == BasketState.RELEASED:
        raise BasketUndone
    if step.target == State.UNDERWAY:
        must_be_complete(sharing_request)
    if step.name == "approve" and basket.all_or_nothing and _is_less(sharing_request, changes):
        raise OnlyWhole


def must_stay_whole(sharing_request, changes: dict) -> None:
    """New times or terms of what was approved.  Raises StaysWhole."""
    if sharing_request.basket_id is None or sharing_request.state != State.APPROVED:
        return
    if sharing_request.basket.answers_until and _is_taken_off(sharing_request, changes):
        raise StaysWhole


def must_be_complete(sharing_request) -> None:
    """Before anything leaves.  Raises WaitsForBasket."""
    if sharing_request.basket_id is not None and sharing_request.basket.holds_back:
        raise WaitsForBasket


def _is_less(sharing_request, changes: dict) -> bool:
    return any(
        name in changes and changes[name] != getattr(sharing_request, name) for name in TERMS
    )


def _is_taken_off(sharing_request, changes: dict) -> bool:
    less = [
        name in changes and changes[name] < getattr(sharing_request, name)
        for name in ("ends_at", "units", "quantity")
    ]
    starts_at = sharing_request.starts_at
    return any(less) or (starts_at is not None and changes.get("starts_at", starts_at) > starts_at)
