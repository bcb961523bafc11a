"""A draft basket: lines are put in, changed and taken out by the person whose it is."""

from datetime import datetime

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from medshare_portal import policy
from medshare_portal.refusals import Refusal
from medshare_portal.roles import Permission
from resources.models import Resource
from scheduling.actions._basket import lock_basket
from scheduling.actions._lock import require
from scheduling.basket_states import BasketState
from scheduling.models import Basket, BasketLine


class BasketFull(Refusal):
    """More than one message may carry (policy pack: ``basket.most_items``)."""

    message = _("A basket holds at most %(most)s items. Send this one first, then begin another.")
    status = 422

    def __init__(self, most: int):
        super().__init__(str(self.message) % {"most": most})


class BasketSent(Refusal):
    """The draft was sent before, from another page."""

    message = _("This basket has been sent already.")
    status = 409


class OwnResource(Refusal):
    message = _("You own this resource.")
    status = 422


def most_items() -> int:
    return policy.current().basket.most_items


def put(
    *,
    borrower,
    resource: Resource,
    typed: dict[str, list[str]],
    by,
    now: datetime,
    line: BasketLine | None = None,
) -> BasketLine:
    """Add a line to the person's draft, or give ``line`` other words.  Claims nothing yet.

    ``typed`` is what was sent with the form of the resource's kind, checked by that form.
    Raises BasketFull, BasketSent, OwnResource, NotYours.
    """
    require(by=by, institution=borrower, permission=Permission.ASK, kind=resource.kind)
    if resource.institution_id == borrower.pk:
        raise OwnResource
    draft = lock_basket(line.basket_id) if line else _draft(borrower, by, now)
    if draft.state != BasketState.DRAFT:
        raise BasketSent
    if line is None:
        if BasketLine.objects.of(draft).count() >= most_items():
            raise BasketFull(most_items())
        line = BasketLine(basket=draft, resource=resource, added_at=now)
    line.typed = typed
    line.save()
    changed(draft)
    return line


def _draft(borrower, by, now: datetime) -> Basket:
    """The person's draft under lock; the first line makes it."""
    drafts = Basket.objects.drafts_of(borrower, by)
    found, _made = drafts.get_or_create(
        borrower=borrower,
        created_by=by,
        state=BasketState.DRAFT,
        defaults={"created_at": now},
    )
    return lock_basket(found.pk)


def take_out(*, line: BasketLine, by, now: datetime) -> None:
    """Remove a line of one's own draft.  Raises BasketSent."""
    draft = lock_basket(line.basket_id)
    if draft.state != BasketState.DRAFT or draft.created_by_id != by.pk:
        raise BasketSent
    BasketLine.objects.of(draft).filter(pk=line.pk).delete()
    changed(draft)


def changed(draft: Basket) -> None:
    """Another version: a page that showed the lines before does not send them."""
    rows = Basket.objects.drafts_of(draft.borrower_id, draft.created_by_id)
    rows.filter(pk=draft.pk).update(version=F("version") + 1)
