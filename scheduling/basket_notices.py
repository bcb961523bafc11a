"""What people are told about a basket as a whole; about each item the workflow's notices say it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from medshare_portal.bilingual import in_both
from medshare_portal.local_times import describe_moment
from medshare_portal.models import Notification
from medshare_portal.notices import Notice, queue_for, registry
from scheduling import notices
from scheduling.models import Basket, SharingRequest
from scheduling.states import Side, State

REASON = "a notice that was just queued says more"
OF_BASKET = _("Basket %(reference)s")
ONE_OF = _("One of %(items)s items of basket %(reference)s, each answered alone.")
ONE_OF_ALL = _(
    "One of %(items)s items of the all-or-nothing basket %(reference)s: all are released unless "
    "every owner has approved by %(until)s."
)


@dataclass(frozen=True)
class BasketNotice(Notice):
    """Told to who sent the basket; its page says the rest."""

    code: str
    label: Promise
    subject: Promise
    body: Promise
    urgent: bool = False

    def url(self, notification) -> str:
        slug = notification.institution.slug
        return reverse("scheduling:basket-detail", args=[slug, notification.object_id])


@dataclass(frozen=True)
class DraftNotice(BasketNotice):
    """Told to colleagues of one house while the basket is a draft."""

    def url(self, notification) -> str:
        slug = notification.institution.slug
        return reverse("scheduling:basket-shared", args=[slug, notification.object_id])


NOTICES = (
    BasketNotice(
        "basket-complete",
        _("Our all-or-nothing basket is complete"),
        _("%(reference)s is complete: all %(items)s items are approved"),
        _("%(message)s Everything may be handed over now."),
    ),
    BasketNotice(
        "basket-answered",
        _("Every item of our basket is answered"),
        _("%(reference)s: all %(items)s items are answered"),
        _("%(message)s See what was approved."),
    ),
    BasketNotice(
        "basket-released",
        _("Our all-or-nothing basket came to nothing"),
        _("%(reference)s came to nothing: %(items)s items are released"),
        _("%(message)s Nothing of it is held any more. See why, and what else there is."),
        urgent=True,
    ),
    DraftNotice(
        "basket-invited",
        _("A colleague asks for my part of a basket"),
        _("%(who)s asks for your part of basket %(reference)s"),
        _("Still needed: %(needed)s Put in what you may ask for; %(who)s sends it."),
    ),
    DraftNotice(
        "basket-filled",
        _("A colleague put something into my basket"),
        _("%(who)s put something into your basket %(reference)s"),
        _("Look at it and send the basket when everything is in it."),
    ),
)
for _row in NOTICES:
    registry.add(_row.code, _row)


def tell_borrower(code: str, basket: Basket, *, by, now: datetime) -> None:
    """Tell who sent it and who asked for an item of it, except the person who did this."""
    items = SharingRequest.objects.borrowed_by(basket.borrower).filter(basket=basket)
    people = {basket.created_by_id, *items.values_list("created_by", flat=True)}
    queue_for(
        registry[code],
        people=sorted(people - {by.pk if by else None}),
        institution=basket.borrower,
        event_key=f"{code}:{basket.pk}",
        context={
            "reference": basket.reference,
            "items": basket.item_count,
            "message": basket.message,
        },
        now=now,
        object_id=basket.pk,
    )


def ask_colleagues(draft: Basket, people: Iterable, *, by, now: datetime) -> None:
    """Ask these people for their part."""
    _tell_of_draft("basket-invited", draft, [one.pk for one in people], by=by, now=now)


def tell_of_new_lines(draft: Basket, *, by, now: datetime) -> None:
    """Tell who puts the basket together that somebody added to it."""
    _tell_of_draft("basket-filled", draft, [draft.created_by_id], by=by, now=now)


def _tell_of_draft(code: str, draft: Basket, people: list[int], *, by, now: datetime) -> None:
    queue_for(
        registry[code],
        people=people,
        institution=draft.borrower,
        event_key=f"{code}:{draft.pk}:{now.isoformat()}",
        context={"who": str(by), "reference": draft.reference, "needed": draft.still_needed},
        now=now,
        object_id=draft.pk,
    )


def tell_of_the_others(basket: Basket, *, now: datetime) -> None:
    """What its items have just told their owners says that they are of a basket, and until when an
    answer helps: that is known once all are asked."""
    items = SharingRequest.objects.borrowed_by(basket.borrower).filter(
        basket=basket, state=State.REQUESTED
    )
    note = in_both("note", lambda: _one_of(basket))
    for item in items.order_by("pk"):
        mark = notices.marked(item, lambda: str(OF_BASKET % {"reference": basket.reference}))
        told = Notification.objects.everywhere(reason=REASON).filter(
            event=notices.code_of(item, "ask"), object_id=item.pk, created_at=now
        )
        for context in told.values_list("context", flat=True)[:1]:
            told.update(context=context | mark | note)


def _one_of(basket: Basket) -> str:
    until, words = basket.answers_until, ONE_OF_ALL if basket.answers_until else ONE_OF
    facts = {"reference": basket.reference, "items": basket.item_count}
    return str(words % (facts | {"until": describe_moment(until) if until else ""}))


def tell_complete(basket: Basket, items: Iterable[SharingRequest], *, by, now: datetime) -> None:
    """Every owner learns that its item may be handed over; of the others it learns nothing."""
    tell_borrower("basket-complete", basket, by=by, now=now)
    for item in items:
        notices.send("basket-item-complete", item, now=now, key="", by=by, sides=(Side.OWNER,))
