"""A draft basket: lines are put in, changed and taken out; colleagues put theirs into one."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from medshare_portal import audit, policy
from medshare_portal.refusals import Refusal
from medshare_portal.roles import Permission
from resources.models import Resource
from scheduling import basket_notices
from scheduling.actions._basket import lock_basket
from scheduling.actions._lock import NotYours, require
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


class NotShared(Refusal):
    message = _("This basket is not open to colleagues.")
    status = 409


class NothingToPutIn(Refusal):
    message = _("There is nothing of yours to put in.")
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
    """Add a line to the person's draft, or give ``line`` other words: then the person asks for it.
    Claims nothing yet.

    ``typed`` is what was sent with the form of the resource's kind, checked by that form.
    Raises BasketFull, BasketSent, OwnResource, NotYours.
    """
    require(by=by, institution=borrower, permission=Permission.ASK, kind=resource.kind)
    if resource.institution_id == borrower.pk:
        raise OwnResource
    draft = lock_basket(line.basket_id) if line else _draft(borrower, by, now)
    if draft.state != BasketState.DRAFT:
        raise BasketSent
    if line is not None and by.pk not in (draft.created_by_id, line.added_by_id):
        raise NotYours
    if line is None:
        if BasketLine.objects.of(draft).count() >= most_items():
            raise BasketFull(most_items())
        line = BasketLine(basket=draft, resource=resource, added_at=now)
    line.typed, line.added_by = typed, by
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
    """Remove a line of one's own, or of one's own draft.  Raises BasketSent, NotYours."""
    draft = lock_basket(line.basket_id)
    if draft.state != BasketState.DRAFT:
        raise BasketSent
    if by.pk not in (draft.created_by_id, line.added_by_id):
        raise NotYours
    BasketLine.objects.of(draft).filter(pk=line.pk).delete()
    changed(draft)


def share(
    *, basket: Basket, still_needed: str, colleagues: Collection, by, now: datetime
) -> Basket:
    """Open one's own draft to colleagues, of whom these are told; again with other words or more
    people as often as one likes.  Raises BasketSent, NotYours."""
    require(by=by, institution=basket.borrower, permission=Permission.ASK, kind=None)
    draft = lock_basket(basket.pk)
    if draft.state != BasketState.DRAFT or draft.created_by_id != by.pk:
        raise BasketSent
    draft.shared_at, draft.still_needed = draft.shared_at or now, still_needed
    draft.save(update_fields=["shared_at", "still_needed"])
    _record(
        draft,
        "share",
        by=by,
        now=now,
        data={"told": ", ".join(sorted(str(one) for one in colleagues))},
    )
    basket_notices.ask_colleagues(draft, colleagues, by=by, now=now)
    return draft


def unshare(*, basket: Basket, by, now: datetime) -> Basket:
    """Close one's own draft to colleagues again; what they put in stays.  Raises BasketSent,
    NotShared."""
    draft = lock_basket(basket.pk)
    if draft.state != BasketState.DRAFT or draft.created_by_id != by.pk:
        raise BasketSent
    if draft.shared_at is None:
        raise NotShared
    draft.shared_at, draft.still_needed = None, ""
    draft.save(update_fields=["shared_at", "still_needed"])
    _record(draft, "unshare", by=by, now=now, data={})
    return draft


def put_in(*, source: Basket, target: Basket, by, now: datetime) -> int:
    """Move what one put into one's own draft to a colleague's; returns how many lines.

    Both drafts are locked, the lower key first.  Raises BasketSent, NotShared, NothingToPutIn,
    BasketFull.
    """
    drafts = {pk: lock_basket(pk) for pk in sorted({source.pk, target.pk})}
    mine, theirs = drafts[source.pk], drafts[target.pk]
    if {mine.state, theirs.state} != {BasketState.DRAFT}:
        raise BasketSent
    if mine.created_by_id != by.pk or theirs.borrower_id != mine.borrower_id:
        raise NotYours
    if theirs.shared_at is None or theirs.created_by_id == by.pk:
        raise NotShared
    lines = BasketLine.objects.of(mine).filter(added_by=by)
    number = lines.count()
    if not number:
        raise NothingToPutIn
    if BasketLine.objects.of(theirs).count() + number > most_items():
        raise BasketFull(most_items())
    lines.update(basket=theirs)
    changed(mine)
    changed(theirs)
    _record(theirs, "put_in", by=by, now=now, data={"items": number})
    basket_notices.tell_of_new_lines(theirs, by=by, now=now)
    return number


def _record(draft: Basket, step: str, *, by, now: datetime, data: dict) -> None:
    audit.record(
        chains=[draft.borrower.slug], by=by, action=f"basket.{step}", obj=draft, now=now, data=data
    )


def changed(draft: Basket) -> None:
    """Another version: a page that showed the lines before does not send them."""
    rows = Basket.objects.drafts_of(draft.borrower_id, draft.created_by_id)
    rows.filter(pk=draft.pk).update(version=F("version") + 1)
